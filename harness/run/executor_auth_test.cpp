// What the executor does about signatures: whom it holds to verifying them, by which clock it signs, and whose sessions
// it leaves alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/case/case_builder.h"
#include "harness/run/executor.h"
#include "suites/suites.h"

namespace conformance::executor_auth_test {
namespace {

using testing::Contains;
using testing::HasSubstr;

const spec::SpecTable& table() { return spec::builtin_table(); }
const wire::Credentials keys{"AKID", "a-secret-key", "a-session-token"};

reference::Options verifying(std::vector<std::string> deviations = {}) {
  reference::Options options;
  options.deviations = std::move(deviations);
  options.auth.accounts = {{keys.access_key, keys.secret_key, keys.session_token}};
  options.auth.region = "us-east-1";
  return options;
}

std::vector<Case> cases_of(const std::string& area) {
  std::vector<Case> all = suites::all_cases(table(), 0, Tier::standard);
  std::erase_if(all, [&area](const Case& c) { return !c.id.starts_with(area); });
  return all;
}

RunConfig config_for(const reference::ReferenceEndpoint& endpoint) {
  RunConfig config;
  config.endpoint = wire::parse_url(endpoint.url());
  config.prefix = run_prefix(0);
  config.signer.emplace(keys, "us-east-1", table().service);
  return config;
}

struct Done {
  std::string fatal;
  std::vector<CaseResult> results;
  std::size_t requests = 0;

