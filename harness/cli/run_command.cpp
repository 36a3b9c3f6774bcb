// run and replay: the endpoint, the executor and the reports put together.
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

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
#include "harness/run/two_ways.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "reports/console.h"
#include "reports/github.h"
#include "suites/suites.h"

namespace conformance::cli {
namespace {

// The endpoint could not be tested: the reports say so, and every planned case is an error.
int end_untested(const std::vector<Case>& plan, const RunInfo& info, const std::string& why, Performer& performer,
                 const std::vector<RunListener*>& listeners) {
  RunEnd end;
  end.fatal = why;
  end.exit_status = 3;
  end.leftovers = performer.finish();
  end.requests = performer.requests();
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

// What is performed; the cases of both have the same ids.
struct Plan {
  std::vector<Case> cases;
  std::vector<Case> direct;   // the same for the way past a proxy, if there is one
  std::size_t available = 0;  // without any filter
};

std::string clock_in_words(std::chrono::seconds correction) {
  return fmt::format("this machine's clock is {} s {} the endpoint's, which requests are signed by",
                     std::abs(correction.count()), correction.count() > 0 ? "behind" : "ahead of");
}

// Before the first call of any kind.
void say_worst_case(const Options& options, std::ostream& err) {
  if (!reaches_real_service(options) || !sandbox_fault(options).empty()) return;
  err << "cost: " << in_words(worst_case(options), options) << std::endl;
}

// The real service is always there.
std::string wait_if_asked(const Options& options, const Setup& setup, const Performer& performer, std::ostream& err) {
  if (options.wait_for_endpoint_seconds <= 0 || is_real_service(options.endpoint)) return "";
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>(options.wait_for_endpoint_seconds));
  return wait_for_endpoint(
      setup.config.endpoint, setup.config.client, patience, [&performer] { return performer.interrupted(); }, err);
}

// Whoever starts shards may want to know that the program understands them (GTEST_SHARD_STATUS_FILE, Bazel's
// TEST_SHARD_STATUS_FILE).
void announce(const Shard& shard) {
  if (shard.status_file.empty()) return;
  if (!std::ofstream(shard.status_file, std::ios::app))
    throw wire::UsageError("the shard status file cannot be written: " + text::visible(shard.status_file));
}

std::unique_ptr<Performer> performer_of(const Setup& setup, const Plan& plan) {
  const spec::SpecTable& table = spec::builtin_table();
  if (!setup.direct) return std::make_unique<Executor>(setup.config, table, plan.cases);
  return std::make_unique<TwoWays>(table, OneWay{*setup.direct, plan.direct}, OneWay{setup.config, plan.cases});
}

int perform(const Options& options, const Environment& env, const Plan& plan,
            const std::vector<RunListener*>& listeners, std::ostream& err, known::KnownFailures* known = nullptr) {
  InterruptGuard guard;
  say_worst_case(options, err);
  Setup setup = set_up(options, env);
  const LedgerPlace ledger = ledger_place(options, env, setup.info.seed);
  setup.config.ledger_path = ledger.path;
  if (setup.direct) setup.direct->ledger_path = ledger.path;
  if (!setup.embedded && !ledger.path.empty()) {
    setup.info.sweep_line =
        fmt::format("{} sweep {}", setup.info.program, text::shell_quote(ledger.path)) + setup.reaching;
    guard.say_at_the_end("Ended without cleaning up. To delete what may be left: " + setup.info.sweep_line + "\n");
  }
  if (known != nullptr) setup.info.notes.insert(setup.info.notes.end(), known->notes().begin(), known->notes().end());
  setup.info.planned = plan.cases.size();
  setup.info.available = plan.available;
  if (!options.report_dir.empty()) setup.info.counterexamples = counterexample_folder(options.report_dir);
  const std::unique_ptr<Performer> performer = performer_of(setup, plan);
  guard.on_interrupt([&performer] { performer->interrupt(); });
  std::string fatal = wait_if_asked(options, setup, *performer, err);
  if (fatal.empty()) fatal = performer->prepare();
  fatal = setup.scrubber.scrubbed(std::move(fatal));
  if (const auto& signer = setup.config.signer; signer && signer->clock_correction() != std::chrono::seconds(0))
    setup.info.notes.push_back(clock_in_words(signer->clock_correction()));
  setup.info.sessions = setup.scrubber.scrubbed(performer->sessions_in_words());
  const int status =
      !fatal.empty() && !performer->interrupted()
          ? end_untested(plan.cases, setup.info, fatal, *performer, listeners)
          : run_with_gtest(plan.cases, *performer, spec::builtin_table(), setup.info, setup.scrubber, listeners, known)
                .exit_status;
  guard.on_interrupt({});
  if (performer->left_nothing()) ledger.forget();
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

// The same cases, in their order, with identifiers of their own.
std::vector<Case> direct_plan_of(const std::vector<Case>& plan, const Options& options, Tier tier) {
  if (options.direct.empty()) return {};
  std::set<std::string_view> ids;
  for (const Case& c : plan) ids.insert(c.id);
  std::vector<Case> cases = suites::all_cases(spec::builtin_table(), *options.seed, tier, direct_prefix(*options.seed));
  std::erase_if(cases, [&ids](const Case& c) { return !ids.contains(c.id); });
  return cases;
}

}  // namespace

int run_command(const Options& options, const Environment& env, std::ostream& out, std::ostream& err) {
  announce(options.part);
  Options seeded = options;
  if (!seeded.seed) seeded.seed = random_seed();
  const std::vector<Case> all = suites::all_cases(spec::builtin_table(), *seeded.seed, options.tier);
  Plan plan{.cases = plan_of(all, options, *seeded.seed), .direct = {}, .available = all.size()};
  std::optional<known::KnownFailures> known;
  if (!options.known_failures.empty())
    known = known::read_known_failures(read_known_file(options.known_failures), options.known_failures,
                                       whole_catalogue(), {.today = today(), .version = options.endpoint_version});
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
  return reports.exit_status(perform(seeded, env, plan, {&reports}, err, known ? &*known : nullptr));
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
      // Its identifiers are fixed: the ways are gone one after the other.
      return perform(seeded, env, {{saved.test}, {saved.test}, more_than_one}, {&messages, &console, &outcome}, err);
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
  return perform(seeded, env, {std::move(all), std::move(direct), available}, {&messages, &console}, err);
}

}  // namespace conformance::cli
