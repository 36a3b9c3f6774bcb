// audit: is every requirement proved both ways? Runs the whole plan against every deviation of the reference endpoint.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <ostream>
#include <set>

#include "fixtures/reference/deviant_proxy.h"
#include "fixtures/reference/deviant_signatures.h"
#include "fixtures/reference/deviations.h"
#include "fixtures/reference/reference_endpoint.h"
#include "harness/cli/audit_run.h"
#include "harness/cli/audit_variants.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/setup.h"
#include "harness/run/plan.h"
#include "harness/run/two_ways.h"
#include "suites/suites.h"

namespace conformance::cli {
namespace {

constexpr std::uint64_t quick_examples = 100;
constexpr std::string_view characteristic_mark = "characteristic:";

// What `violates` promises and the run did not show; empty if the deviation is killed as promised.
std::vector<std::string> missed(const reference::Deviation& deviation, const AuditRun& result) {
  std::vector<std::string> all;
  for (const std::string_view promise : deviation.violates) {
    if (promise.starts_with(characteristic_mark)) {
      const std::string_view rest = promise.substr(characteristic_mark.size());
      const std::size_t equals = rest.find('=');
      const auto found = result.readings.find(std::string(rest.substr(0, equals)));
      const std::string_view wanted = rest.substr(equals + 1);
      // Among others: "no (2 times), yes (9 times)".
      const bool read =
          found != result.readings.end() &&
          (found->second == wanted || found->second.find(std::string(wanted) + " (") != std::string::npos);
      if (!read) all.emplace_back(promise);
    } else if (!result.failed.contains(std::string(promise))) {
      all.emplace_back(promise);
    }
  }
  return all;
}

// A part of the plan that kills nearly all at half the cost. What a part kills the whole does; what it misses is given
// more, and at last the whole.
std::vector<Case> without_damaged_bodies(std::vector<Case> plan) {
  std::erase_if(plan,
                [](const Case& c) { return c.id.starts_with("body.inserted.") || c.id.starts_with("body.flipped."); });
  return plan;
}

// Each is asked hundreds of times, and its body made once.
std::vector<Case> all_whole(std::uint64_t seed, const std::string& prefix) {
  std::vector<Case> all = suites::all_cases(spec::builtin_table(), seed, Tier::standard, prefix);
  for (Case& c : all) c = made_whole(std::move(c));
  return all;
}

// What a proxy does wrong it does to any request: some of each kind are enough.
std::vector<Case> where_proxies_differ(std::vector<Case> plan) {
  constexpr std::array areas{"delete.",      "id.length.", "id.encoding.", "route.",          "http.length.",
                             "http.header.", "body.size.", "every.",       "session.deleted."};
  std::erase_if(plan, [&areas](const Case& c) {
    return std::none_of(areas.begin(), areas.end(), [&c](const char* area) { return c.id.starts_with(area); });
  });
  return plan;
}

// The cases that are there to find what the deviation promises to violate, and those that gather.
std::vector<Case> meant_for(const reference::Deviation& deviation, const std::vector<Case>& plan) {
  const std::set<std::string_view> violated(deviation.violates.begin(), deviation.violates.end());
  std::vector<Case> meant;
  for (const Case& c : plan)
    if (c.gathers || violated.contains(c.requirement)) meant.push_back(c);
  return meant;
}

bool asks_of_ended(const reference::Deviation& deviation, const spec::SpecTable& table) {
  const auto& violates = deviation.violates;
  return std::find(violates.begin(), violates.end(), table.story_checks.ended) != violates.end();
}

// What came of one deviation.
struct Kill {
  AuditRun run;
  std::vector<std::string> left;  // promises that the run did not show
  std::size_t requests = 0;

