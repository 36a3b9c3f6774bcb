// run and replay: the endpoint, the executor and the reports put together.
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>

#include "harness/cli/commands.h"
#include "harness/cli/dry_run.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/known_file_access.h"
#include "harness/cli/ledger_place.h"
#include "harness/cli/report_set.h"
#include "harness/cli/sandbox.h"
#include "harness/cli/setup.h"
#include "harness/cli/signing.h"
#include "harness/cli/wait_for_endpoint.h"
#include "harness/known/known_failures.h"
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

// The endpoint could not be tested: the reports say so, and every planned case is an error.
int end_untested(const std::vector<Case>& plan, const RunInfo& info, const std::string& why, Executor& executor,
                 const std::vector<RunListener*>& listeners) {
  RunEnd end;
  end.fatal = why;
  end.exit_status = 3;
  end.leftovers = executor.finish();
  end.requests = executor.requests();
  end.totals.planned = end.totals.error = plan.size();
  std::vector<std::string> ids;
  for (const Case& c : plan) ids.push_back(c.id);
  RunInfo told = info;
  told.plan = std::make_shared<const std::vector<std::string>>(std::move(ids));
  for (RunListener* listener : listeners) listener->on_start(told, spec::builtin_table());
  for (const Case& c : plan) {
    CaseResult result;
    result.test = c;
    result.judgement.verdict = Verdict::error;
    result.judgement.requirement = c.requirement;
    result.judgement.reason = "the endpoint could not be tested: " + why;
    for (RunListener* listener : listeners) listener->on_case(result);
  }
  for (RunListener* listener : listeners) listener->on_end(end);
  return end.exit_status;
}

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
    out_ << fmt::format("case {}: {}\n", result.test.id, text::visible(result.test.title));
    if (result.stimulus) show_message(out_, "stimulus", *result.stimulus);
    if (result.control) show_message(out_, "control", *result.control);
    out_ << fmt::format("verdict: {}\n\n", name_of(result.judgement.verdict));
  }

 private:
  std::ostream& out_;
};

std::string clock_in_words(std::chrono::seconds correction) {
  return fmt::format("this machine's clock is {} s {} the endpoint's, which requests are signed by",
                     std::abs(correction.count()), correction.count() > 0 ? "behind" : "ahead of");
}

// Before the first call of any kind.
void say_worst_case(const Options& options, std::ostream& err) {
  if (!is_real_service(options.endpoint) || !sandbox_fault(options).empty()) return;
  err << "cost: " << in_words(worst_case(options), options) << std::endl;
}

// The real service is always there.
std::string wait_if_asked(const Options& options, const Setup& setup, const Executor& executor, std::ostream& err) {
  if (options.wait_for_endpoint_seconds <= 0 || is_real_service(options.endpoint)) return "";
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>(options.wait_for_endpoint_seconds));
  return wait_for_endpoint(
      setup.config.endpoint, setup.config.client, patience, [&executor] { return executor.interrupted(); }, err);
}

// Whoever starts shards may want to know that the program understands them (GTEST_SHARD_STATUS_FILE, Bazel's
// TEST_SHARD_STATUS_FILE).
void announce(const Shard& shard) {
  if (shard.status_file.empty()) return;
  if (!std::ofstream(shard.status_file, std::ios::app))
    throw wire::UsageError("the shard status file cannot be written: " + text::visible(shard.status_file));
}

