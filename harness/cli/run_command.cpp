// run and replay: the endpoint, the executor and the reports put together.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <ostream>
#include <sstream>
#include <utility>

#include "harness/cli/commands.h"
#include "harness/cli/dry_run.h"
#include "harness/cli/judging.h"
#include "harness/cli/options.h"
#include "harness/cli/performing.h"
#include "harness/cli/report_set.h"
#include "harness/cli/sandbox.h"
#include "harness/cli/setup.h"
#include "harness/cli/signing.h"
#include "harness/run/counterexample.h"
#include "harness/run/gtest_runner.h"
#include "harness/run/plan.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "reports/console.h"
#include "reports/github.h"
#include "suites/suites.h"

namespace conformance::cli {
namespace {

void show_message(std::ostream& out, const char* title, const wire::Exchange& exchange) {
  constexpr std::size_t shown = 16384;
  out << fmt::format("--- {}: request, {} bytes\n", title, exchange.sent.size() + exchange.sent_not_kept)
      << text::elide(text::visible_lines(exchange.sent), shown) << "\n";
  out << fmt::format("--- {}: response, {} bytes in {:.1f} ms\n", title,
                     exchange.received.size() + exchange.received_not_kept,
                     static_cast<double>(exchange.elapsed.count()) / 1000)
      << text::elide(text::visible_lines(exchange.received), shown) << "\n";
  if (!exchange.response)
    out << fmt::format("({}: {})\n", wire::name_of(exchange.failure), text::visible(exchange.detail));
}

// Shows both messages of each case, before the summary.
class MessagesReport : public RunListener {
 public:
  explicit MessagesReport(std::ostream& out) : out_(out) {}
  void on_case(const CaseResult& result) override {
    if (has_shown_) out_ << "\n";
    has_shown_ = true;
    out_ << fmt::format("case {}: {}\n", result.test.id, text::visible(result.test.title));
    if (result.stimulus) show_message(out_, "stimulus", *result.stimulus);
    if (result.control) show_message(out_, "control", *result.control);
    out_ << fmt::format("verdict: {}\n", name_of(result.judgement.verdict));
  }

 private:
  std::ostream& out_;
  bool has_shown_ = false;
};

// Whoever starts shards may want to know that the program understands them (GTEST_SHARD_STATUS_FILE, Bazel's
// TEST_SHARD_STATUS_FILE).
void announce(const Shard& shard) {
  if (shard.status_file.empty()) return;
  if (!std::ofstream(shard.status_file, std::ios::app))
    throw wire::UsageError("the shard status file cannot be written: " + text::visible(shard.status_file));
}

}  // namespace

int run_command(const Options& options, const Environment& env, std::ostream& out, std::ostream& err) {
  announce(options.part);
  Options seeded = options;
  if (!seeded.seed) seeded.seed = random_seed();
  const std::vector<Case> all = suites::all_cases(spec::builtin_table(), *seeded.seed, options.tier);
  Plan plan{.cases = plan_of(all, options, *seeded.seed), .direct = {}, .available = all.size()};
  Judging judging(options);
  if (options.dry_run) {
    if (const std::string fault = sandbox_fault(options); !fault.empty()) throw wire::UsageError(fault);
    print_plan(plan.cases, seeded, find_destination(options, env).url, out);
    return 0;
  }
  if (only_lists()) {
    list_with_gtest(plan.cases, options.part);
    return 0;
  }
  plan.direct = direct_plan_of(plan.cases, seeded, options.tier);
  reports::ConsoleReport console(out, err, console_options(options, env));
  ReportSet reports(options, &console);
  if (reports::is_github(env)) reports.add(std::make_unique<reports::GithubReport>(env("GITHUB_STEP_SUMMARY"), err));
  return reports.exit_status(perform(seeded, env, plan, {&reports}, err, judging.terms(plan.cases)));
}

namespace {

bool is_file(const std::string& subject) {
  return subject.find('/') != std::string::npos || subject.ends_with(".json");
}

Counterexample read_counterexample(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) throw CounterexampleError("it cannot be read");
  return parse_counterexample(text.str(), spec::builtin_table());
}

// A replay in one word, for scripts: whether the endpoint still fails what the file holds.
class ReplayOutcome : public RunListener {
 public:
  explicit ReplayOutcome(std::ostream& out) : out_(out) {}
  void on_case(const CaseResult& result) override { verdict_ = result.judgement.verdict; }
  void on_end(const RunEnd& end) override {
    out_ << (verdict_ == Verdict::pass && end.fatal.empty() ? "FIXED"
             : verdict_ == Verdict::fail                    ? "FAILED"
                                                            : "ERROR")
         << "\n";
  }

 private:
  std::ostream& out_;
  Verdict verdict_ = Verdict::error;
};

}  // namespace

int replay_command(const Options& options, const Environment& env, std::ostream& out, std::ostream& err) {
  Options seeded = options;
  MessagesReport messages(out);
  reports::ConsoleOptions quiet = console_options(options, env);
  quiet.progress = reports::Progress::none;
  quiet.next = false;  // it is one itself
  reports::ConsoleReport console(out, err, quiet);
  ReplayOutcome outcome(out);
  Judging judging(options);
  if (is_file(options.subject)) {
    try {
      Counterexample saved = read_counterexample(options.subject);
      seeded.seed = saved.seed;  // its identifiers carry that run's prefix
      const std::vector<Case> all = suites::all_cases(spec::builtin_table(), saved.seed);
      const auto asked = std::find_if(all.begin(), all.end(), [&](const Case& c) { return c.id == saved.test.id; });
      if (asked != all.end()) saved.test.tier = asked->tier;  // a profile is about cases of its own tier
      // Its identifiers are fixed: the ways are gone one after the other.
      return perform(seeded, env, {{saved.test}, {saved.test}, all.size()}, {&messages, &console, &outcome}, err,
                     judging.terms({saved.test}));
    } catch (const CounterexampleError& error) {
      err << fmt::format("glue-conformance: {}: {}; nothing was sent\n", text::visible(options.subject), error.what());
      return 2;
    }
  }
  if (!seeded.seed) seeded.seed = random_seed();
  std::vector<Case> all = suites::all_cases(spec::builtin_table(), *seeded.seed);
  const std::size_t available = all.size();
  std::vector<std::string> ids;
  for (const Case& c : all) ids.push_back(c.id);
  std::erase_if(all, [&](const Case& c) { return c.id != options.subject; });
  if (all.empty()) {
    const std::string near = text::nearest(options.subject, ids);
    err << fmt::format("glue-conformance: there is no case '{}'{}; nothing was sent\n", text::visible(options.subject),
                       near.empty() ? "" : "; did you mean '" + near + "'?");
    return 2;
  }
  std::vector<Case> direct = direct_plan_of(all, seeded, Tier::exhaustive);
  const Plan plan{std::move(all), std::move(direct), available};
  return perform(seeded, env, plan, {&messages, &console}, err, judging.terms(plan.cases));
}

}  // namespace conformance::cli
