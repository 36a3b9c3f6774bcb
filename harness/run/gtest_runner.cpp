#include "harness/run/gtest_runner.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

#include "harness/run/board.h"
#include "harness/run/characteristics.h"
#include "harness/run/plan.h"
#include "harness/run/totals.h"
#include "harness/text/escape.h"

namespace conformance {
namespace {

struct Shared {
  const std::vector<Case>& plan;
  Shard shard;
  Performer& performer;
  const spec::SpecTable& table;
  RunInfo info;
  const Scrubber& scrubber;
  const std::vector<RunListener*>& listeners;
  Characteristics characteristics;
  Board board;
  std::map<const testing::TestInfo*, std::size_t> index_of;
  TotalsByCase totals;
  std::vector<std::size_t> selected;
  std::size_t done = 0;
  std::vector<std::string> leftovers;
  Rulings* rulings = nullptr;
};

void report(Shared& shared, CaseResult& result) {
  if (shared.rulings != nullptr) shared.rulings->rule(result);
  shared.characteristics.add(result);
  for (RunListener* listener : shared.listeners) listener->on_case(result);
  ++shared.done;
  for (RunListener* listener : shared.listeners) listener->on_progress(shared.done, shared.selected.size());
  shared.totals.add(result);
}

CaseResult never_ran(const Shared& shared, std::size_t index, std::string why, Verdict verdict) {
  CaseResult result;
  result.test = shared.plan[index];
  result.judgement.requirement = result.test.requirement;
  result.judgement.verdict = verdict;
  result.judgement.reason = std::move(why);
  return result;
}

class CaseTest : public testing::Test {
 public:
  CaseTest(Shared& shared, std::size_t index) : shared_(shared), index_(index) {}

  void TestBody() override {
    std::optional<CaseResult> result = shared_.board.take(index_);
    if (!result) result = never_ran(shared_, index_, shared_.board.why(), Verdict::error);
    report(shared_, *result);
    const Judgement& judgement = result->judgement;
    const bool warning = result->warning;
    switch (judgement.verdict) {
      case Verdict::pass:
        break;
      case Verdict::skipped:
        GTEST_SKIP() << text::visible(judgement.reason);
      case Verdict::known:
        GTEST_SKIP() << "known: " << text::visible(result->known ? result->known->reason : "");
      case Verdict::fail:
        if (!warning)
          ADD_FAILURE() << judgement.requirement << ": expected " << text::visible(judgement.expected) << "; got "
                        << text::visible(judgement.actual);
        break;
      case Verdict::inconclusive:
      case Verdict::error:
        ADD_FAILURE() << name_of(judgement.verdict) << ": " << text::visible(judgement.reason);
    }
  }

 private:
  Shared& shared_;
  std::size_t index_;
};

// What GoogleTest's filter would say of a case of another shard, which it does not know.
bool is_let_in(const std::string& id) {
  const std::string filter = GTEST_FLAG_GET(filter);
  const auto matches_any = [&id](std::string_view patterns) {
    while (true) {
      const std::size_t colon = patterns.find(':');
      if (glob_match(patterns.substr(0, colon), id)) return true;
      if (colon == std::string_view::npos) return false;
      patterns.remove_prefix(colon + 1);
    }
  };
  const std::string_view all = filter;
  const std::size_t dash = all.find('-');
  if (dash == std::string_view::npos) return matches_any(all);
  const bool wanted = dash == 0 || matches_any(all.substr(0, dash));
  return wanted && !matches_any(all.substr(dash + 1));
}

// What this run and those of all other shards ask together: ids, in the order of the plan.
std::vector<std::string> plan_of_all_shards(const Shared& shared) {
  std::set<std::size_t> indices(shared.selected.begin(), shared.selected.end());
  for (std::size_t i = 0; i < shared.plan.size(); ++i)
    if (!shared.shard.holds(shared.plan[i].id) && is_let_in(shared.plan[i].id)) indices.insert(i);
  std::vector<std::string> ids;
  ids.reserve(indices.size());
  for (const std::size_t index : indices) ids.push_back(shared.plan[index].id);
  return ids;
}

// Starts the executor ahead of an iteration's tests and joins it after them.
class Ahead : public testing::EmptyTestEventListener {
 public:
  explicit Ahead(Shared& shared) : shared_(shared) {}

