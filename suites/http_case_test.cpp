#include "suites/http_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "fixtures/reference/request_reader.h"
#include "suites/suites.h"

namespace conformance::suites::http_case_test {
namespace {

using reference::RequestReader;
using wire::Message;

const CaseBuilder& builder() {
  static const CaseBuilder b(spec::builtin_table(), "gc12345678");
  return b;
}

std::vector<Case> http_cases() {
  std::vector<Case> all = framing(builder());
  for (auto* suite : {connection_use, header_sections}) {
    std::vector<Case> more = suite(builder());
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  return all;
}

Message message_of(const std::string& body) {
  return {
      "POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AWSGlue.DeleteSession\r\nContent-Type: "
      "application/x-amz-json-1.1\r\nContent-Length: " +
          std::to_string(body.size()) + "\r\n\r\n",
      body};
}

// What the case sends.
wire::Conversation spoken(const Case& c) {
  std::vector<Message> messages;
  for (const Companion& companion : c.companions) messages.push_back(message_of(companion.body));
  messages.push_back(message_of(c.body));
  return c.speak(messages);
}

std::string bytes_of(const wire::Conversation& conversation) {
  std::string all;
  for (const wire::Turn& turn : conversation.turns) all += turn.bytes;
  return all;
}

// The bodies that a strict reader finds in the bytes, in their order; "refused" or "cut" if they end so.
std::vector<std::string> read_in(std::string_view bytes) {
  std::vector<std::string> all;
  while (!bytes.empty()) {
    RequestReader reader;
    const RequestReader::Progress progress = reader.read(bytes);
    if (progress != RequestReader::Progress::complete) {
      all.emplace_back(progress == RequestReader::Progress::refused ? "refused" : "cut");
      break;
    }
    all.emplace_back(reader.request().body);
    bytes.remove_prefix(reader.size());
  }
  return all;
}

TEST(HttpCase, ReplacesTheContentLengthAlone) {
  EXPECT_EQ(with_length_lines("POST / HTTP/1.1\r\nContent-Length: 2\r\nHost: h\r\n\r\n", "A: b\r\n"),
            "POST / HTTP/1.1\r\nA: b\r\nHost: h\r\n\r\n");
  EXPECT_EQ(with_length_lines("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n", ""), "POST / HTTP/1.1\r\n\r\n");
}

TEST(HttpCase, AddsLinesAtTheEndOfTheHead) {
  EXPECT_EQ(with_lines("POST / HTTP/1.1\r\nHost: h\r\n\r\n", "A: b\r\n"), "POST / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n");
}

TEST(HttpCase, ReplacesTheVersionAlone) {
  EXPECT_EQ(with_version("POST / HTTP/1.1\r\nHost: HTTP/1.1\r\n\r\n", "HTTP/1.0"),
            "POST / HTTP/1.0\r\nHost: HTTP/1.1\r\n\r\n");
}

TEST(HttpCase, HasASessionOfItsOwnAndAPlainControl) {
  const Case c = refused(builder(), "http.x.y", "a title", "http.incomplete",
                         in_one_write([](const Message& m) { return m.head; }));
  EXPECT_EQ(c.session, builder().token(c));
  EXPECT_EQ(c.control_body, c.body);
  EXPECT_EQ(c.area, "http.x");
  EXPECT_TRUE(c.may_be_dropped);
  EXPECT_EQ(bytes_of(spoken(c)), message_of(c.body).head);
}

// By another reader than any that the cases were written for: what must be accepted is the request, with nothing after
// it, and it is the one for the case's session.
TEST(HttpSuites, SendWhatMustBeAcceptedAsWholeRequests) {
  std::size_t asked = 0;
  for (const Case& c : http_cases()) {
    if (c.kind != Kind::valid) continue;
    ++asked;
    const std::vector<std::string> bodies = read_in(bytes_of(spoken(c)));
    ASSERT_EQ(bodies.size(), c.companions.size() + 1) << c.id;
    EXPECT_TRUE(bodies.back().starts_with(c.body)) << c.id << ": " << bodies.back();
  }
  EXPECT_GT(asked, 50U);
}

TEST(HttpSuites, SendNothingThatMustBeRefusedAsAWholeRequestForTheSession) {
  std::size_t asked = 0;
  for (const Case& c : http_cases()) {
    if (c.kind != Kind::malformed) continue;
    ++asked;
    const std::vector<std::string> bodies = read_in(bytes_of(spoken(c)));
    EXPECT_THAT(bodies, testing::Not(testing::Contains(c.body))) << c.id;
  }
  EXPECT_GT(asked, 50U);
}

TEST(HttpSuites, WaitForAnAnswerToEachRequestThatMustBeAnswered) {
  for (const Case& c : http_cases()) {
    if (c.kind != Kind::valid) continue;
    std::size_t answers = 0;
    for (const wire::Turn& turn : spoken(c).turns) answers += turn.answers;
    EXPECT_EQ(answers, c.companions.size() + 1) << c.id;
  }
}

TEST(HttpSuites, LookForTheEndOfAConnectionWhereItIsAskedFor) {
  std::size_t asked = 0;
  for (const Case& c : http_cases()) {
    if (!c.must_close) continue;
    ++asked;
    EXPECT_EQ(spoken(c).end, wire::Conversation::End::closed) << c.id;
  }
  EXPECT_GT(asked, 10U);
}

// Where no answer is waited for, nothing but the effect tells.
TEST(HttpSuites, NeedASessionWhereTheConnectionIsLeft) {
  std::size_t asked = 0;
  for (const Case& c : http_cases()) {
    if (!c.speak || spoken(c).end != wire::Conversation::End::leave) continue;
    ++asked;
    EXPECT_TRUE(c.needs_session) << c.id;
  }
  EXPECT_GT(asked, 10U);
}

TEST(HttpSuites, KeepCompaniedRequestsFromNamingTheSession) {
  std::map<Companion::Expected, std::size_t> kinds;
  for (const Case& c : http_cases()) {
    for (const Companion& companion : c.companions) {
      ++kinds[companion.expected];
      EXPECT_NE(companion.body, c.body) << c.id;
      EXPECT_NE(companion.identifier, c.session) << c.id;
    }
  }
  EXPECT_GT(kinds[Companion::Expected::refused], 50U);
  EXPECT_GT(kinds[Companion::Expected::not_refused], 50U);
}

}  // namespace
}  // namespace conformance::suites::http_case_test
