// Where the body of a request ends: chunks, Content-Length, both, neither, and what never ends.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "suites/http_case.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

using End = wire::Conversation::End;
using wire::Message;

constexpr std::string_view chunked_line = "Transfer-Encoding: chunked\r\n";

// How a body is put in chunks (RFC 9112 section 7.1).
struct Chunks {
  std::size_t most = 0;  // bytes of a chunk; 0: all in one
  bool upper_case = false;
  int digits = 1;                        // of a size, at least
  std::string_view extension = {};       // after each size but the last
  std::string_view last = "0";           // the size of the last chunk, with its extension
  std::string_view trailers = {};        // lines
  std::string_view line = chunked_line;  // in the head
  std::string_view line_end = "\r\n";    // after a size
};

std::string size_of(std::size_t size, const Chunks& form) {
  return form.upper_case ? fmt::format("{:0{}X}", size, form.digits) : fmt::format("{:0{}x}", size, form.digits);
}

std::string in_chunks(std::string_view body, const Chunks& form) {
  std::string all;
  const std::size_t most = form.most == 0 ? std::max<std::size_t>(body.size(), 1) : form.most;
  for (; !body.empty(); body.remove_prefix(std::min(most, body.size()))) {
    const std::string_view data = body.substr(0, most);
    all.append(size_of(data.size(), form)).append(form.extension).append(form.line_end).append(data).append("\r\n");
  }
  return all.append(form.last).append(form.line_end).append(form.trailers).append("\r\n");
}

Put chunked(const Chunks& form) {
  return [form](const Message& m) { return with_length_lines(m.head, form.line) + in_chunks(m.body, form); };
}

struct Form {
  const char* name;
  const char* title;
  Chunks chunks;
};

// What every recipient must read (RFC 9112 sections 7.1 and 7.1.1), or refuse as a whole with 411 (section 6.3).
void add_chunked(const CaseBuilder& b, std::vector<Case>& cases) {
  for (const Form& form : {
           Form{"one_chunk", "a body in one chunk", {}},
           Form{"byte_a_chunk", "a body of one byte a chunk", {.most = 1}},
           Form{"seven_bytes_a_chunk", "a body of seven bytes a chunk", {.most = 7}},
           Form{"upper_case", "a chunk size in upper case", {.upper_case = true}},
           Form{"leading_zeros", "a chunk size with leading zeros", {.digits = 8}},
           Form{"last_of_zeros", "a last chunk of many zeros", {.last = "00000000"}},
           Form{"coding_in_upper_case", "the coding's name in upper case", {.line = "Transfer-Encoding: CHUNKED\r\n"}},
           Form{"field_in_lower_case", "the field's name in lower case", {.line = "transfer-encoding: chunked\r\n"}},
       }) {
    cases.push_back(
        accepted(b, fmt::format("http.chunked.{}", form.name), form.title, "http.chunked.read", chunked(form.chunks)));
  }
  Case character = CaseBuilder::start("http.chunked.within_character", "a chunk that ends within a character",
                                      "http.chunked.read", Kind::valid);
  const std::string session = b.token(character) + "\u00E9\U0001F600";
  b.accept(character, session, "\"" + session + "\"");
  character.any_form = true;
  character.speak = [](const std::vector<Message>& messages) {
    return in_one_write(chunked({.most = 1}))(messages.back());
  };
  cases.push_back(std::move(character));
  cases.push_back(http_case(b, "http.chunked.chunk_a_write", "chunks that come one by one", "http.chunked.read",
                            Kind::valid, [](const Message& m) {
                              const std::string head = with_length_lines(m.head, chunked_line);
                              return wire::Conversation{
                                  .turns = {{.bytes = head, .pause = std::chrono::milliseconds(5), .answers = 0},
                                            {.bytes = in_chunks(m.body, {.most = 10}),
                                             .piece = 15,  // "a", 10 bytes of data and their two ends of line
                                             .pause = std::chrono::milliseconds(2)}}};
                            }));
}

void add_extensions(const CaseBuilder& b, std::vector<Case>& cases) {
  for (const Form& form : {
           Form{"name", "a chunk extension", {.extension = ";glue"}},
           Form{"value", "a chunk extension with a value", {.extension = ";glue=conformance"}},
           Form{"quoted", "a chunk extension with a quoted value", {.extension = ";a=\"x;y=\\\"z\\\"\""}},
           Form{"several", "chunk extensions after each byte", {.most = 1, .extension = ";a;b=c;d=\"e\""}},
           Form{"last", "an extension of the last chunk", {.last = "0;end=1"}},
       }) {
    cases.push_back(accepted(b, fmt::format("http.chunked.extension.{}", form.name), form.title,
                             "http.chunked.extension", chunked(form.chunks)));
  }
}

