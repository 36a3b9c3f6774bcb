#include "harness/judge/verdict.h"

#include <gtest/gtest.h>

namespace conformance::verdict_test {
namespace {

TEST(Verdict, HasTheWordOfTheReports) {
  EXPECT_EQ(name_of(Verdict::pass), "pass");
  EXPECT_EQ(name_of(Verdict::fail), "fail");
  EXPECT_EQ(name_of(Verdict::inconclusive), "inconclusive");
  EXPECT_EQ(name_of(Verdict::skipped), "skipped");
  EXPECT_EQ(name_of(Verdict::error), "error");
}

// What nobody judged must never count as a pass.
TEST(Judgement, IsAnErrorUntilSomethingWasFound) { EXPECT_EQ(Judgement{}.verdict, Verdict::error); }

TEST(Summary, OfASuccessNamesTheEcho) {
  Answer answer;
  answer.outcome = spec::Outcome::success;
  answer.status = 200;
  answer.body_is_object = true;
  EXPECT_EQ(summary_of(answer), "200");
  answer.echo = "a";
  EXPECT_EQ(summary_of(answer), "200 with \"a\"");
}

TEST(Summary, OfAnErrorHasStatusTypeAndMessage) {
  Answer answer;
  answer.outcome = spec::Outcome::rejected_as_invalid;
  answer.status = 400;
  answer.type = "ValidationException";
  EXPECT_EQ(summary_of(answer), "400 ValidationException");
  answer.message = "1 validation error detected";
  EXPECT_EQ(summary_of(answer), "400 ValidationException: 1 validation error detected");
}

TEST(Summary, SaysWhatIsWrongWithABodyThatHasNoType) {
  Answer answer;
  answer.outcome = spec::Outcome::server_fault;
  answer.status = 503;
  answer.body_fault = "body is not JSON";
  EXPECT_EQ(summary_of(answer), "503 (body is not JSON)");
  answer.type = "ServiceUnavailable";  // from the header
  EXPECT_EQ(summary_of(answer), "503 ServiceUnavailable");
}

TEST(Summary, SaysWhyThereIsNoResponse) {
  Answer answer;
  answer.body_fault = "timeout: after 0 bytes";
  EXPECT_EQ(summary_of(answer), "no response (timeout: after 0 bytes)");
}

}  // namespace
}  // namespace conformance::verdict_test