// `available`: how many cases there are without any filter.
int perform(const Options& options, const Environment& env, const std::vector<Case>& plan, std::size_t available,
            const std::vector<RunListener*>& listeners, std::ostream& err, known::KnownFailures* known = nullptr) {
  InterruptGuard guard;
  say_worst_case(options, err);
  Setup setup = set_up(options, env);
  const LedgerPlace ledger = ledger_place(options, env, setup.info.seed);
  setup.config.ledger_path = ledger.path;
  if (!setup.embedded && !ledger.path.empty()) {
    setup.info.sweep_line =
        fmt::format("{} sweep {}", setup.info.program, text::shell_quote(ledger.path)) + setup.reaching;
    guard.say_at_the_end("Ended without cleaning up. To delete what may be left: " + setup.info.sweep_line + "\n");
  }
  if (known != nullptr) setup.info.notes.insert(setup.info.notes.end(), known->notes().begin(), known->notes().end());
  setup.info.planned = plan.size();
  setup.info.available = available;
  if (!options.report_dir.empty()) setup.info.counterexamples = counterexample_folder(options.report_dir);
  Executor executor(setup.config, spec::builtin_table(), plan);
  guard.on_interrupt([&executor] { executor.interrupt(); });
  std::string fatal = wait_if_asked(options, setup, executor, err);
  if (fatal.empty()) fatal = executor.prepare();
  fatal = setup.scrubber.scrubbed(std::move(fatal));
  if (const auto& signer = setup.config.signer; signer && signer->clock_correction() != std::chrono::seconds(0))
    setup.info.notes.push_back(clock_in_words(signer->clock_correction()));
  setup.info.sessions = setup.scrubber.scrubbed(executor.sessions_in_words());
  const int status =
      !fatal.empty() && !executor.interrupted()
          ? end_untested(plan, setup.info, fatal, executor, listeners)
          : run_with_gtest(plan, executor, spec::builtin_table(), setup.info, setup.scrubber, listeners, known)
                .exit_status;
  guard.on_interrupt({});
  if (executor.left_nothing()) ledger.forget();
  return status;
}

// `all`: the cases of the tier. A filter that matches only beyond it says so.
std::vector<Case> plan_of(const std::vector<Case>& all, const Options& options, std::uint64_t seed) {
  try {
    return make_plan(all, options.filters);
  } catch (const PlanError&) {
    for (const Tier larger : {Tier::standard, Tier::exhaustive}) {
      if (larger <= options.tier) continue;
      try {
        (void)make_plan(suites::all_cases(spec::builtin_table(), seed, larger), options.filters);
      } catch (const PlanError&) {
        continue;
      }
      throw PlanError(fmt::format("the filters match only cases of --tier {}, and this is --tier {}", name_of(larger),
                                  name_of(options.tier)));
    }
    throw;
  }
}

}  // namespace

int run_command(const Options& options, const Environment& env, std::ostream& out, std::ostream& err) {
  announce(options.part);
  Options seeded = options;
  if (!seeded.seed) seeded.seed = random_seed();
  const std::vector<Case> all = suites::all_cases(spec::builtin_table(), *seeded.seed, options.tier);
  const std::vector<Case> plan = plan_of(all, options, *seeded.seed);
  std::optional<known::KnownFailures> known;
  if (!options.known_failures.empty())
    known = known::read_known_failures(read_known_file(options.known_failures), options.known_failures,
                                       whole_catalogue(), {.today = today(), .version = options.endpoint_version});
  if (options.dry_run) {
    if (const std::string fault = sandbox_fault(options); !fault.empty()) throw wire::UsageError(fault);
    print_plan(plan, seeded, find_destination(options, env).url, out);
    return 0;
  }
  if (only_lists()) {
    list_with_gtest(plan, options.part);
    return 0;
  }
  reports::ConsoleReport console(out, err, console_options(options, env));
  ReportSet reports(options, &console);
  if (reports::is_github(env)) reports.add(std::make_unique<reports::GithubReport>(env("GITHUB_STEP_SUMMARY"), err));
  return reports.exit_status(perform(seeded, env, plan, all.size(), {&reports}, err, known ? &*known : nullptr));
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
  if (is_file(options.subject)) {
    try {
      const Counterexample saved = read_counterexample(options.subject);
      seeded.seed = saved.seed;  // its identifiers carry that run's prefix
      const std::size_t more_than_one = suites::all_cases(spec::builtin_table(), saved.seed).size();
      return perform(seeded, env, {saved.test}, more_than_one, {&messages, &console, &outcome}, err);
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
  return perform(seeded, env, all, available, {&messages, &console}, err);
}

}  // namespace conformance::cli
