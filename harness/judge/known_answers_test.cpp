#include "harness/judge/known_answers.h"

#include <gtest/gtest.h>

#include <string>

namespace conformance::known_answers_test {
namespace {

std::string refusal(const std::string& message, const std::string& id = "1", const std::string& rest = "") {
  const std::string body = R"({"__type":"ValidationException","message":")" + message + "\"" + rest + "}";
  return "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: " + id +
         "\r\nDate: " + id + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

KnownAnswers after(const std::string& answer) {
  KnownAnswers known;
  known.learn(answer);
  return known;
}

TEST(KnownAnswers, RecogniseWhatDiffersInIdDateAndMessageAlone) {
  KnownAnswers known = after(refusal("Value 'a' is no good: [\\\\.a]"));
  const std::string other = refusal("Value '\u00E9' is no good: [\\\\.a]", "22");
  EXPECT_TRUE(known.recognises(other));
  EXPECT_EQ(known.request_id(), "22");
  EXPECT_TRUE(known.recognises(refusal("")));
}

TEST(KnownAnswers, RecogniseNothingBeforeTheyWereToldOfIt) {
  KnownAnswers known;
  EXPECT_FALSE(known.recognises(refusal("a")));
}

TEST(KnownAnswers, DoNotRecogniseAnotherStatusTypeOrMember) {
  KnownAnswers known = after(refusal("a"));
  std::string other = refusal("a");
  other.replace(other.find("400"), 3, "500");
  EXPECT_FALSE(known.recognises(other));
  other = refusal("a");
  other.replace(other.find("ValidationException"), 19, "ValidationExceptiom");
  EXPECT_FALSE(known.recognises(other));
  EXPECT_FALSE(known.recognises(refusal("a", "1", R"(,"x":1)")));
  other = refusal("a");
  other.replace(other.find("json-1.1"), 8, "json-1.0");
  EXPECT_FALSE(known.recognises(other));
  other = refusal("a");
  other.erase(other.find("x-amzn"), other.find("Date") - other.find("x-amzn"));
  EXPECT_FALSE(known.recognises(other));
}

// Each of these is for the judge to look at, wherever it stands.
TEST(KnownAnswers, LookAtEveryByteOfAMessage) {
  KnownAnswers known = after(refusal("a"));
  for (std::size_t place = 0; place < 20; ++place) {
    const auto with = [place](const char* part) { return refusal(std::string(20, 'x').insert(place, part)); };
    for (const char* part : {"\x01", "\x1F", "\x80", "\xFF", "\xC3", "\\x", "\\n", "\\u0041"})
      EXPECT_FALSE(known.recognises(with(part))) << part;
    for (const char* part : {"\u00E9", "\U0001F600", "\\\\", "\\\"", "\\/", " ", "\x7F"})
      EXPECT_TRUE(known.recognises(with(part))) << part;
  }
}

// Each of these is for the judge to look at.
TEST(KnownAnswers, LeaveAMessageThatIsNoPlainTextToTheJudge) {
  KnownAnswers known = after(refusal("a"));
  for (const char* message : {"\xFF", "\xED\xA0\x80", "\x01", "\\u0041", "\\n    at x", "\\x", "see /home/glue"})
    EXPECT_FALSE(known.recognises(refusal(message))) << message;
  std::string number = refusal("a");
  number.replace(number.find("\"a\""), 3, "123");
  EXPECT_FALSE(known.recognises(number));
}

TEST(KnownAnswers, TakeNoMessageForOneThatIsPartOfAnotherText) {
  const std::string inside = refusal(R"(\"message\":\"a\")");
  KnownAnswers known = after(inside);
  EXPECT_TRUE(known.recognises(inside));
  EXPECT_TRUE(known.recognises(refusal("b")));
}

std::string success(const std::string& id, const std::string& name = "Id") {
  const std::string body = "{\"" + name + "\": \"" + id + "\"}";
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(KnownAnswers, TakeAnyEchoWhereNobodyAsksWhatItIs) {
  KnownAnswers known("Id");
  known.learn(success("a"));
  for (const char* id : {"b", "", "\u00E9", "\\u00e9\\ud83d\\ude00\\n"})
    EXPECT_TRUE(known.recognises(success(id))) << id;
  for (const char* id :
       {"\xFF", "\x01", "\\ud83d", "\\ude00", "\\ud83d\\u0041", "\\u00g0", "\\u00", "\\x", "b\",\"x\":\"y"})
    EXPECT_FALSE(known.recognises(success(id))) << id;
  EXPECT_FALSE(known.recognises(success("a", "id")));
  EXPECT_FALSE(after(success("a")).recognises(success("b"))) << "it may be asked what it is";
}

TEST(KnownAnswers, SayWhichOfThemItIsLike) {
  KnownAnswers known("Id");
  EXPECT_EQ(known.learn(success("a")), 0U);
  EXPECT_EQ(known.learn(success("b")), std::nullopt);
  EXPECT_EQ(known.learn(refusal("a")), 1U);
  for (int times = 0; times < 2; ++times) {
    EXPECT_TRUE(known.recognises(refusal("c")));
    EXPECT_EQ(known.which(), 1U);
    EXPECT_TRUE(known.recognises(success("c")));
    EXPECT_EQ(known.which(), 0U);
  }
}

TEST(KnownAnswers, LeaveAHeaderThatAStrictReaderRefusesToIt) {
  KnownAnswers known = after(refusal("a"));
  EXPECT_FALSE(known.recognises(refusal("a", std::string(1, '\0'))));
  EXPECT_FALSE(known.recognises(refusal("a", "a\x01")));
  EXPECT_FALSE(known.recognises(refusal("a", "a\x7F")));
  EXPECT_TRUE(known.recognises(refusal("a", "a\tb")));
}

TEST(KnownAnswers, AreNotConfusedByWhatIsNoAnswer) {
  KnownAnswers known;
  for (const char* bytes : {"", "\r\n\r\n", "HTTP/1.1 200 OK\r\n", "a:\r\n\r\n{\"message\":\""}) {
    known.learn(bytes);
    (void)known.recognises(bytes);
  }
  EXPECT_FALSE(known.recognises(refusal("a")));
}

}  // namespace
}  // namespace conformance::known_answers_test
