// What a connection carries and how: versions, expectations, many requests on one, several in one write, one in many.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/text/json_string.h"
#include "harness/text/stable_hash.h"
#include "suites/http_case.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

using End = wire::Conversation::End;
using std::chrono::milliseconds;
using wire::Conversation;
using wire::Message;
using wire::Turn;

// For 100 (Continue): longer than any endpoint needs, and not so long that one without it costs much.
constexpr milliseconds continue_wait{1000};
constexpr std::size_t requests_on_one = 200, connections = 100;

// The head, then the body when it is asked for.
Speak body_on_demand(std::string lines, std::string version = "HTTP/1.1") {
  return [lines = std::move(lines), version = std::move(version)](const Message& m) {
    return Conversation{
        .turns = {
            {.bytes = with_version(with_lines(m.head, lines), version), .answers = 0, .await_interim = continue_wait},
            {.bytes = m.body}}};
  };
}

void add_expectations(const CaseBuilder& b, std::vector<Case>& cases) {
  for (const auto& [name, line] :
       {std::pair{"lower_case", "Expect: 100-continue\r\n"}, std::pair{"upper_case", "EXPECT: 100-CONTINUE\r\n"}}) {
    Case c =
        http_case(b, fmt::format("http.expect.continue.{}", name), "a body that is held back until it is asked for",
                  "http.expect.continue", Kind::valid, body_on_demand(line));
    c.must_continue = true;
    cases.push_back(std::move(c));
  }
  cases.push_back(accepted(b, "http.expect.body_at_once", "an expectation of 100 and the body in one write",
                           "http.expect.accept",
                           [](const Message& m) { return with_lines(m.head, "Expect: 100-continue\r\n") + m.body; }));
  cases.push_back(accepted(b, "http.expect.one_zero", "an expectation of 100 in HTTP/1.0, which has none",
                           "http.expect.accept", [](const Message& m) {
                             return with_version(with_lines(m.head, "Expect: 100-continue\r\n"), "HTTP/1.0") + m.body;
                           }));
  for (const auto& [name, line] : {std::pair{"unknown", "Expect: glue\r\n"}, std::pair{"empty", "Expect:\r\n"},
                                   std::pair{"among_others", "Expect: 100-continue, glue\r\n"}}) {
    cases.push_back(
        left_open(b, fmt::format("http.expect.other.{}", name),
                  fmt::format("\"{:.{}}\"", line, std::string_view(line).size() - 2), "http.expect.other",
                  in_one_write([line = line](const Message& m) { return with_lines(m.head, line) + m.body; })));
  }
}

void add_versions(const CaseBuilder& b, std::vector<Case>& cases) {
  const auto of_version = [](std::string_view version, std::string_view lines) {
    return [version, lines](const Message& m) { return with_version(with_lines(m.head, lines), version) + m.body; };
  };
  cases.push_back(accepted(b, "http.version.one_zero", "a request of HTTP/1.0", "http.version.one_zero",
                           of_version("HTTP/1.0", "")));
  cases.push_back(http_case(b, "http.version.one_zero_keep_alive", "two requests of HTTP/1.0 that ask for keep-alive",
                            "http.version.one_zero", Kind::valid, {}));
  Case& kept = cases.back();
  kept.companions = {{.body = b.body(text::quote_raw(b.token(kept) + "-a")), .identifier = b.token(kept) + "-a"}};
  kept.speak = [](const std::vector<Message>& messages) {
    Conversation all;
    for (const Message& m : messages)
      all.turns.push_back(
          {.bytes = with_version(with_lines(m.head, "Connection: keep-alive\r\n"), "HTTP/1.0") + m.body});
    return all;
  };
  for (const auto& [name, title, version, line] :
       {std::tuple{"one_zero", "a request of HTTP/1.0 without keep-alive", "HTTP/1.0", ""},
        std::tuple{"asked_for", "a request with \"Connection: close\"", "HTTP/1.1", "Connection: close\r\n"},
        std::tuple{"in_list", "a request with \"Close\" in a list of options", "HTTP/1.1",
                   "Connection: TE, Close\r\nTE: trailers\r\n"}}) {
    Case c = http_case(b, fmt::format("http.close.{}", name), title, "http.close", Kind::valid,
                       in_one_write(of_version(version, line), End::closed));
    c.must_close = true;
    cases.push_back(std::move(c));
  }
  for (const auto& [name, version] :
       {std::pair{"one_two", "HTTP/1.2"}, std::pair{"two_zero", "HTTP/2.0"}, std::pair{"zero_nine", "HTTP/0.9"},
        std::pair{"three_digits", "HTTP/1.10"}, std::pair{"lower_case", "http/1.1"}, std::pair{"other", "GLUE/1.1"}}) {
    Case c = left_open(b, fmt::format("http.version.other.{}", name), fmt::format("a request of {}", version),
                       "http.version.other", in_one_write(of_version(version, "")));
    c.is_no_http = version != std::string_view("HTTP/1.2");
    cases.push_back(std::move(c));
  }
}

