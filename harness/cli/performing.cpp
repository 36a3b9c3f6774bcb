#include "harness/cli/performing.h"

#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <set>
#include <string_view>
#include <utility>

#include "harness/cli/dry_run.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/ledger_place.h"
#include "harness/cli/report_set.h"
#include "harness/cli/sandbox.h"
#include "harness/cli/signing.h"
#include "harness/cli/wait_for_endpoint.h"
#include "harness/run/gtest_runner.h"
#include "harness/run/plan.h"
#include "harness/run/two_ways.h"
#include "harness/text/escape.h"
#include "suites/suites.h"

namespace conformance::cli {
namespace {

// The endpoint could not be tested: the reports say so, and every planned case is an error.
int end_untested(const std::vector<Case>& plan, const RunInfo& info, const spec::SpecTable& table,
                 const std::string& why, Performer& performer, const std::vector<RunListener*>& listeners) {
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
  for (RunListener* listener : listeners) listener->on_start(told, table);
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
  const auto interrupted = [&performer] { return performer.interrupted(); };
  if (setup.direct && !is_real_service(options.direct)) {
    std::string fault = wait_for_endpoint(setup.direct->endpoint, setup.direct->client, patience, interrupted, err);
    if (!fault.empty()) return fault;
  }
  return wait_for_endpoint(setup.config.endpoint, setup.config.client, patience, interrupted, err);
}

std::unique_ptr<Performer> performer_of(const Setup& setup, const Plan& plan) {
  const spec::SpecTable& table = spec::builtin_table();
  if (!setup.direct) return std::make_unique<Executor>(setup.config, table, plan.cases);
  return std::make_unique<TwoWays>(table, OneWay{*setup.direct, plan.direct}, OneWay{setup.config, plan.cases});
}

}  // namespace

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

std::vector<Case> direct_plan_of(const std::vector<Case>& plan, const Options& options, Tier tier) {
  if (options.direct.empty()) return {};
  std::set<std::string_view> ids;
  for (const Case& c : plan) ids.insert(c.id);
  std::vector<Case> cases = suites::all_cases(spec::builtin_table(), *options.seed, tier, direct_prefix(*options.seed));
  std::erase_if(cases, [&ids](const Case& c) { return !ids.contains(c.id); });
  return cases;
}

int perform(const Options& options, const Environment& env, const Plan& plan,
            const std::vector<RunListener*>& listeners, std::ostream& err, const Terms& terms) {
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
  setup.info.notes.insert(setup.info.notes.end(), terms.notes.begin(), terms.notes.end());
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
          ? end_untested(plan.cases, setup.info, terms.table, fatal, *performer, listeners)
          : run_with_gtest(plan.cases, *performer, terms.table, setup.info, setup.scrubber, listeners, terms.rulings)
                .exit_status;
  guard.on_interrupt({});
  if (performer->left_nothing()) ledger.forget();
  return status;
}

}  // namespace conformance::cli