  void OnTestIterationStart(const testing::UnitTest& unit, int /*iteration*/) override {
    shared_.selected.clear();
    shared_.done = 0;
    shared_.board.reset();
    for (int s = 0; s < unit.total_test_suite_count(); ++s) {
      const testing::TestSuite* suite = unit.GetTestSuite(s);
      for (int t = 0; t < suite->total_test_count(); ++t) {
        const testing::TestInfo* test = suite->GetTestInfo(t);
        if (test->should_run()) shared_.selected.push_back(shared_.index_of.at(test));
      }
    }
    // Only now is it known what a filter of GoogleTest's or a shard leaves.
    if (!started_) {
      started_ = true;
      shared_.info.planned = shared_.selected.size();
      shared_.info.plan = std::make_shared<const std::vector<std::string>>(plan_of_all_shards(shared_));
      for (RunListener* listener : shared_.listeners) listener->on_start(shared_.info, shared_.table);
    }
    worker_ = std::thread([this] {
      try {
        const auto left = shared_.performer.run(shared_.selected, [this](std::size_t index, CaseResult result) {
          shared_.board.post(index, shared_.scrubber.scrubbed(std::move(result)));
        });
        shared_.leftovers = left;
        shared_.board.close("the executor ended without a verdict");
      } catch (const std::exception& error) {
        shared_.board.close(std::string("the harness failed: ") + error.what());
      }
    });
  }

  void OnTestIterationEnd(const testing::UnitTest& /*unit*/, int /*iteration*/) override {
    shared_.board.abandon();  // after --gtest_fail_fast there are tests that never fetch theirs
    worker_.join();
    // --gtest_fail_fast: what it left out is planned all the same.
    for (const std::size_t index : shared_.selected) {
      if (shared_.totals.contains(shared_.plan[index].id)) continue;
      CaseResult left_out = never_ran(shared_, index, "left out after the first failure", Verdict::skipped);
      report(shared_, left_out);
    }
  }

 private:
  Shared& shared_;
  bool started_ = false;
  std::thread worker_;
};

void register_plan(const std::vector<Case>& plan, const Shard& shard, Shared* shared) {
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const Case& c = plan[i];
    if (!shard.holds(c.id)) continue;
    const std::string name = c.id.substr(c.area.size() + 1);
    const testing::TestInfo* info =
        testing::RegisterTest(c.area.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                              [shared, i]() -> CaseTest* { return new CaseTest(*shared, i); });  // GoogleTest owns it
    if (shared != nullptr) shared->index_of[info] = i;
  }
}

// Decimal digits without a sign.
std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && text.front() != '-';
  return whole && value >= least && value <= most ? std::optional(value) : std::nullopt;
}

constexpr std::array sharding_variables{"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE"};

struct Flag {
  std::string_view name;
  enum class Takes { nothing, text, number } takes;
  std::int64_t least = 0, most = 0;
};

// GoogleTest's flags that make sense here. Not among them: those that end the process at a failure, and those of its
// printers, which are not used.
constexpr std::array flags_known{
    Flag{"filter", Flag::Takes::text},
    Flag{"output", Flag::Takes::text},
    Flag{"repeat", Flag::Takes::number, 1, 1'000'000},
    Flag{"random_seed", Flag::Takes::number, 0, 99999},
    Flag{"shuffle", Flag::Takes::nothing},
    Flag{"fail_fast", Flag::Takes::nothing},
    Flag{"list_tests", Flag::Takes::nothing},
    Flag{"also_run_disabled_tests", Flag::Takes::nothing},
    Flag{"catch_exceptions", Flag::Takes::nothing},
    Flag{"recreate_environments_when_repeating", Flag::Takes::nothing},
    Flag{"brief", Flag::Takes::nothing},
    Flag{"print_time", Flag::Takes::nothing},
    Flag{"print_utf8", Flag::Takes::nothing},
    Flag{"color", Flag::Takes::text},
};

