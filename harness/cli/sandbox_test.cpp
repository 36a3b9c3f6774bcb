#include "harness/cli/sandbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace conformance::cli::sandbox_test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

using Arguments = std::vector<std::string>;

Options parsed(Arguments arguments) {
  arguments.insert(arguments.begin(), "run");
  auto result = parse_options(arguments, [](const char*) -> const char* { return nullptr; });
  EXPECT_TRUE(std::holds_alternative<Options>(result));
  return std::get<Options>(std::move(result));
}

Options towards_aws(const Arguments& more = {}) {
  Arguments all{"--endpoint", "https://glue.us-east-1.amazonaws.com", "--sandbox-account", "123456789012"};
  all.insert(all.end(), more.begin(), more.end());
  return parsed(all);
}

const Arguments creating{"--sessions", "create", "--max-sessions", "20", "--session-role", "arn:aws:iam::1:role/r"};

TEST(Sandbox, KnowsTheRealServiceByItsHost) {
  for (const char* real : {"aws", "https://glue.us-east-1.amazonaws.com", "https://GLUE.eu-west-1.AMAZONAWS.com.:443/",
                           "https://glue.us-east-1.api.aws", "https://glue-fips.us-gov-west-1.amazonaws.com",
                           "https://glue.cn-north-1.amazonaws.com.cn"})
    EXPECT_TRUE(is_real_service(real)) << real;
  for (const char* other : {"", "http://localhost:5000", "https://amazonaws.com.example.com", "http://aws.example"})
    EXPECT_FALSE(is_real_service(other)) << other;
}

TEST(Sandbox, IsAsHarmlessAsItCanBeUnlessTheUserChooses) {
  const Options o = towards_aws();
  EXPECT_EQ(o.rate, 5);
  EXPECT_EQ(o.tier, Tier::smoke);
  EXPECT_EQ(o.sessions, SessionMode::none);
  EXPECT_TRUE(o.require_auth);
  EXPECT_EQ(sandbox_fault(o), "");
  const Options chosen = towards_aws({"--rate", "2", "--tier", "standard"});
  EXPECT_EQ(chosen.rate, 2);
  EXPECT_EQ(chosen.tier, Tier::standard);
}

TEST(Sandbox, HoldsAProxyOfTheRealServiceToTheSame) {
  const Arguments two_ways{"--endpoint", "http://127.0.0.1:8080", "--direct", "aws"};
  const auto with = [&two_ways](const Arguments& more) {
    Arguments all = two_ways;
    all.insert(all.end(), more.begin(), more.end());
    return parsed(all);
  };
  EXPECT_THAT(sandbox_fault(with({})), HasSubstr("--sandbox-account"));
  const Options o = with({"--sandbox-account", "123456789012"});
  EXPECT_EQ(sandbox_fault(o), "");
  EXPECT_TRUE(reaches_real_service(o));
  EXPECT_EQ(o.rate, 5);
  EXPECT_EQ(o.tier, Tier::smoke);
  EXPECT_EQ(o.sessions, SessionMode::none);
  EXPECT_THAT(sandbox_fault(with({"--sandbox-account", "123456789012", "--sessions", "create"})),
              HasSubstr("--max-sessions"));
  EXPECT_THAT(sandbox_fault(parsed(
                  {"--endpoint", "http://proxy.example", "--direct", "aws", "--sandbox-account", "123456789012"})),
              HasSubstr("https"));
  EXPECT_THAT(sandbox_fault(
                  parsed({"--endpoint", "aws", "--direct", "http://localhost:1", "--sandbox-account", "123456789012"})),
              HasSubstr("--direct does not"));
}

TEST(Sandbox, LeavesRunsAgainstAnythingElseAlone) {
  const Options o = parsed({"--endpoint", "http://localhost:5000"});
  EXPECT_EQ(o.rate, 0);
  EXPECT_EQ(o.tier, Tier::standard);
  EXPECT_EQ(o.sessions, SessionMode::automatic);
  EXPECT_FALSE(o.require_auth);
  EXPECT_EQ(sandbox_fault(o), "");
}

TEST(Sandbox, NeedsAnAccount) {
  EXPECT_THAT(sandbox_fault(parsed({"--endpoint", "aws"})), HasSubstr("--sandbox-account"));
  EXPECT_THAT(sandbox_fault(parsed({"--endpoint", "https://glue.us-east-1.amazonaws.com"})),
              HasSubstr("'glue.us-east-1.amazonaws.com' belongs to AWS"));
  for (const char* account : {"1", "12345678901x", "1234567890123"})
    EXPECT_THAT(sandbox_fault(parsed({"--endpoint", "aws", "--sandbox-account", account})), HasSubstr("12 digits"));
}

