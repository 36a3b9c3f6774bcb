#include "glue_conformance/suite.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "harness/case/case_builder.h"
#include "harness/run/board.h"
#include "harness/run/executor.h"
#include "harness/run/plan.h"
#include "harness/run/scrub.h"
#include "harness/suite/failure_text.h"
#include "harness/text/escape.h"
#include "harness/wire/url.h"
#include "harness/wire/usage_error.h"
#include "suites/suites.h"

namespace glue_conformance {
namespace {

using namespace conformance;

conformance::Tier tier_of(Tier tier) {
  return tier == Tier::smoke        ? conformance::Tier::smoke
         : tier == Tier::exhaustive ? conformance::Tier::exhaustive
                                    : conformance::Tier::standard;
}

SessionMode mode_of(Sessions sessions) {
  return sessions == Sessions::create ? SessionMode::create
         : sessions == Sessions::none ? SessionMode::none
                                      : SessionMode::automatic;
}

wire::Url endpoint_at(const std::string& url) {
  wire::Url endpoint = wire::parse_url(url);
  if (wire::is_aws_host(endpoint.host))
    throw wire::UsageError(text::visible(endpoint.host) +
                           " belongs to AWS: `glue-conformance run --sandbox-account` knows what is safe there");
  return endpoint;
}

RunConfig config_of(const SuiteOptions& options, const wire::Credentials& keys, const std::string& url) {
  RunConfig config;
  config.endpoint = endpoint_at(url);
  config.client.connections = options.connections;
  config.client.timeout = options.timeout;
  config.client.give_up_after = 3 * options.connections;
  if (options.sign) config.signer.emplace(keys, options.region, spec::builtin_table().service);
  config.require_auth = options.require_auth;
  config.sessions = mode_of(options.sessions);
  config.prefix = run_prefix(options.seed);
  config.fail_level = options.should_fails ? spec::Level::should : spec::Level::must;
  config.limits.examples = options.examples;
  return config;
}

// As the program would be called for the same.
RunInfo info_of(const SuiteOptions& options, const std::string& url) {
  RunInfo info;
  info.endpoint = url;
  info.endpoint_arg = "--endpoint " + text::shell_quote(url);
  info.replay_args = "--seed " + std::to_string(options.seed);
  if (options.sessions == Sessions::none) info.replay_args += " --sessions none";
  if (options.sessions == Sessions::create) info.replay_args += " --sessions create";
  if (!options.should_fails) info.replay_args += " --level must";
  if (!options.sign) info.replay_args += " --no-sign";
  if (options.require_auth) info.replay_args += " --require-auth";
  if (options.examples != CampaignLimits{}.examples)
    info.replay_args += " --examples " + std::to_string(options.examples);
  if (options.region != "us-east-1") info.replay_args += " --region " + text::shell_quote(options.region);
  info.curl_url = url;
  info.region = options.region;
  info.signed_requests = options.sign;
  info.seed = options.seed;
  info.fail_level = options.should_fails ? spec::Level::should : spec::Level::must;
  info.tier = tier_of(options.tier);
  return info;
}

// One endpoint, its cases, and the thread that asks them.
class Suite {
 public:
  Suite(std::function<std::string()> endpoint, SuiteOptions options)
      : endpoint_(std::move(endpoint)),
        options_(std::move(options)),
        keys_{options_.access_key, options_.secret_key, options_.session_token},
        scrubber_(keys_),
        plan_(make_plan(suites::all_cases(spec::builtin_table(), options_.seed, tier_of(options_.tier)),
                        options_.filters)) {}
  ~Suite() { end(); }
  Suite(const Suite&) = delete;
  Suite& operator=(const Suite&) = delete;

  [[nodiscard]] const std::vector<Case>& plan() const { return plan_; }
  [[nodiscard]] const RunInfo& info() const { return info_; }
  [[nodiscard]] const std::string& name() const { return options_.name; }

  // What is asked when the first result is wanted.
  void select(std::vector<std::size_t> indices) {
    selected_ = std::move(indices);
    waiting_ = selected_.size();
  }
  [[nodiscard]] CaseResult take(std::size_t index) {
    if (!begun_) begin();
    std::optional<CaseResult> result = board_.take(index);
    if (!result) {
      result.emplace();
      result->test = plan_[index];
      result->judgement.requirement = result->test.requirement;
      result->judgement.verdict = Verdict::error;
      result->judgement.reason = board_.why();
    }
    // What comes after the last test may end the endpoint.
    if (--waiting_ == 0) worker_.join();
    return std::move(*result);
  }
  // Whatever was not taken is not asked any more. Returns what was created and could not be deleted.
  std::vector<std::string> end() {
    board_.abandon();
    if (executor_) executor_->interrupt();
    if (worker_.joinable()) worker_.join();
    executor_.reset();
    begun_ = false;
    board_.reset();
    return std::exchange(leftovers_, {});
  }