// What is wrong with "--gtest_name" or "--gtest_name=value"; empty if nothing.
std::string fault_of_flag(const std::string& flag) {
  constexpr std::string_view prefix = "--gtest_";
  const std::size_t equals = flag.find('=');
  const std::string shown = text::visible(flag.substr(0, equals));
  const std::string name = flag.substr(prefix.size(), equals == std::string::npos ? equals : equals - prefix.size());
  if (name == "throw_on_failure" || name == "break_on_failure")
    return shown + " would end the process at the first failure: --gtest_fail_fast ends the run there";
  const auto* known =
      std::find_if(flags_known.begin(), flags_known.end(), [&](const Flag& f) { return f.name == name; });
  if (known == flags_known.end()) return "GoogleTest has no flag " + text::visible(flag);
  if (known->takes == Flag::Takes::nothing) return "";
  if (equals == std::string::npos) return shown + " needs a value: write " + shown + "=VALUE";
  const std::string value = flag.substr(equals + 1);
  if (known->takes == Flag::Takes::text || whole_number(value, known->least, known->most)) return "";
  return fmt::format("{}: '{}' is no whole number from {} to {}", shown, text::visible(value), known->least,
                     known->most);
}

}  // namespace

std::string take_gtest_flags(const std::vector<std::string>& flags) {
  for (const std::string& flag : flags) {
    if (std::string fault = fault_of_flag(flag); !fault.empty()) return fault;
  }
  std::vector<std::string> copy{"glue-conformance"};
  copy.insert(copy.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  for (std::string& argument : copy) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(copy.size());
  testing::InitGoogleTest(&argc, argv.data());
  GTEST_FLAG_SET(break_on_failure, false);
  GTEST_FLAG_SET(throw_on_failure, false);
  for (const char* name : sharding_variables) ::unsetenv(name);
  return argc == 1 ? "" : "GoogleTest does not understand " + text::visible(argv[1]);
}

void forget_gtest_environment() {
  for (const char* name : sharding_variables) ::unsetenv(name);
  GTEST_FLAG_SET(filter, "*");
  GTEST_FLAG_SET(repeat, 1);
  GTEST_FLAG_SET(shuffle, false);
  GTEST_FLAG_SET(random_seed, 0);
  GTEST_FLAG_SET(fail_fast, false);
  GTEST_FLAG_SET(list_tests, false);
  GTEST_FLAG_SET(output, "");
}

bool only_lists() { return GTEST_FLAG_GET(list_tests); }

void list_with_gtest(const std::vector<Case>& plan, const Shard& shard) {
  register_plan(plan, shard, nullptr);
  [[maybe_unused]] const int gtest_status = RUN_ALL_TESTS();  // the totals decide, not its count of failures
}

RunEnd run_with_gtest(const std::vector<Case>& plan, Performer& performer, const spec::SpecTable& table, RunInfo info,
                      const Scrubber& scrubber, const std::vector<RunListener*>& listeners, Rulings* rulings) {
  const auto started = std::chrono::steady_clock::now();
  const Shard shard{info.shard, info.shards};
  Shared shared{plan, shard, performer, table, std::move(info), scrubber, listeners, Characteristics(table), {}, {},
                {},   {},    0,         {},    rulings};
  register_plan(plan, shard, &shared);
  testing::TestEventListeners& gtest_listeners = testing::UnitTest::GetInstance()->listeners();
  delete gtest_listeners.Release(gtest_listeners.default_result_printer());
  gtest_listeners.Append(new Ahead(shared));                  // GoogleTest owns it
  [[maybe_unused]] const int gtest_status = RUN_ALL_TESTS();  // the totals decide, not its count of failures

  RunEnd end;
  end.totals = shared.totals.read();
  end.characteristics = shared.characteristics.read();
  end.leftovers = shared.leftovers;
  end.interrupted = performer.interrupted();
  end.requests = performer.requests();
  end.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
  if (rulings != nullptr) rulings->conclude(end);
  end.exit_status = exit_status(end.totals, end.interrupted, end.fatal, !end.stale.empty());
  // An empty part of what is not empty is no missing test.
  if (end.exit_status == 4 && end.totals.planned == 0 && shard.total > 1 && !shared.info.plan->empty())
    end.exit_status = 0;
  if (end.exit_status == 0 && !end.leftovers.empty()) end.exit_status = 3;
  end = scrubber.scrubbed(std::move(end));
  for (RunListener* listener : listeners) listener->on_end(end);
  return end;
}

}  // namespace conformance