TEST(Sandbox, RefusesWhatCouldBeReadOrTakenByOthers) {
  EXPECT_THAT(
      sandbox_fault(parsed({"--endpoint", "http://glue.us-east-1.amazonaws.com", "--sandbox-account", "123456789012"})),
      HasSubstr("https"));
  EXPECT_THAT(sandbox_fault(towards_aws({"--insecure"})), HasSubstr("--insecure is refused"));
  EXPECT_THAT(sandbox_fault(towards_aws({"--no-sign"})), HasSubstr("--no-sign is refused"));
}

TEST(Sandbox, CreatesSessionsOnlyWithABoundAndARole) {
  EXPECT_THAT(sandbox_fault(towards_aws({"--sessions", "auto"})), HasSubstr("none or create"));
  EXPECT_THAT(sandbox_fault(towards_aws({"--sessions", "create", "--session-role", "r"})),
              HasSubstr("--max-sessions N"));
  EXPECT_THAT(sandbox_fault(towards_aws({"--sessions", "create", "--max-sessions", "3"})), HasSubstr("--session-role"));
  Arguments dear = creating;
  dear.insert(dear.end(), {"--session-worker-type", "X.99"});
  EXPECT_THAT(sandbox_fault(towards_aws(dear)), HasSubstr("'X.99' has no price"));
  EXPECT_EQ(sandbox_fault(towards_aws(creating)), "");
}

TEST(Sandbox, AsksForTheSmallestSessionWithTheShortestLife) {
  const suites::GivenOptions asked = towards_aws(creating).create_options;
  EXPECT_THAT(asked, Contains(Pair("--session-worker-type", "G.1X")));
  EXPECT_THAT(asked, Contains(Pair("--session-workers", "2")));
  EXPECT_THAT(asked, Contains(Pair("--session-timeout", "5")));
  EXPECT_THAT(asked, Contains(Pair("--session-idle-timeout", "1")));
  EXPECT_THAT(asked, Contains(Pair("--session-tag", "created-by=glue-conformance")));
  Arguments chosen = creating;
  chosen.insert(chosen.end(), {"--session-timeout", "9", "--session-tag", "team=data"});
  const suites::GivenOptions more = towards_aws(chosen).create_options;
  EXPECT_THAT(more, Contains(Pair("--session-timeout", "9")));
  EXPECT_THAT(more, testing::Not(Contains(Pair("--session-timeout", "5"))));
  EXPECT_THAT(more, Contains(Pair("--session-tag", "created-by=glue-conformance"))) << "beside the user's own";
  EXPECT_EQ(suites::fault_of(more), "");
}

TEST(Sandbox, ReckonsTheWorstCase) {
  const Options o = towards_aws(creating);
  const SandboxCost cost = worst_case(o);
  EXPECT_EQ(cost.sessions, 20U);
  EXPECT_DOUBLE_EQ(cost.dpus, 2);
  EXPECT_DOUBLE_EQ(cost.minutes, 5);
  EXPECT_NEAR(cost.dollars, 20 * 2 * 5 / 60.0 * 0.44, 1e-9);
  EXPECT_THAT(in_words(cost, o), HasSubstr("$1.47 at most: 20 sessions of 2 DPU for 5 minutes each"));
  EXPECT_THAT(in_words(worst_case(towards_aws()), o), HasSubstr("nothing is charged for"));
}

TEST(Sandbox, ReckonsNoLessThanTheServiceCharges) {
  Arguments tiny = creating;
  tiny.insert(tiny.end(), {"--session-workers", "1", "--session-worker-type", "G.025X", "--dpu-hour-price", "60"});
  tiny.insert(tiny.end(), {"--session-timeout", "1"});
  EXPECT_DOUBLE_EQ(worst_case(towards_aws(tiny)).dollars, 20 * 2 * 1.0);
  Arguments large = creating;
  large.insert(large.end(), {"--session-workers", "10", "--session-worker-type", "G.8X"});
  EXPECT_DOUBLE_EQ(worst_case(towards_aws(large)).dpus, 80);
}

}  // namespace
}  // namespace conformance::cli::sandbox_test