 private:
  void begin() {
    begun_ = true;
    try {
      const std::string url = endpoint_();
      info_ = info_of(options_, url);
      executor_.emplace(config_of(options_, keys_, url), spec::builtin_table(), plan_);
    } catch (const std::exception& error) {
      board_.close(std::string("the endpoint cannot be tested: ") + error.what());
    }
    worker_ = std::thread([this] {
      if (executor_) perform();
    });
  }

  void perform() {
    try {
      if (const std::string fatal = executor_->prepare(); !fatal.empty())
        return board_.close(scrubber_.scrubbed("the endpoint cannot be tested: " + fatal));
      leftovers_ = executor_->run(selected_, [this](std::size_t index, CaseResult result) {
        board_.post(index, scrubber_.scrubbed(std::move(result)));
      });
      board_.close("the suite ended without a verdict");
    } catch (const std::exception& error) {
      board_.close(scrubber_.scrubbed(std::string("the harness failed: ") + error.what()));
    }
  }

  std::function<std::string()> endpoint_;
  SuiteOptions options_;
  wire::Credentials keys_;
  Scrubber scrubber_;
  std::vector<Case> plan_;
  RunInfo info_;
  std::optional<Executor> executor_;
  std::vector<std::size_t> selected_;
  std::size_t waiting_ = 0;  // of those that are selected, how many were not taken yet
  Board board_;
  bool begun_ = false;
  std::thread worker_;
  std::vector<std::string> leftovers_;  // written by the worker
};

class SuiteTest : public testing::Test {
 public:
  SuiteTest(std::shared_ptr<Suite> suite, std::size_t index) : suite_(std::move(suite)), index_(index) {}

  void TestBody() override {
    const CaseResult result = suite_->take(index_);
    const Judgement& judgement = result.judgement;
    if (!judgement.requirement.empty()) RecordProperty("requirement", judgement.requirement);
    if (judgement.verdict == Verdict::skipped) GTEST_SKIP() << text::visible(judgement.reason);
    if (judgement.verdict == Verdict::pass || result.warning) return;
    ADD_FAILURE() << suite::failure_text(suite_->info(), spec::builtin_table(), result);
  }

 private:
  std::shared_ptr<Suite> suite_;
  std::size_t index_;
};

// Tells the suite which of its tests are run, and when there are no more of them.
class Around : public testing::EmptyTestEventListener {
 public:
  Around(std::shared_ptr<Suite> suite, std::map<const testing::TestInfo*, std::size_t> index_of)
      : suite_(std::move(suite)), index_of_(std::move(index_of)) {}

  void OnTestIterationStart(const testing::UnitTest& unit, int /*iteration*/) override {
    std::vector<std::size_t> selected;
    for (int s = 0; s < unit.total_test_suite_count(); ++s) {
      const testing::TestSuite* all = unit.GetTestSuite(s);
      for (int t = 0; t < all->total_test_count(); ++t) {
        const auto found = index_of_.find(all->GetTestInfo(t));
        if (found != index_of_.end() && found->first->should_run()) selected.push_back(found->second);
      }
    }
    suite_->select(std::move(selected));
  }
  void OnTestIterationEnd(const testing::UnitTest& /*unit*/, int /*iteration*/) override {
    const std::vector<std::string> left = suite_->end();
    EXPECT_TRUE(left.empty()) << suite_->name() << ": " << left.size()
                              << " sessions that the suite created could not be deleted, the first is "
                              << text::visible(left.front());
  }

 private:
  std::shared_ptr<Suite> suite_;
  std::map<const testing::TestInfo*, std::size_t> index_of_;
};

}  // namespace

std::size_t register_suite(std::function<std::string()> endpoint, const SuiteOptions& options) {
  const auto suite = std::make_shared<Suite>(std::move(endpoint), options);
  std::map<const testing::TestInfo*, std::size_t> index_of;
  for (std::size_t index = 0; index < suite->plan().size(); ++index) {
    const Case& test = suite->plan()[index];
    const std::string area = options.name + "/" + test.area;
    const std::string name = test.id.substr(test.area.size() + 1);
    const testing::TestInfo* info =
        testing::RegisterTest(area.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                              [suite, index]() -> SuiteTest* { return new SuiteTest(suite, index); });  // it owns it
    index_of[info] = index;
  }
  testing::UnitTest::GetInstance()->listeners().Append(new Around(suite, std::move(index_of)));  // it owns it
  return suite->plan().size();
}

}  // namespace glue_conformance
