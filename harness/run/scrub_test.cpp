#include "harness/run/scrub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::scrub_test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const std::string token = "IQoJb3JpZ2luX2VjEXAMPLE+/token==";
const std::string signature = std::string(32, 'a') + std::string(32, '7');
const std::string mark(Scrubber::mark);

Scrubber scrubber() { return Scrubber({"AKIDEXAMPLE", key, token}); }

wire::Exchange echoing(const std::string& said) {
  wire::Exchange exchange;
  exchange.sent = "POST / HTTP/1.1\r\nX-Amz-Security-Token: " + token +
                  "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/x, Signature=" + signature +
                  "\r\n\r\n{\"Id\":\"a\"}";
  exchange.received = "HTTP/1.1 400 " + said + "\r\nX-" + said + ": " + said + "\r\n\r\n" + said;
  exchange.detail = said;
  exchange.response.emplace();
  exchange.response->reason = exchange.response->body = said;
  exchange.response->headers = {{said, said}};
  return exchange;
}

// Every string of a result that an endpoint has a say in, one a line.
std::string strings_of(const CaseResult& result) {
  const Judgement& j = result.judgement;
  std::string all;
  for (const std::string& s : {j.expected, j.actual, j.reason, j.note, j.answer.type, j.answer.type_place,
                               j.answer.message, j.answer.body_fault, j.answer.echo.value_or("")})
    all += s + "\n";
  for (const auto& exchange : {result.stimulus, result.control}) {
    if (!exchange) continue;
    all += exchange->sent + "\n" + exchange->received + "\n" + exchange->detail + "\n";
    if (!exchange->response) continue;
    all += exchange->response->reason + "\n" + exchange->response->body + "\n";
    for (const wire::Header& header : exchange->response->headers) all += header.name + "\n" + header.value + "\n";
  }
  return all;
}

CaseResult result_that_says(const std::string& said) {
  CaseResult result;
  Judgement& j = result.judgement;
  j.expected = j.actual = j.reason = j.note = j.answer.type = j.answer.type_place = j.answer.message =
      j.answer.body_fault = said;
  j.answer.echo = said;
  result.stimulus = result.control = echoing(said);
  return result;
}

TEST(Scrubber, LeavesEverySecretOutOfEveryString) {
  for (const std::string& secret : {key, token, signature}) {
    const CaseResult result = scrubber().scrubbed(result_that_says("T" + secret + "'" + secret + "!"));
    EXPECT_THAT(strings_of(result), Not(HasSubstr(secret))) << secret;
    EXPECT_EQ(result.judgement.answer.type, "T" + mark + "'" + mark + "!");
    EXPECT_EQ(result.judgement.answer.echo, "T" + mark + "'" + mark + "!");
    EXPECT_EQ(result.control->response->headers.front().name, "T" + mark + "'" + mark + "!");
  }
}

TEST(Scrubber, LeavesCredentialsOutOfTheRequest) {
  const CaseResult result = scrubber().scrubbed(result_that_says("x"));
  EXPECT_EQ(result.stimulus->sent, "POST / HTTP/1.1\r\nX-Amz-Security-Token: " + mark + "\r\nAuthorization: " + mark +
                                       "\r\n\r\n{\"Id\":\"a\"}");
}

TEST(Scrubber, FindsASecretThatWasCutShort) {
  const std::string text = scrubber().scrubbed("got " + token.substr(0, 20) + "…(12 more bytes)…" + key.substr(20));
  EXPECT_EQ(text, "got " + mark + "…(12 more bytes)…" + mark);
}

TEST(Scrubber, FindsASecretAsJsonAndUrlsSpellIt) {
  EXPECT_EQ(scrubber().scrubbed(R"(<wJalrXUtnFEMI\/K7MDENG\/bPxRfiCYEXAMPLEKEY>)"), "<" + mark + ">");
  EXPECT_EQ(scrubber().scrubbed(R"(<wJalrXUtnFEMI\\/K7MDENG\\/bPxRfiCYEXAMPLEKEY>)"), "<" + mark + ">");
  EXPECT_EQ(scrubber().scrubbed("<wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY>"), "<" + mark + ">");
}