Conversation one_by_one(const std::vector<Message>& messages) {
  Conversation all;
  for (const Message& m : messages) all.turns.push_back({.bytes = m.bytes()});
  return all;
}

Conversation on_new_connections(const std::vector<Message>& messages) {
  Conversation all;
  for (const Message& m : messages) all.turns.push_back({.bytes = m.bytes(), .on_new_connection = true});
  return all;
}

Conversation in_one_turn(const std::vector<Message>& messages) {
  Turn turn;
  turn.answers = messages.size();
  for (const Message& m : messages) turn.bytes += m.bytes();
  return {.turns = {std::move(turn)}};
}

// A case whose stimulus comes after others, each of them well-formed or malformed in no order that an endpoint could
// have a habit of.
Case in_company(const CaseBuilder& b, const std::string& id, const std::string& title, const std::string& requirement,
                std::size_t companions, std::function<Conversation(const std::vector<Message>&)> speak) {
  Case c = http_case(b, id, title, requirement, Kind::valid, {});
  c.any_form = false;
  const std::array<std::string, 3> malformed{"{\"" + b.table().identifier + "\":", b.body("1"), "[]"};
  for (std::size_t i = 0; i < companions; ++i) {
    const std::uint64_t random = text::stable_hash(fmt::format("{} {} {}", b.prefix(), id, i));
    if (random % 5 < 2) {
      c.companions.push_back(
          {.body = malformed.at(random / 5 % malformed.size()), .expected = Companion::Expected::refused});
    } else {
      const std::string missing = fmt::format("{}-{}", b.token(c), random / 5 % 7);
      c.companions.push_back({.body = b.body(text::quote_raw(missing)), .identifier = missing});
    }
  }
  c.speak = std::move(speak);
  return c;
}

// What is well-formed, malformed and well-formed again, one after the other.
Case after_errors(const CaseBuilder& b) {
  Case c = http_case(b, "http.close.announced.after_errors", "requests on one connection, errors among them",
                     "http.close.announced", Kind::valid, {});
  for (const char* malformed : {"{", "[]", "", "{}", "null"})
    c.companions.push_back({.body = malformed, .expected = Companion::Expected::any});
  c.speak = one_by_one;
  return c;
}

Case same_answers(const CaseBuilder& b) {
  Case c = http_case(b, "answer.stable.on_one_connection", "three requests, each twenty times on one connection",
                     "answer.stable", Kind::valid, {});
  const std::string missing = b.token(c) + "-a";
  for (int i = 0; i < 20; ++i) {
    c.companions.push_back({.body = b.body(text::quote_raw(missing)), .identifier = missing});
    c.companions.push_back({.body = b.body("1"), .expected = Companion::Expected::refused});
    c.companions.push_back({.body = "[", .expected = Companion::Expected::refused});
  }
  c.speak = one_by_one;
  return c;
}

// The first of two requests is put in another way; the second is as any.
Case after(const CaseBuilder& b, const std::string& name, const std::string& title, Put put) {
  Case c =
      http_case(b, "http.keep_alive.after." + name, "a request after one " + title, "http.keep_alive", Kind::valid, {});
  c.companions = {{.body = b.body(text::quote_raw(b.token(c) + "-a")), .expected = Companion::Expected::any}};
  c.speak = [put = std::move(put)](const std::vector<Message>& messages) {
    return Conversation{.turns = {{.bytes = put(messages.front())}, {.bytes = messages.back().bytes()}}};
  };
  return c;
}

void add_keep_alive(const CaseBuilder& b, std::vector<Case>& cases) {
  cases.push_back(in_company(b, "http.keep_alive.many", fmt::format("{} requests on one connection", requests_on_one),
                             "http.keep_alive", requests_on_one - 1, one_by_one));
  cases.push_back(in_company(b, "http.keep_alive.connections",
                             fmt::format("{} requests, each on a connection of its own", connections),
                             "http.keep_alive", connections - 1, on_new_connections));
  cases.push_back(after_errors(b));
  cases.push_back(same_answers(b));
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  cases.push_back(after(b, "chunks", "in chunks", [chunked](const Message& m) {
    return with_length_lines(m.head, chunked) + fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", m.body.size(), m.body);
  }));
  cases.push_back(after(b, "trailers", "with trailers", [chunked](const Message& m) {
    return with_length_lines(m.head, chunked) + fmt::format("{:x}\r\n{}\r\n0\r\nX-A: b\r\n\r\n", m.body.size(), m.body);
  }));
  cases.push_back(after(b, "expectation", "with an expectation",
                        [](const Message& m) { return with_lines(m.head, "Expect: 100-continue\r\n") + m.body; }));
  cases.push_back(after(b, "white_space", "with white space at the end of its body", [](const Message& m) {
    return with_length_lines(m.head, fmt::format("Content-Length: {}\r\n", m.body.size() + 3)) + m.body + "\r\n ";
  }));
}

