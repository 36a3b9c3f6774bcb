#include "harness/suite/failure_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::suite::failure_text_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

CaseResult failed() {
  CaseResult result;
  result.test.id = "id.length.ascii.256";
  result.test.title = "256 bytes\x1b[31m";
  result.judgement.verdict = Verdict::fail;
  result.judgement.requirement = "id.length.max";
  result.judgement.expected = "400 InvalidInputException";
  result.judgement.actual = "200\r\n";
  return result;
}

TEST(FailureText, SaysWhatIsRequiredWhatCameAndHowToSeeItAgain) {
  RunInfo info;
  info.endpoint_arg = "--endpoint http://127.0.0.1:5000";
  info.replay_args = "--seed 7";
  EXPECT_THAT(failure_text(info, spec::builtin_table(), failed()),
              AllOf(HasSubstr("id.length.max (must, "), HasSubstr("\n  source: "),
                    HasSubstr("\n  expected: 400 InvalidInputException\n"),
                    HasSubstr("\n  again: glue-conformance replay id.length.ascii.256"),
                    HasSubstr("--endpoint http://127.0.0.1:5000")));
}

TEST(FailureText, HasNothingInItThatATerminalWouldObey) {
  const std::string text = failure_text({}, spec::builtin_table(), failed());
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
}

TEST(FailureText, SaysWhyNothingIsKnown) {
  CaseResult result;
  result.judgement.verdict = Verdict::inconclusive;
  result.judgement.reason = "throttled";
  EXPECT_EQ(failure_text({}, spec::builtin_table(), result), "inconclusive: throttled");
}

}  // namespace
}  // namespace conformance::suite::failure_text_test