TEST(Scrubber, LeavesTheRestAsItWas) {
  for (const std::string& text : {std::string(), std::string("AKIDEXAMPLE"), key.substr(0, 11), std::string(70000, 'a'),
                                  std::string("\0\xff", 2)})
    EXPECT_EQ(scrubber().scrubbed(text), text);
  EXPECT_EQ(scrubber().scrubbed("a" + key), "a" + mark);
  EXPECT_EQ(scrubber().scrubbed(key + "a"), mark + "a");
}

TEST(Scrubber, TakesDummyCredentialsForNoSecret) {
  const Scrubber dummy({"test", "test", ""});
  EXPECT_EQ(dummy.scrubbed("a test of tests"), "a test of tests");
  CaseResult result;
  result.judgement.actual = "test " + signature;
  EXPECT_EQ(dummy.scrubbed(result).judgement.actual, "test " + signature);
}

TEST(Scrubber, FindsAShortSecretWhole) {
  const Scrubber s({"a", "s3cr3t", ""});
  EXPECT_EQ(s.scrubbed("s3cr3ts3cr3 s3cr3t"), mark + "s3cr3 " + mark);
}

TEST(Scrubber, KnowsTheTokenOfAMessageThoughNobodyNamedIt) {
  const CaseResult result = Scrubber().scrubbed(result_that_says("says " + token));
  EXPECT_EQ(result.judgement.actual, "says " + mark);
  EXPECT_THAT(strings_of(result), Not(HasSubstr(token)));
}

TEST(Scrubber, ChangesNothingTheSecondTime) {
  const CaseResult once = scrubber().scrubbed(result_that_says(token + key + signature));
  EXPECT_EQ(strings_of(scrubber().scrubbed(once)), strings_of(once));
}

TEST(Scrubber, LeavesSecretsOutOfTheEnd) {
  RunEnd end;
  end.fatal = "refused: " + token;
  end.characteristics = {{"id", "400 " + key, {"a case: " + token}}};
  const RunEnd scrubbed = scrubber().scrubbed(end);
  EXPECT_EQ(scrubbed.fatal, "refused: " + mark);
  EXPECT_EQ(scrubbed.characteristics.front().reading, "400 " + mark);
  EXPECT_EQ(scrubbed.characteristics.front().observations.front(), "a case: " + mark);
}

TEST(Scrubber, KnowsTheSignatureOfAnyRequestByItsName) {
  const std::string said = "should have been 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/x, Signature=" + signature + "'";
  const std::string shown = "should have been 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/x, Signature=" + mark + "'";
  EXPECT_EQ(scrubber().scrubbed(said + said), shown + shown);
  EXPECT_EQ(scrubber().scrubbed("Signature=" + signature), "Signature=" + mark);
  for (const char* harmless : {"Signature=", "Signature=none", "Signature=abcdef, Signature="})
    EXPECT_EQ(scrubber().scrubbed(harmless), harmless);
  // Of a request of another case.
  const std::string other(64, 'b');
  EXPECT_THAT(strings_of(scrubber().scrubbed(result_that_says("Signature=" + other))), Not(HasSubstr(other)));
}

TEST(Scrubber, LearnsTheSecretsOfCredentialsThatCameLater) {
  const Scrubber scrubber(wire::Credentials{"AKID", "the-first-secret-key", ""});
  const Scrubber copy = scrubber;
  copy.add({"AKID", "the-second-secret-key", "the-token-of-the-second"});
  for (const Scrubber& each : {scrubber, copy})
    EXPECT_EQ(each.scrubbed("the-first-secret-key, the-second-secret-key, the-token-of-the-second"),
              "(secret left out), (secret left out), (secret left out)");
}

}  // namespace
}  // namespace conformance::scrub_test