void add_pipelines(const CaseBuilder& b, std::vector<Case>& cases) {
  for (const std::size_t count : {std::size_t{2}, std::size_t{4}, std::size_t{32}}) {
    cases.push_back(in_company(b, fmt::format("http.pipeline.of_{}", count),
                               fmt::format("{} requests in one write", count), "http.pipeline", count - 1,
                               in_one_turn));
  }
  cases.push_back(in_company(b, "http.pipeline.cut", "4 requests in writes that end anywhere", "http.pipeline", 3,
                             [](const std::vector<Message>& messages) {
                               Conversation all = in_one_turn(messages);
                               all.turns.front().piece = 97;
                               return all;
                             }));
}

// Cut before `at`, and late enough for the cut to be seen.
Speak cut_at(std::function<std::size_t(const Message&)> at) {
  return [at = std::move(at)](const Message& m) {
    const std::string all = m.bytes();
    const std::size_t place = at(m);
    return Conversation{.turns = {{.bytes = all.substr(0, place), .pause = milliseconds(10), .answers = 0},
                                  {.bytes = all.substr(place)}}};
  };
}

void add_splits(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Cut {
    const char* name;
    const char* title;
    std::function<std::size_t(const Message&)> at;
  };
  const auto before = [](std::string_view text) { return [text](const Message& m) { return m.head.find(text); }; };
  for (const Cut& cut : {
           Cut{"in_method", "in the method", [](const Message&) { return std::size_t{2}; }},
           Cut{"in_version", "in the version", before("TP/1.1\r\n")},
           Cut{"in_first_line_end", "between the CR and the LF of the request line", before("\n")},
           Cut{"in_name", "in a header name", before("Amz-Target")},
           Cut{"before_colon", "before the colon of a header", before(": AWSGlue")},
           Cut{"in_value", "in a header value", before("DeleteSession")},
           Cut{"in_length", "in the Content-Length",
               [](const Message& m) { return m.head.find("Content-Length: ") + 17; }},
           Cut{"before_blank_line", "before the blank line", [](const Message& m) { return m.head.size() - 2; }},
           Cut{"in_blank_line", "between the CR and the LF of the blank line",
               [](const Message& m) { return m.head.size() - 1; }},
           Cut{"before_body", "between the head and the body", [](const Message& m) { return m.head.size(); }},
           Cut{"in_body", "in the body", [](const Message& m) { return m.head.size() + m.body.size() / 2; }},
           Cut{"before_last_byte", "before the last byte", [](const Message& m) { return m.bytes().size() - 1; }},
       }) {
    cases.push_back(http_case(b, fmt::format("http.split.{}", cut.name), fmt::format("a request cut {}", cut.title),
                              "http.split", Kind::valid, cut_at(cut.at)));
  }
  const auto of_text = [&](const char* name, const char* title, const Speak& speak) {
    Case c = CaseBuilder::start(fmt::format("http.split.{}", name), title, "http.split", Kind::valid);
    const std::string session = b.token(c) + "\u00E9\U0001F600";
    b.accept(c, session, text::quote_raw(session));
    c.speak = [speak](const std::vector<Message>& messages) { return speak(messages.back()); };
    c.any_form = true;
    cases.push_back(std::move(c));
  };
  of_text("in_character", "a request cut within a character of two bytes",
          cut_at([](const Message& m) { return m.head.size() + m.body.find('\xC3') + 1; }));
  of_text("in_astral_character", "a request cut within a character of four bytes",
          cut_at([](const Message& m) { return m.head.size() + m.body.find('\xF0') + 2; }));
  of_text("every_byte", "a request of one byte a write",
          [](const Message& m) { return Conversation{.turns = {{.bytes = m.bytes(), .piece = 1}}}; });
  // The first and the last bytes so late that each is read by itself.
  of_text("slow_bytes", "a request whose first and last bytes come one by one", [](const Message& m) {
    constexpr std::size_t late = 8;
    const std::string all = m.bytes();
    const std::size_t middle = all.size() - 2 * late;
    return Conversation{.turns = {{.bytes = all.substr(0, late), .piece = 1, .pause = milliseconds(2), .answers = 0},
                                  {.bytes = all.substr(late, middle), .piece = 16, .answers = 0},
                                  {.bytes = all.substr(late + middle), .piece = 1, .pause = milliseconds(2)}}};
  });
}

}  // namespace

std::vector<Case> connection_use(const CaseBuilder& b) {
  std::vector<Case> cases;
  add_expectations(b, cases);
  add_versions(b, cases);
  add_keep_alive(b, cases);
  add_pipelines(b, cases);
  add_splits(b, cases);
  return cases;
}

}  // namespace conformance::suites
