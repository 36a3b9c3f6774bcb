// The header section as bytes: what must be read however it is written, what must be refused, and how large it may be.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "suites/http_case.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

using End = wire::Conversation::End;
using wire::Message;

// Each name of the header fields, changed by `change`.
std::string with_names(std::string_view head, const std::function<char(char)>& change) {
  std::string changed(head);
  for (std::size_t line = changed.find("\r\n") + 2; changed.compare(line, 2, "\r\n") != 0;
       line = changed.find("\r\n", line) + 2) {
    const auto begin = changed.begin() + static_cast<std::ptrdiff_t>(line);
    std::transform(begin, std::find(begin, changed.end(), ':'), begin, change);
  }
  return changed;
}

// Each white space after a header's colon, replaced by `space`; `after` is put behind each value.
std::string with_white_space(std::string_view head, std::string_view space, std::string_view after) {
  std::string changed(head.substr(0, head.find("\r\n") + 2));
  for (std::string_view rest = head.substr(changed.size()); rest != "\r\n";) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t colon = line.find(": ");
    changed.append(line.substr(0, colon + 1)).append(space).append(line.substr(colon + 2)).append(after).append("\r\n");
    rest.remove_prefix(line.size() + 2);
  }
  return changed + "\r\n";
}

Put with_extra(std::string lines) {
  return [lines = std::move(lines)](const Message& m) { return with_lines(m.head, lines) + m.body; };
}

// Before all other fields.
Put with_first(std::string line) {
  return [line = std::move(line)](const Message& m) {
    const std::size_t fields = m.head.find("\r\n") + 2;
    return m.head.substr(0, fields) + line + m.head.substr(fields) + m.body;
  };
}

void add_spellings(const CaseBuilder& b, std::vector<Case>& cases) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  const auto add = [&](const char* name, const char* title, Put put) {
    cases.push_back(accepted(b, fmt::format("http.header.read.{}", name), title, "http.header.read", std::move(put)));
  };
  add("lower_case", "header names in lower case",
      [lower](const Message& m) { return with_names(m.head, lower) + m.body; });
  add("upper_case", "header names in upper case",
      [upper](const Message& m) { return with_names(m.head, upper) + m.body; });
  add("no_white_space", "no white space after the colons",
      [](const Message& m) { return with_white_space(m.head, "", "") + m.body; });
  add("spaces", "spaces around the values",
      [](const Message& m) { return with_white_space(m.head, "   ", "  ") + m.body; });
  add("tabs", "tabs around the values", [](const Message& m) { return with_white_space(m.head, "\t", "\t") + m.body; });
  add("unknown", "headers that nobody knows, one of them empty",
      with_extra("X-Glue-Conformance: 1\r\nX-Empty:\r\nx!#$%&'*+-.^_`|~: odd\r\n"));
  add("repeated", "an unknown header that stands three times", with_extra("X-A: 1\r\nX-A: 2\r\nX-A: 1\r\n"));
  add("beyond_ascii", "a header value beyond ASCII",
      with_extra("X-Text: gr\xC3\xBC\xC3\x9F\r\nX-Latin: gr\xFC\xDF\r\n"));
  add("fifty", "fifty headers more", [](const Message& m) {
    std::string lines;
    for (int i = 0; i < 50; ++i) lines += fmt::format("X-Header-{}: {}\r\n", i, i);
    return with_lines(m.head, lines) + m.body;
  });
}

// RFC 9112 section 5.2, and section 2.2 for the first line.
void add_folds(const CaseBuilder& b, std::vector<Case>& cases) {
  const auto add = [&](const char* name, const char* title, Put put) {
    Case c = http_case(b, fmt::format("http.header.fold.{}", name), title, "http.header.fold", Kind::free_form,
                       in_one_write(std::move(put)));
    c.may_be_dropped = true;
    cases.push_back(std::move(c));
  };
  add("space", "a header folded with a space", with_extra("X-Note: a\r\n b\r\n"));
  add("tab", "a header folded with a tab", with_extra("X-Note: a\r\n\tb\r\n"));
  add("twice", "a header folded twice", with_extra("X-Note: a\r\n b\r\n  c\r\n"));
  add("empty", "a header folded before its value", with_extra("X-Note:\r\n a\r\n"));
  add("last", "a folded line of white space alone", with_extra("X-Note: a\r\n \r\n"));
  add("first_line", "white space before the first header", with_first(" X-Note: a\r\n"));
  add("length", "a folded Content-Length", [](const Message& m) {
    return with_length_lines(m.head, fmt::format("Content-Length:\r\n {}\r\n", m.body.size())) + m.body;
  });
}

void add_controls(const CaseBuilder& b, std::vector<Case>& cases) {
  const auto add = [&](const std::string& name, const std::string& title, const std::string& value) {
    Case c = http_case(b, "http.header.control." + name, title, "http.header.control", Kind::free_form,
                       in_one_write(with_extra("X-Note: a" + value + "b\r\n")));
    c.may_be_dropped = true;
    cases.push_back(std::move(c));
  };
  add("nul", "a byte of zero in a header value", std::string(1, '\0'));
  add("carriage_return", "a CR alone in a header value", "\r");
  add("line_feed", "an LF alone in a header value", "\n");
  for (const int byte : {0x01, 0x08, 0x0B, 0x0C, 0x1B, 0x7F})
    add(fmt::format("x{:02x}", byte), fmt::format("the control byte {:02X} in a header value", byte),
        std::string(1, static_cast<char>(byte)));
}