void add_trailers(const CaseBuilder& b, std::vector<Case>& cases) {
  for (const Form& form : {
           Form{"one", "a trailer", {.trailers = "X-Glue-Conformance: 1\r\n"}},
           Form{"several", "three trailers", {.trailers = "X-One: 1\r\nX-Two:\r\nX-Three: a, b\r\n"}},
           Form{"announced",
                "a trailer that the head announces",
                {.trailers = "X-Sum: 1\r\n", .line = "Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n"}},
       }) {
    cases.push_back(accepted(b, fmt::format("http.chunked.trailer.{}", form.name), form.title, "http.chunked.trailer",
                             chunked(form.chunks)));
  }
}

// Off the grammar, or of doubtful use, and read by many.
void add_chunked_left_open(const CaseBuilder& b, std::vector<Case>& cases) {
  static const std::string long_extension = ";a=" + std::string(4096, 'x');
  for (const Form& form : {
           Form{"space_before_extension", "white space before a chunk extension", {.extension = " ; a"}},
           Form{"space_after_size", "white space after a chunk size", {.extension = " "}},
           Form{"long_extension", "a chunk extension of 4 KiB", {.extension = long_extension}},
           Form{"coding_twice", "chunked twice", {.line = "Transfer-Encoding: chunked, chunked\r\n"}},
           Form{"coding_in_two_lines",
                "chunked in each of two lines",
                {.line = "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}},
           Form{"coding_identity", "chunked after identity", {.line = "Transfer-Encoding: identity, chunked\r\n"}},
           Form{"coding_parameter", "chunked with a parameter", {.line = "Transfer-Encoding: chunked;a=b\r\n"}},
           Form{"trailer_length", "a Content-Length in the trailers", {.trailers = "Content-Length: 0\r\n"}},
           Form{"trailer_target", "a target in the trailers", {.trailers = "X-Amz-Target: AWSGlue.GetSession\r\n"}},
           Form{"bare_line_feed", "LF alone after the chunk sizes", {.line_end = "\n"}},
       }) {
    cases.push_back(left_open(b, fmt::format("http.chunked.open.{}", form.name), form.title, "http.chunked.lenient",
                              in_one_write_and_no_more(chunked(form.chunks))));
  }
}

void add_bad_chunks(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Bad {
    const char* name;
    const char* title;
    const char* size_line;               // with a place for the size
    std::ptrdiff_t error = 0;            // of the size, in bytes
    std::string_view data_end = "\r\n";  // behind the data
  };
  for (const Bad& bad : {
           Bad{"no_hexadecimal", "a chunk size that is no number", "xyz"},
           Bad{"empty_size", "an empty chunk size", ""},
           Bad{"negative", "a negative chunk size", "-{:x}"},
           Bad{"plus", "a chunk size with a plus sign", "+{:x}"},
           Bad{"prefix", "a chunk size with 0x before it", "0x{:x}"},
           Bad{"underscore", "a chunk size with an underscore in it", "0_{:x}"},
           Bad{"garbage", "a chunk size with more after it", "{:x} x"},
           Bad{"two_numbers", "two chunk sizes in a line", "{0:x},{0:x}"},
           Bad{"leading_space", "white space before a chunk size", " {:x}"},
           Bad{"no_line_end", "no end of line after the data of a chunk", "{:x}", 0, ""},
           Bad{"too_short", "a chunk of more bytes than its size", "{:x}", -1},
           Bad{"too_long", "a chunk of fewer bytes than its size", "{:x}", 1},
       }) {
    cases.push_back(refused(b, fmt::format("http.chunked.bad.{}", bad.name), bad.title, "http.chunked.malformed",
                            in_one_write_and_no_more([bad](const Message& m) {
                              const std::size_t size = m.body.size() + static_cast<std::size_t>(bad.error);
                              return with_length_lines(m.head, chunked_line)
                                  .append(fmt::format(fmt::runtime(bad.size_line), size))
                                  .append("\r\n")
                                  .append(m.body)
                                  .append(bad.data_end)
                                  .append("0\r\n\r\n");
                            })));
  }
}

// RFC 9112 section 6.3: the length of the body cannot be told, so the request is refused and the connection closed.
void add_bad_codings(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Coding {
    const char* name;
    std::string_view value;
  };
  for (const Coding& coding :
       {Coding{"gzip", "gzip"}, Coding{"chunked_first", "chunked, gzip"}, Coding{"unknown", "glue"},
        Coding{"misspelt", "xchunked"}, Coding{"quoted", "\"chunked\""}}) {
    Case c = refused(
        b, fmt::format("http.chunked.coding.{}", coding.name),
        fmt::format("a transfer coding that does not end in chunks: {}", coding.value), "http.chunked.coding",
        in_one_write(
            [value = coding.value](const Message& m) {
              return with_length_lines(m.head, fmt::format("Transfer-Encoding: {}\r\n", value)) + in_chunks(m.body, {});
            },
            End::closed));
    c.must_close = true;
    cases.push_back(std::move(c));
  }
}

// `lines` are made from the length of the body; `spaces` are sent after it, so that a larger length finds its bytes.
struct Length {
  const char* name;
  const char* title;
  std::function<std::string(std::size_t size)> lines;
  std::size_t spaces = 0;
};

Put lengths(const Length& length) {
  return [lines = length.lines, spaces = length.spaces](const Message& m) {
    return with_length_lines(m.head, lines(m.body.size())) + m.body + std::string(spaces, ' ');
  };
}

std::function<std::string(std::size_t)> one_line(std::string_view form) {
  return
      [form](std::size_t size) { return fmt::format("Content-Length: {}\r\n", fmt::format(fmt::runtime(form), size)); };
}

// RFC 9112 section 6.3: refused, and the connection closed, as nobody knows where the next request begins.
void add_invalid_lengths(const CaseBuilder& b, std::vector<Case>& cases) {
  const auto two = [](const char* form) {
    return [form](std::size_t size) { return fmt::format(fmt::runtime(form), size, size + 5); };
  };
  for (const Length& length : {
           Length{"differing.longer_last", "two Content-Lengths, the second one longer",
                  two("Content-Length: {0}\r\nContent-Length: {1}\r\n"), 5},
           Length{"differing.longer_first", "two Content-Lengths, the first one longer",
                  two("Content-Length: {1}\r\nContent-Length: {0}\r\n"), 5},
           Length{"differing.list", "a list of two Content-Lengths", two("Content-Length: {0}, {1}\r\n"), 5},
           Length{"differing.zero_first", "a Content-Length of 0 before the right one",
                  two("Content-Length: 0\r\nContent-Length: {0}\r\n")},
           Length{"differing.zero_last", "a Content-Length of 0 after the right one",
                  two("Content-Length: {0}\r\nContent-Length: 0\r\n")},
           Length{"differing.invalid_last", "an invalid Content-Length after the right one",
                  two("Content-Length: {0}\r\nContent-Length: x\r\n")},
           Length{"invalid.minus_one", "a Content-Length of -1", one_line("-1")},
           Length{"invalid.negative", "a negative Content-Length", one_line("-{}")},
           Length{"invalid.plus", "a Content-Length with a plus sign", one_line("+{}")},
           Length{"invalid.empty", "an empty Content-Length", one_line("")},
           Length{"invalid.word", "a Content-Length that is no number", one_line("all")},
           Length{"invalid.garbage", "a Content-Length with more after it", one_line("{}x")},
           Length{"invalid.two_words", "a Content-Length of two numbers", one_line("{0} {0}")},
           Length{"invalid.decimal_point", "a Content-Length with a decimal point", one_line("{}.0")},
           Length{"invalid.hexadecimal", "a Content-Length with 0x before it", one_line("0x{:x}")},
           Length{"invalid.underscore", "a Content-Length with an underscore in it", one_line("0_{}")},
           Length{"invalid.quoted", "a Content-Length in quotes", one_line("\"{}\"")},
       }) {
    Case c = refused(b, fmt::format("http.length.{}", length.name), length.title, "http.length.invalid",
                     in_one_write(lengths(length), End::closed));
    c.must_close = true;
    cases.push_back(std::move(c));
  }
}

void add_lengths_left_open(const CaseBuilder& b, std::vector<Case>& cases) {
  const auto both = [](std::size_t size) {
    return fmt::format("Content-Length: {0}\r\nContent-Length: {0}\r\n", size);
  };
  for (const Length& length : {Length{"two_lines", "the same Content-Length in each of two lines", both},
                               Length{"list", "the same Content-Length twice in a line", one_line("{0}, {0}")}}) {
    cases.push_back(left_open(b, fmt::format("http.length.equal.{}", length.name), length.title, "http.length.equal",
                              in_one_write(lengths(length))));
  }
  cases.push_back(left_open(b, "http.length.open.leading_zeros", "a Content-Length with leading zeros",
                            "http.length.zeros", in_one_write(lengths({"", "", one_line("{:012}")}))));
  // The answer may be to what follows, after the request was carried out.
  Case rest = left_open(b, "http.length.open.rest", "bytes after the body that begin no request", "http.length.rest",
                        in_one_write([](const Message& m) { return m.bytes() + "\x01?"; }));
  rest.without_session = true;
  cases.push_back(std::move(rest));
}

// What has no length has no body (RFC 9112 section 6.3), and what follows it is no part of it.
void add_absent_length(const CaseBuilder& b, std::vector<Case>& cases) {
  Case empty = refused(b, "http.length.absent.empty", "neither a Content-Length nor a body", "http.length.absent",
                       in_one_write([](const Message& m) { return with_length_lines(m.head, ""); }));
  empty.may_be_dropped = false;
  cases.push_back(std::move(empty));
  cases.push_back(refused(b, "http.length.absent.with_body", "a body without a Content-Length", "http.length.absent",
                          in_one_write([](const Message& m) { return with_length_lines(m.head, "") + m.body; })));
  cases.push_back(refused(b, "http.length.short.by_one", "a Content-Length that ends before the last brace",
                          "http.length.read", in_one_write([](const Message& m) {
                            return with_length_lines(m.head, fmt::format("Content-Length: {}\r\n", m.body.size() - 1)) +
                                   m.body;
                          })));
  cases.push_back(refused(
      b, "http.length.short.zero", "a Content-Length of 0 before a body", "http.length.read",
      in_one_write([](const Message& m) { return with_length_lines(m.head, "Content-Length: 0\r\n") + m.body; })));
}

// RFC 9112 sections 6.1 and 6.3: refused, or taken by its chunks; the connection is closed in any case.
void add_both(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Both {
    const char* name;
    const char* title;
    std::function<std::string(std::size_t body, std::size_t chunks)> lines;
  };
  const std::string chunks_line(chunked_line);
  for (const Both& both : {
           Both{"length_first", "a Content-Length before chunked",
                [chunks_line](std::size_t, std::size_t chunks) {
                  return fmt::format("Content-Length: {}\r\n", chunks) + chunks_line;
                }},
           Both{"length_last", "a Content-Length after chunked",
                [chunks_line](std::size_t, std::size_t chunks) {
                  return chunks_line + fmt::format("Content-Length: {}\r\n", chunks);
                }},
           Both{"length_of_body", "the Content-Length of the body beside chunked",
                [chunks_line](std::size_t body, std::size_t) {
                  return fmt::format("Content-Length: {}\r\n", body) + chunks_line;
                }},
           Both{"length_of_zero", "a Content-Length of 0 beside chunked",
                [chunks_line](std::size_t, std::size_t) { return "Content-Length: 0\r\n" + chunks_line; }},
       }) {
    Case c = http_case(b, fmt::format("http.length.with_chunked.{}", both.name), both.title, "http.length.with_chunked",
                       Kind::free_form,
                       in_one_write(
                           [lines = both.lines](const Message& m) {
                             const std::string body = in_chunks(m.body, {});
                             return with_length_lines(m.head, lines(m.body.size(), body.size())) + body;
                           },
                           End::closed));
    c.may_be_dropped = c.must_close = true;
    cases.push_back(std::move(c));
  }
  Case hidden = refused(
      b, "http.length.with_chunked.hidden_request", "a request behind the last chunk, within the Content-Length",
      "http.length.with_chunked",
      in_one_write(
          [chunks_line](const Message& m) {
            const std::string body = "0\r\n\r\n" + m.bytes();
            return with_length_lines(m.head, fmt::format("Content-Length: {}\r\n", body.size()) + chunks_line) + body;
          },
          End::closed));
  hidden.must_close = true;
  cases.push_back(std::move(hidden));
  Case old =
      http_case(b, "http.length.with_chunked.one_zero", "chunks in a request of HTTP/1.0", "http.length.with_chunked",
                Kind::free_form,
                in_one_write([](const Message& m) { return with_version(chunked({})(m), "HTTP/1.0"); }, End::closed));
  old.may_be_dropped = old.must_close = true;
  cases.push_back(std::move(old));
}

// A request that ends before its end. The connection is left, or only our side of it is closed, so that it can be
// answered.
void add_broken_off(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Broken {
    const char* name;
    const char* title;
    Put put;
  };
  const auto of_length = [](const Message& m, std::size_t more) {
    return with_length_lines(m.head, fmt::format("Content-Length: {}\r\n", m.body.size() + more)) + m.body;
  };
  const auto cut_chunks = [](std::size_t from_end) {
    return [from_end](const Message& m) {
      std::string all = chunked({})(m);
      all.resize(all.size() - from_end);
      return all;
    };
  };
  for (const Broken& broken : {
           Broken{"in_request_line", "in the request line", [](const Message& m) { return m.head.substr(0, 6); }},
           Broken{"in_head", "in the head", [](const Message& m) { return m.head.substr(0, m.head.size() / 2); }},
           Broken{"before_blank_line", "before the blank line",
                  [](const Message& m) { return m.head.substr(0, m.head.size() - 2); }},
           Broken{"before_body", "before the body", [](const Message& m) { return m.head; }},
           Broken{"in_body", "in the body",
                  [](const Message& m) { return m.head + m.body.substr(0, m.body.size() / 2); }},
           Broken{"before_last_byte", "before the last byte of the body",
                  [](const Message& m) { return m.head + m.body.substr(0, m.body.size() - 1); }},
           Broken{"before_white_space", "before the white space at the end of the body",
                  [of_length](const Message& m) { return of_length(m, 1); }},
           Broken{"far_from_end", "a thousand bytes before the end",
                  [of_length](const Message& m) { return of_length(m, 1000); }},
           // 2^64 and the body's length: what wraps around finds the body whole.
           Broken{"length_beyond_64_bits", "with a Content-Length of more than 64 bits",
                  [](const Message& m) {
                    return with_length_lines(
                               m.head, fmt::format("Content-Length: 184467440737095{:05}\r\n", 51616 + m.body.size())) +
                           m.body;
                  }},
           Broken{"in_chunk", "in a chunk", cut_chunks(8)},
           Broken{"before_last_chunk", "before the last chunk", cut_chunks(5)},
           Broken{"in_last_chunk", "in the line of the last chunk", cut_chunks(4)},
           Broken{"before_end_of_chunks", "before the line that ends the chunks", cut_chunks(2)},
           Broken{"in_trailers", "in the trailers",
                  [](const Message& m) {
                    std::string all = chunked({.trailers = "X-Glue: 1\r\n"})(m);
                    all.resize(all.size() - 6);
                    return all;
                  }},
           Broken{"chunk_beyond_64_bits", "with a chunk size of more than 64 bits",
                  [](const Message& m) {
                    return with_length_lines(m.head, chunked_line) + fmt::format("1{:016x}\r\n", m.body.size()) +
                           m.body + "\r\n0\r\n\r\n";
                  }},
       }) {
    Case left = refused(b, fmt::format("http.broken_off.{}.left", broken.name),
                        fmt::format("a request that breaks off {}", broken.title), "http.incomplete",
                        [put = broken.put](const Message& m) {
                          return wire::Conversation{.turns = {{.bytes = put(m), .answers = 0}}, .end = End::leave};
                        });
    left.needs_session = true;
    cases.push_back(std::move(left));
    Case half = refused(b, fmt::format("http.broken_off.{}.half_closed", broken.name),
                        fmt::format("a request that breaks off {}, and is half closed", broken.title),
                        "http.incomplete", in_one_write(broken.put, End::half_close));
    half.is_no_http = std::string_view(broken.name) == "in_request_line";
    cases.push_back(std::move(half));
  }
  // A whole request is one, whoever waits for its answer.
  Case whole = left_open(b, "http.broken_off.whole.left", "a request whose client goes without its answer", "http.left",
                         [](const Message& m) {
                           return wire::Conversation{.turns = {{.bytes = m.bytes(), .answers = 0}}, .end = End::leave};
                         });
  whole.needs_session = true;
  cases.push_back(std::move(whole));
  cases.push_back(left_open(b, "http.broken_off.whole.half_closed", "a request whose client half closes",
                            "http.half_closed",
                            in_one_write([](const Message& m) { return m.bytes(); }, End::half_close)));
}

}  // namespace

std::vector<Case> framing(const CaseBuilder& b) {
  std::vector<Case> cases;
  add_chunked(b, cases);
  add_extensions(b, cases);
  add_trailers(b, cases);
  add_chunked_left_open(b, cases);
  add_bad_chunks(b, cases);
  add_bad_codings(b, cases);
  add_invalid_lengths(b, cases);
  add_lengths_left_open(b, cases);
  add_absent_length(b, cases);
  add_both(b, cases);
  add_broken_off(b, cases);
  return cases;
}

}  // namespace conformance::suites
