#include "harness/judge/answer_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/judge/classify.h"

namespace conformance::answer_checks_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const spec::SpecTable& table() { return spec::builtin_table(); }

wire::Exchange answered(int status, std::string body) {
  wire::Exchange exchange;
  wire::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"x-amzn-requestid", "1"}};
  exchange.response = std::move(response);
  return exchange;
}

wire::Exchange refused(const std::string& message) {
  return answered(400, R"({"__type":"ValidationException","message":")" + message + "\"}");
}

std::vector<std::string> broken(const wire::Exchange& exchange) {
  std::vector<std::string> all;
  for (const AnswerCheck& check : check_answer(exchange, classify(exchange, table()), table())) {
    if (check.held) continue;
    EXPECT_FALSE(check.expected.empty()) << check.requirement;
    EXPECT_FALSE(check.actual.empty()) << check.requirement;
    all.push_back(check.requirement);
  }
  return all;
}

TEST(AnswerChecks, FindNothingInAProperAnswer) {
  EXPECT_THAT(broken(answered(200, R"({"Id":"a"})")), IsEmpty());
  EXPECT_THAT(broken(refused("no")), IsEmpty());
}

TEST(AnswerChecks, FindJsonThatReadersTakeDifferently) {
  EXPECT_THAT(broken(answered(200, R"({"Id":"a","Id":"b"})")), ElementsAre("answer.json"));
  EXPECT_THAT(broken(answered(200, "\xEF\xBB\xBF{\"Id\":\"a\"}")), ElementsAre("answer.json"));
  EXPECT_THAT(broken(answered(200, "{\"Id\":\"\xFF\"}")), ElementsAre("answer.json"));
}

TEST(AnswerChecks, LeaveABodyThatIsNoJsonToTheCheckOfErrors) {
  EXPECT_THAT(broken(answered(400, "<html/>")), ElementsAre("error.body"));
}

TEST(AnswerChecks, MissARequestId) {
  wire::Exchange exchange = refused("no");
  exchange.response->headers.pop_back();
  EXPECT_THAT(broken(exchange), ElementsAre("answer.request_id"));
}

TEST(AnswerChecks, FindAnotherMediaType) {
  wire::Exchange exchange = refused("no");
  exchange.response->headers.front().value = "text/plain";
  EXPECT_THAT(broken(exchange), ElementsAre("answer.content_type"));
}

TEST(AnswerChecks, FindWhatAMessageGivesAway) {
  for (const char* message :
       {R"(Traceback (most recent call last):\n  File \"app.py\", line 3)",
        R"(boom\n\tat com.acme.Glue.main(Glue.java:3))", R"(boom\n    at Object.<anonymous> (index.js:1:1))",
        R"(no such file: /home/glue/sessions.db)", R"(C:\\glue\\sessions.db)", R"(aws_secret_access_key=x)"})
    EXPECT_THAT(broken(refused(message)), ElementsAre("error.no_leak")) << message;
}

TEST(AnswerChecks, LetAnErrorSayBackWhatWasAsked) {
  wire::Exchange exchange = refused("no such session: /home/x");
  exchange.sent = "POST / HTTP/1.1\r\n\r\n{\"Id\":\"/home/x\"}";
  EXPECT_THAT(broken(exchange), IsEmpty());
}

TEST(AnswerChecks, FindOnlyHttpInWhatIsNoAnswer) {
  wire::Exchange exchange;
  exchange.failure = wire::TransportFailure::malformed;
  EXPECT_THAT(broken(exchange), ElementsAre("answer.http"));
  exchange.failure = wire::TransportFailure::timeout;
  EXPECT_THAT(broken(exchange), IsEmpty());
}

TEST(CheckAnswer, TakesAConnectionThatEndsAfterAWholeAnswerForNoBrokenOne) {
  wire::Exchange exchange;
  exchange.failure = wire::TransportFailure::closed;
  exchange.received = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  exchange.answered_bytes = exchange.received.size();
  EXPECT_THAT(broken(exchange), IsEmpty());
  exchange.received += "HTTP/1.1 2";
  EXPECT_THAT(broken(exchange), ElementsAre("answer.http"));
}

TEST(LeakIn, IsSeenWhereverItStands) {
  for (const char* leak :
       {"Traceback (most recent call last)", "\n\tat com.x", "\n    at x.js:1", "Exception in thread \"main",
        "goroutine 1 [", "thread panicked at x", "site-packages/x", "node_modules/x", "/usr/lib/x", "/usr/local/x",
        "/var/task/x", "/home/x", "the C:\\x", "aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "-----BEGIN RSA"}) {
    EXPECT_THAT(leak_in(leak, ""), testing::Not(IsEmpty())) << leak;
    EXPECT_THAT(leak_in(std::string("(-_/\\k[\n\"") + leak + "(-_/k", ""), testing::Not(IsEmpty())) << leak;
    EXPECT_THAT(leak_in(std::string(leak).substr(0, 2), ""), IsEmpty()) << leak;
    EXPECT_THAT(leak_in(leak, std::string("asked: ") + leak), IsEmpty()) << leak;
    for (std::size_t before = 0; before < 17; ++before) {
      for (std::size_t after = 0; after < 17; ++after) {
        const std::string text = std::string(before, 'x') + leak + std::string(after, 'x');
        EXPECT_THAT(leak_in(text, ""), testing::Not(IsEmpty())) << text;
      }
    }
  }
}

}  // namespace
}  // namespace conformance::answer_checks_test