void add_refused(const CaseBuilder& b, std::vector<Case>& cases) {
  const auto add = [&](const char* name, const char* title, const char* requirement, Put put) {
    cases.push_back(refused(b, fmt::format("http.header.{}", name), title, requirement, in_one_write(std::move(put))));
  };
  add("colon.space", "a space before a header's colon", "http.header.colon", with_extra("X-Note : a\r\n"));
  add("colon.tab", "a tab before a header's colon", "http.header.colon", with_extra("X-Note\t: a\r\n"));
  add("colon.first", "a space before the first header's colon", "http.header.colon", with_first("X-Note : a\r\n"));
  add("colon.length", "a space before the colon of the Content-Length", "http.header.colon", [](const Message& m) {
    return with_length_lines(m.head, fmt::format("Content-Length : {}\r\n", m.body.size())) + m.body;
  });
  add("grammar.no_colon", "a header line without a colon", "http.header.grammar", with_extra("nonsense\r\n"));
  add("grammar.no_name", "a header without a name", "http.header.grammar", with_extra(": a\r\n"));
  add("grammar.space_in_name", "a header name with a space in it", "http.header.grammar", with_extra("X Note: a\r\n"));
  add("grammar.bracket_in_name", "a header name with a bracket in it", "http.header.grammar",
      with_extra("X(Note): a\r\n"));
  add("grammar.nul_in_name", "a header name with a byte of zero in it", "http.header.grammar",
      with_extra(std::string("X\0Note: a\r\n", 11)));
  add("grammar.beyond_ascii", "a header name beyond ASCII", "http.header.grammar", with_extra("X-\xC3\xBC: a\r\n"));
}

// An LF alone ends a line for some (RFC 9112 section 2.2). For others the head ends only with the line behind the body.
void add_line_ends(const CaseBuilder& b, std::vector<Case>& cases) {
  const auto bare = [](std::string text) {
    std::erase(text, '\r');
    return text;
  };
  const auto add = [&](const char* name, const char* title, Put put) {
    cases.push_back(left_open(b, fmt::format("http.header.line_feed.{}", name), title, "http.header.line_feed",
                              in_one_write([put = std::move(put)](const Message& m) { return put(m) + "\r\n\r\n"; })));
  };
  add("all", "LF alone at the end of all lines", [bare](const Message& m) { return bare(m.head) + m.body; });
  add("request_line", "LF alone at the end of the request line", [bare](const Message& m) {
    const std::size_t fields = m.head.find("\r\n") + 2;
    return bare(m.head.substr(0, fields)) + m.head.substr(fields) + m.body;
  });
  add("one_header", "LF alone at the end of a header",
      [](const Message& m) { return with_lines(m.head, "X-Note: a\n") + m.body; });
  add("blank_line", "LF alone for the blank line",
      [](const Message& m) { return m.head.substr(0, m.head.size() - 2) + "\n" + m.body; });
  cases.push_back(accepted(b, "http.header.empty_line.one", "an empty line before the request line",
                           "http.header.empty_line", [](const Message& m) { return "\r\n" + m.bytes(); }));
}

Case of_size(const CaseBuilder& b, const std::string& name, const std::string& title, Put put) {
  Case c = http_case(b, "http.header.large." + name, title, "http.header.large", Kind::free_form,
                     in_one_write(std::move(put)));
  c.characteristic = "http.header.large";
  return c;
}

void add_sizes(const CaseBuilder& b, std::vector<Case>& cases) {
  for (const std::size_t kibibytes : {4U, 8U, 16U}) {
    cases.push_back(of_size(b, fmt::format("line_of_{}_kib", kibibytes), fmt::format("a header of {} KiB", kibibytes),
                            [kibibytes](const Message& m) {
                              return with_lines(m.head, "X-Long: " + std::string(kibibytes << 10U, 'a') + "\r\n") +
                                     m.body;
                            }));
  }
  cases.push_back(of_size(b, "lines_of_16_kib", "200 headers of 82 bytes", [](const Message& m) {
    std::string lines;
    for (int i = 0; i < 200; ++i) lines += fmt::format("X-Header-{:03}: {}\r\n", i, std::string(66, 'a'));
    return with_lines(m.head, lines) + m.body;
  }));
  // By itself, as no client sends such a name: what becomes of it says nothing of large sections.
  Case named = http_case(b, "http.header.long_name.of_4_kib", "a header name of 4 KiB", "http.header.long_name",
                         Kind::free_form, in_one_write([](const Message& m) {
                           return with_lines(m.head, std::string(4U << 10U, 'n') + ": a\r\n") + m.body;
                         }));
  named.characteristic = "http.header.long_name";
  cases.push_back(std::move(named));
  // What a query means to the operation is not said, so that its answer may be any; but it must be one.
  for (const std::size_t size : {std::size_t{2000}, std::size_t{7000}, std::size_t{16000}}) {
    Case c = left_open(b, fmt::format("http.header.target.of_{}", size),
                       fmt::format("a request target with a query of {} bytes", size), "http.header.target", {});
    c.speak = nullptr;
    c.edit = [size](wire::Request& request) { request.target += "?note=" + std::string(size - 6, 'a'); };
    cases.push_back(std::move(c));
  }
}

}  // namespace

std::vector<Case> header_sections(const CaseBuilder& b) {
  std::vector<Case> cases;
  add_spellings(b, cases);
  add_folds(b, cases);
  add_controls(b, cases);
  add_refused(b, cases);
  add_line_ends(b, cases);
  add_sizes(b, cases);
  return cases;
}

}  // namespace conformance::suites