  [[nodiscard]] std::map<Verdict, std::size_t> verdicts() const {
    std::map<Verdict, std::size_t> all;
    for (const CaseResult& result : results) ++all[result.judgement.verdict];
    return all;
  }
  [[nodiscard]] std::set<std::string> failed() const {
    std::set<std::string> all;
    for (const CaseResult& result : results)
      if (result.judgement.verdict == Verdict::fail) all.insert(result.judgement.requirement);
    return all;
  }
};

Done run(const RunConfig& config, const std::vector<Case>& cases) {
  Executor executor(config, table(), cases);
  Done done;
  done.fatal = executor.prepare();
  if (!done.fatal.empty()) return done;
  std::vector<std::size_t> all(cases.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  (void)executor.run(all, [&](std::size_t, CaseResult result) { done.results.push_back(std::move(result)); });
  done.requests = executor.requests();
  return done;
}

TEST(ExecutorAuth, HoldsAnEndpointThatVerifiesToAllOfIt) {
  const reference::ReferenceEndpoint endpoint(verifying());
  const std::vector<Case> cases = cases_of("auth.");
  ASSERT_GT(cases.size(), 30U);
  const Done done = run(config_for(endpoint), cases);
  EXPECT_EQ(done.verdicts(), (std::map<Verdict, std::size_t>{{Verdict::pass, cases.size()}}));
}

TEST(ExecutorAuth, HoldsAnEndpointThatRefusesAnyForgeryToAllOfThem) {
  const reference::ReferenceEndpoint endpoint(verifying({"date-not-checked"}));
  EXPECT_EQ(run(config_for(endpoint), cases_of("auth.")).failed(), std::set<std::string>{"auth.date"});
}

TEST(ExecutorAuth, AsksNothingMoreOfAnEndpointThatVerifiesNothing) {
  const reference::ReferenceEndpoint endpoint;
  const std::vector<Case> cases = cases_of("auth.");
  const Done done = run(config_for(endpoint), cases);
  EXPECT_EQ(done.verdicts(), (std::map<Verdict, std::size_t>{{Verdict::skipped, cases.size()}}));
  EXPECT_LT(done.requests, 2 * cases.size()) << "each forgery once, and no session for any";
  for (const CaseResult& result : done.results) {
    EXPECT_THAT(result.judgement.reason, HasSubstr("does not authenticate"));
    EXPECT_THAT(result.judgement.readings,
                Contains(std::pair<std::string, std::string>("auth.claim", "does not authenticate")));
  }
}

TEST(ExecutorAuth, HoldsAnEndpointThatVerifiesNothingToItWhereThatIsRequired) {
  const reference::ReferenceEndpoint endpoint;
  RunConfig config = config_for(endpoint);
  config.require_auth = true;
  const std::set<std::string> failed = run(config, cases_of("auth.")).failed();
  for (const spec::Requirement& r : table().requirements) {
    if (r.id.starts_with("auth.")) {
      EXPECT_TRUE(failed.contains(r.id)) << r.id;
    }
  }
}

TEST(ExecutorAuth, ForgesNothingWhereNothingIsSigned) {
  const reference::ReferenceEndpoint endpoint;
  RunConfig config = config_for(endpoint);
  config.signer.reset();
  config.require_auth = true;
  const Done done = run(config, cases_of("auth."));
  EXPECT_EQ(done.verdicts().size(), 1U);
  EXPECT_EQ(done.results.front().judgement.verdict, Verdict::skipped);
  EXPECT_THAT(done.results.front().judgement.reason, HasSubstr("--no-sign"));
}

TEST(ExecutorAuth, AsksOfTokensOnlyWithTemporaryCredentials) {
  reference::Options options = verifying();
  options.auth.accounts.front().session_token.clear();
  const reference::ReferenceEndpoint endpoint(options);
  RunConfig config = config_for(endpoint);
  config.signer.emplace(wire::Credentials{keys.access_key, keys.secret_key, ""}, "us-east-1", table().service);
  const Done done = run(config, cases_of("auth.token."));
  EXPECT_EQ(done.verdicts(), (std::map<Verdict, std::size_t>{{Verdict::skipped, 2}}));
  EXPECT_THAT(done.results.front().judgement.reason, HasSubstr("no session token"));
}

TEST(ExecutorAuth, SignsByTheEndpointsClockWhereItsOwnIsWrong) {
  const reference::ReferenceEndpoint endpoint(verifying());
  RunConfig config = config_for(endpoint);
  config.signer->correct_clock(std::chrono::hours(2));
  const Done done = run(config, cases_of("auth.date."));
  EXPECT_EQ(done.fatal, "");
  EXPECT_LT(std::chrono::abs(config.signer->clock_correction()), std::chrono::minutes(1));
  EXPECT_EQ(done.verdicts(), (std::map<Verdict, std::size_t>{{Verdict::pass, 2}}));
}

TEST(ExecutorAuth, LeavesAWrongClockAloneWhereTheKeysAreTheFault) {
  const reference::ReferenceEndpoint endpoint(verifying());
  RunConfig config = config_for(endpoint);
  config.signer.emplace(wire::Credentials{"AKID", "another-secret-key", ""}, "us-east-1", table().service);
  EXPECT_THAT(run(config, cases_of("auth.date.")).fatal, HasSubstr("refuses the credentials"));
  EXPECT_EQ(config.signer->clock_correction(), std::chrono::seconds(0));
}

TEST(ExecutorAuth, TouchesNoSessionThatIsThereBeforeTheRun) {
  reference::Options options;
  options.deviations = {"id-number-coerced"};  // an endpoint that finds a session where nobody thought of one
  options.sessions.push_back({.id = "1", .role = "r", .command_json = "{}", .status = reference::Status::ready});
  const std::vector<Case> cases = cases_of("id.type.");
  for (const bool spares : {false, true}) {
    const reference::ReferenceEndpoint endpoint(options);
    RunConfig config = config_for(endpoint);
    config.sessions = SessionMode::none;
    config.spare_others = spares;
    const Done done = run(config, cases);
    EXPECT_EQ(endpoint.session_count(), spares ? 1U : 0U);
    const auto withheld = std::count_if(done.results.begin(), done.results.end(), [](const CaseResult& result) {
      return result.judgement.reason == "may name a session that is there and is not this run's";
    });
    EXPECT_EQ(withheld, spares ? 1 : 0);
  }
}

}  // namespace
}  // namespace conformance::executor_auth_test
