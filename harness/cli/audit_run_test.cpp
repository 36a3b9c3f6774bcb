#include "harness/cli/audit_run.h"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <thread>

#include "harness/case/case_builder.h"
#include "suites/suites.h"

namespace conformance::cli::audit_run_test {
namespace {

TEST(InOrder, HandsOverWhatIsDoneInItsOrderWhateverTheOrderOfBeingDone) {
  std::vector<std::size_t> computed(20), done;
  in_order(
      computed.size(),
      [&](std::size_t i) {
        if (i % 2 == 0) std::this_thread::yield();
        computed[i] = i + 1;
      },
      [&](std::size_t i) { done.push_back(computed[i]); });
  std::vector<std::size_t> expected(20);
  std::iota(expected.begin(), expected.end(), std::size_t{1});
  EXPECT_EQ(done, expected);
  in_order(
      0, [](std::size_t) { FAIL(); }, [](std::size_t) { FAIL(); });
}

TEST(InOrder, ThrowsWhatAComputationThrows) {
  EXPECT_THROW(in_order(
                   10, [](std::size_t i) { i == 3 ? throw std::runtime_error("three") : void(); }, [](std::size_t) {}),
               std::runtime_error);
}

TEST(AuditRun, CountsWhatFailsByItsRequirement) {
  const std::string prefix = run_prefix(1);
  std::vector<Case> plan = suites::all_cases(spec::builtin_table(), 1, Tier::smoke);
  std::erase_if(plan, [](const Case& c) { return !c.id.starts_with("id.length."); });
  const AuditPlan audit{plan, prefix};
  EXPECT_TRUE(run_against({}, SessionMode::create, audit).failed.empty());
  const AuditRun run = run_against({.deviations = {"id-max-256"}}, SessionMode::create, audit);
  EXPECT_EQ(run.cases, plan.size());
  EXPECT_TRUE(run.failed.contains("id.length.max"));
}

TEST(AuditRun, UsesTheSessionsThatTheEndpointHasFromTheBeginning) {
  std::vector<Case> plan = suites::all_cases(spec::builtin_table(), 1, Tier::standard);
  std::erase_if(plan, [](const Case& c) { return !c.id.starts_with("session.ended."); });
  const AuditPlan audit{plan, run_prefix(1)};
  EXPECT_EQ(run_against({}, SessionMode::automatic, audit).of_other_states, 3U);
  reference::Options given;
  given.sessions = ended_sessions();
  EXPECT_EQ(run_against(given, SessionMode::automatic, audit).passed, 3U);
  given.deviations = {"failed-refused"};
  EXPECT_TRUE(run_against(given, SessionMode::automatic, audit).failed.contains("delete.ended"));
}

TEST(AuditRun, HoldsAProxyAgainstAnEndpointThatConforms) {
  const auto cases_of = [](const std::string& prefix) {
    std::vector<Case> plan = suites::all_cases(spec::builtin_table(), 1, Tier::smoke, prefix);
    std::erase_if(plan, [](const Case& c) { return !c.id.starts_with("id.length."); });
    return plan;
  };
  const std::vector<Case> plan = cases_of(run_prefix(1)), direct = cases_of(run_prefix(2));
  const AuditPlan audit{plan, run_prefix(1)};
  EXPECT_EQ(run_as_proxy({}, audit, direct, run_prefix(2)).passed, plan.size());
  const AuditRun run = run_as_proxy({.deviations = {"proxy-renumbers"}}, audit, direct, run_prefix(2));
  ASSERT_EQ(run.failed.size(), 1U);
  EXPECT_TRUE(run.failed.contains("proxy.status"));
}

}  // namespace
}  // namespace conformance::cli::audit_run_test
