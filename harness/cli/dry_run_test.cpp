#include "harness/cli/dry_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "suites/suites.h"

namespace conformance::cli::dry_run_test {
namespace {

using testing::HasSubstr;

std::vector<Case> smoke() { return suites::all_cases(spec::builtin_table(), 0, Tier::smoke); }

TEST(DryRun, ReckonsWhatTheBoundsLetIn) {
  Options options;
  options.tier = Tier::smoke;
  const Estimate whole = estimate(smoke(), options);
  EXPECT_EQ(whole.cases, smoke().size());
  EXPECT_GT(whole.requests, whole.cases);
  EXPECT_GT(whole.sessions, 0U);
  EXPECT_EQ(whole.requests, whole.unbounded);
  options.max_requests = 100;
  options.max_sessions = 5;
  const Estimate bounded = estimate(smoke(), options);
  EXPECT_LT(bounded.cases, whole.cases);
  EXPECT_LE(bounded.requests, 100U);
  EXPECT_LE(bounded.sessions, 5U);
  EXPECT_EQ(bounded.unbounded, whole.unbounded);
}

TEST(DryRun, ReckonsWithoutSessionsWhereNoneAreMade) {
  Options options;
  options.sessions = SessionMode::none;
  EXPECT_EQ(estimate(smoke(), options).sessions, 0U);
}

TEST(DryRun, SaysWhatItWouldTakeAndThatNothingWasSent) {
  Options options;
  options.endpoint = "aws";
  options.sandbox_account = "123456789012";
  options.rate = 5;
  options.sessions = SessionMode::none;
  std::ostringstream out;
  print_plan(smoke(), options, "https://glue.us-east-1.amazonaws.com", out);
  EXPECT_THAT(out.str(), HasSubstr("at 5 a second at least"));
  EXPECT_THAT(out.str(), HasSubstr("account   123456789012"));
  EXPECT_THAT(out.str(), HasSubstr("nothing is charged for"));
  EXPECT_THAT(out.str(), HasSubstr("Nothing was sent."));
}

}  // namespace
}  // namespace conformance::cli::dry_run_test
