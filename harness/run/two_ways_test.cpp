#include "harness/run/two_ways.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/case/case_builder.h"
#include "suites/suites.h"

namespace conformance::two_ways_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const spec::SpecTable& table() { return spec::builtin_table(); }
const wire::Credentials keys{"AKID", "a-secret-key", "a-session-token"};

reference::Options verifying(std::vector<std::string> deviations = {}) {
  reference::Options options;
  options.deviations = std::move(deviations);
  options.auth.accounts = {{keys.access_key, keys.secret_key, keys.session_token}};
  options.auth.region = "us-east-1";
  return options;
}

std::vector<Case> cases_of(const std::string& area, const std::string& prefix) {
  std::vector<Case> all = suites::all_cases(table(), 0, Tier::standard, prefix);
  std::erase_if(all, [&area](const Case& c) { return !c.id.starts_with(area); });
  return all;
}

RunConfig config_for(const reference::ReferenceEndpoint& endpoint, const std::string& prefix) {
  RunConfig config;
  config.endpoint = wire::parse_url(endpoint.url());
  config.prefix = prefix;
  config.signer.emplace(keys, "us-east-1", table().service);
  config.effect_wait = std::chrono::milliseconds(100);
  return config;
}

// An upstream, and one that stands for a proxy in front of it.
class TwoWaysTest : public testing::Test {
 protected:
  void go(const std::string& area, std::vector<std::string> of_upstream = {}, std::vector<std::string> of_proxy = {}) {
    const reference::ReferenceEndpoint upstream(verifying(std::move(of_upstream)));
    const reference::ReferenceEndpoint proxy(verifying(std::move(of_proxy)));
    const std::vector<Case> plan = cases_of(area, run_prefix(0)), direct = cases_of(area, direct_prefix(0));
    TwoWays both(table(), {config_for(upstream, direct_prefix(0)), direct}, {config_for(proxy, run_prefix(0)), plan});
    fatal = both.prepare();
    if (!fatal.empty()) return;
    if (interrupts) both.interrupt();
    std::vector<std::size_t> all(plan.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    left = both.run(all, [this](std::size_t, CaseResult result) { results.push_back(std::move(result)); });
    EXPECT_EQ(results.size(), plan.size());
    left_in_all = upstream.session_count() + proxy.session_count();
    EXPECT_TRUE(both.left_nothing());
  }
  [[nodiscard]] std::set<std::string> failed() const {
    std::set<std::string> all;
    for (const CaseResult& result : results)
      if (result.judgement.verdict == Verdict::fail) all.insert(result.judgement.requirement);
    return all;
  }
  [[nodiscard]] std::size_t with(Verdict verdict) const {
    return static_cast<std::size_t>(std::count_if(results.begin(), results.end(), [verdict](const CaseResult& result) {
      return result.judgement.verdict == verdict;
    }));
  }

  bool interrupts = false;
  std::string fatal;
  std::vector<std::string> left;
  std::size_t left_in_all = 0;
  std::vector<CaseResult> results;
};

TEST_F(TwoWaysTest, FindNothingWhereTheProxyChangesNothing) {
  go("id.length.");
  EXPECT_GT(results.size(), 10U);
  EXPECT_EQ(with(Verdict::pass), results.size());
  EXPECT_THAT(left, IsEmpty());
  EXPECT_EQ(left_in_all, 0U);
}

TEST_F(TwoWaysTest, DoNotBlameAProxyForItsUpstream) {
  go("id.length.", {"id-max-256"}, {"id-max-256"});
  EXPECT_EQ(with(Verdict::pass), results.size());
}

TEST_F(TwoWaysTest, BlameAProxyForWhatItsUpstreamDoesNot) {
  go("id.length.", {}, {"proxy-replaces-errors"});
  EXPECT_THAT(failed(), ElementsAre("proxy.error_body"));
  EXPECT_EQ(left_in_all, 0U);
}

TEST_F(TwoWaysTest, NameTheHostThatArrives) {
  go("delete.missing.", {}, {"proxy-rewrites-host"});
  EXPECT_THAT(failed(), ElementsAre("proxy.host"));
  EXPECT_THAT(results.front().judgement.actual, HasSubstr("signed for \"127.0.0.1\" is taken"));
}

TEST_F(TwoWaysTest, TellAHostFromWhateverElseIsSigned) {
  go("delete.missing.", {}, {"proxy-adds-charset"});
  EXPECT_THAT(failed(), ElementsAre("proxy.signature"));
}

TEST_F(TwoWaysTest, HoldTheProxyToVerifyingWhatItsUpstreamVerifies) {
  go("auth.", {}, {"signature-not-checked"});
  EXPECT_THAT(failed(), ElementsAre("proxy.outcome"));
}

// The sessions of a cache are never deleted through it.
TEST_F(TwoWaysTest, SeeAnEffectThatIsNotThereAndCleanUpAllTheSame) {
  go("delete.plain.", {}, {"proxy-caches"});
  EXPECT_THAT(failed(), ElementsAre("proxy.effect"));
}

TEST_F(TwoWaysTest, CannotBeTestedWithoutAnUpstream) {
  const std::vector<Case> plan = cases_of("id.length.", run_prefix(0));
  const reference::ReferenceEndpoint proxy(verifying());
  reference::ReferenceEndpoint upstream(verifying());
  const RunConfig direct = config_for(upstream, direct_prefix(0));
  upstream.stop();
  TwoWays both(table(), {direct, plan}, {config_for(proxy, run_prefix(0)), plan});
  EXPECT_THAT(both.prepare(), StartsWith("without the proxy: no answer"));
}

TEST_F(TwoWaysTest, AreBothInterrupted) {
  interrupts = true;
  go("id.length.");
  EXPECT_EQ(with(Verdict::skipped), results.size());
  EXPECT_EQ(left_in_all, 0U);
}

TEST(DirectPrefix, IsAsLongAsThatOfTheRunAndAnother) {
  for (const std::uint64_t seed : {0ULL, 1ULL, 99ULL}) {
    EXPECT_EQ(direct_prefix(seed).size(), run_prefix(seed).size());
    EXPECT_NE(direct_prefix(seed), run_prefix(seed));
  }
}

}  // namespace
}  // namespace conformance::two_ways_test