  [[nodiscard]] bool is_dead() const { return run.fatal.empty() && left.empty(); }
};

// The plans that a deviation is tried with, the cheapest first.
struct Plans {
  std::vector<Case> whole, quick;
  std::vector<Case> proxied, direct;  // of a proxy and of its upstream
  std::vector<Case> all_direct;       // as quick
  std::string direct_prefix;
};

// One that is a proxy's is held against an upstream that conforms.
Kill kill_of_proxy(const reference::Deviation& deviation, const Plans& plans, const Options& options,
                   const std::string& prefix) {
  reference::Options endpoint;
  endpoint.deviations = {std::string(deviation.name)};
  endpoint.auth = verifying(own_credentials(), options.region);
  Kill kill;
  const AuditPlan audit{plans.proxied, prefix, options.jobs, std::min(quick_examples, options.limits.examples),
                        options.region};
  kill.run = run_as_proxy(endpoint, audit, plans.direct, plans.direct_prefix);
  kill.requests = kill.run.requests;
  kill.left = missed(deviation, kill.run);
  return kill;
}

// A proxy that lets everything through is all green.
bool check_faithful_proxy(const Plans& plans, const Options& options, const std::string& prefix, std::ostream& out) {
  reference::Options endpoint;
  endpoint.auth = verifying(own_credentials(), options.region);
  const AuditPlan audit{plans.quick, prefix, options.jobs, std::min(quick_examples, options.limits.examples),
                        options.region};
  const AuditRun run = run_as_proxy(endpoint, audit, plans.all_direct, plans.direct_prefix);
  const bool green = run.fatal.empty() && run.failed.empty() && run.other == 0 && run.passed > 0;
  out << fmt::format("{:<7} {:<40} {} of {} pass", green ? "green" : "NOT SO", "a proxy that changes nothing",
                     run.passed, run.cases);
  for (const auto& [requirement, count] : run.failed) out << fmt::format(" {}({})", requirement, count);
  out << (green ? "" : " " + run.fatal + run.first_other) << std::endl;
  return green;
}

Kill kill_of(const reference::Deviation& deviation, const Plans& plans, const Options& options,
             const std::string& prefix) {
  if (reference::DeviantProxy::knows(deviation.name)) return kill_of_proxy(deviation, plans, options, prefix);
  const spec::SpecTable& table = spec::builtin_table();
  Options deviating = options;
  deviating.deviations = {std::string(deviation.name)};
  const std::uint64_t few = std::min(quick_examples, options.limits.examples);
  const auto with = [&](const std::vector<Case>& plan, std::uint64_t examples) {
    return AuditPlan{plan, prefix, options.jobs, examples, options.region};
  };
  Kill kill;
  const std::vector<Case> meant = meant_for(deviation, plans.quick);
  for (const AuditPlan& plan : {with(meant, few), with(plans.quick, few), with(plans.whole, options.limits.examples)}) {
    reference::Options endpoint = reference_options(deviating);
    if (reference::is_of_accounts(deviation.name)) endpoint.auth = verifying(own_credentials(), options.region);
    if (asks_of_ended(deviation, table)) endpoint.sessions = ended_sessions();
    kill.run = run_against(endpoint, SessionMode::automatic, plan);
    kill.requests += kill.run.requests;
    kill.left = missed(deviation, kill.run);
    if (kill.left.empty()) break;
  }
  // Where a missing session is an error, what is gone takes its control along: that must hide nothing.
  const auto& violates = deviation.violates;
  if (std::find(violates.begin(), violates.end(), table.checks.no_effect) == violates.end()) return kill;
  deviating.missing = "not-found";
  reference::Options endpoint = reference_options(deviating);
  if (reference::is_of_accounts(deviation.name)) endpoint.auth = verifying(own_credentials(), options.region);
  const AuditRun strict = run_against(endpoint, SessionMode::automatic, with(plans.quick, few));
  kill.requests += strict.requests;
  if (!strict.failed.contains(table.checks.no_effect)) kill.left.push_back(table.checks.no_effect + " (not-found)");
  return kill;
}

void print(const reference::Deviation& deviation, const Kill& kill, std::ostream& out) {
  out << fmt::format("{:<8} {:<34}", kill.is_dead() ? "killed" : "SURVIVES", deviation.name);
  for (const auto& [requirement, count] : kill.run.failed) out << fmt::format(" {}({})", requirement, count);
  for (const std::string_view promise : deviation.violates)
    if (promise.starts_with(characteristic_mark)) out << " " << promise;
  for (const std::string& promise : kill.left) out << " !missed:" << promise;
  if (!kill.run.fatal.empty()) out << " !" << kill.run.fatal;
  out << std::endl;
}

// False if one never fails.
bool print_killers(const std::map<std::string, std::size_t>& killers, std::ostream& out) {
  bool all_fail = true;
  out << "\nrequirement                 deviations that it kills\n";
  for (const spec::Requirement& requirement : spec::builtin_table().requirements) {
    const auto found = killers.find(requirement.id);
    const std::size_t count = found == killers.end() ? 0 : found->second;
    out << fmt::format("{:<27} {}{}\n", requirement.id, count, count == 0 ? "  NEVER FAILS" : "");
    all_fail = all_fail && count > 0;
  }
  return all_fail;
}

}  // namespace

int audit_command(const Options& options, std::ostream& out) {
  const std::string prefix = run_prefix(options.seed.value_or(0));
  Plans plans;
  plans.whole = all_whole(options.seed.value_or(0), prefix);
  plans.quick = without_damaged_bodies(plans.whole);
  plans.direct_prefix = direct_prefix(options.seed.value_or(0));
  plans.all_direct = without_damaged_bodies(all_whole(options.seed.value_or(0), plans.direct_prefix));
  plans.proxied = where_proxies_differ(plans.quick);
  plans.direct = where_proxies_differ(plans.all_direct);
  (void)reference::DeviationSet(options.deviations);  // throws if there is no such deviation
  const bool whole = options.deviations.empty();
  const AuditPlan plan{plans.whole, prefix, options.jobs, options.limits.examples, options.region};
  bool good = !whole || check_faithful_proxy(plans, options, prefix, out);
  if (whole) good = check_variants(plan, out) && good;

  std::vector<const reference::Deviation*> deviations;
  for (const reference::Deviation& deviation : reference::all_deviations()) {
    const auto& wanted = options.deviations;
    if (whole || std::find(wanted.begin(), wanted.end(), deviation.name) != wanted.end())
      deviations.push_back(&deviation);
  }
  std::vector<Kill> kills(deviations.size());
  std::map<std::string, std::size_t> killers;  // requirement -> deviations that it kills
  std::size_t killed = 0, requests = 0;
  const auto compute = [&](std::size_t i) { kills[i] = kill_of(*deviations[i], plans, options, prefix); };
  in_order(deviations.size(), compute, [&](std::size_t i) {
    const Kill& kill = kills[i];
    print(*deviations[i], kill, out);
    requests += kill.requests;
    if (!kill.is_dead()) return;
    ++killed;
    for (const auto& [requirement, count] : kill.run.failed) ++killers[requirement];
  });
  good = good && killed == deviations.size();
  if (whole) good = print_killers(killers, out) && good;
  out << fmt::format("\n{} of {} deviations killed by {} cases; {} requests\n", killed, deviations.size(),
                     plans.whole.size(), requests);
  return good ? 0 : 1;
}

}  // namespace conformance::cli
