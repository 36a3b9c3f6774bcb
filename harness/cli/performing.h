// Carries out a plan for a command: sets everything up, tells the listeners, and cleans up whatever happens.
//
//     Plan plan{.cases = …, .direct = {}, .available = all.size()};
//     return perform(options, env, plan, {&console}, err, {.table = spec::builtin_table()});
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "harness/case/case.h"
#include "harness/cli/options.h"
#include "harness/cli/setup.h"
#include "harness/run/events.h"
#include "harness/run/rulings.h"
#include "harness/spec/spec_table.h"

namespace conformance::cli {

// What is performed; the cases of both have the same ids.
struct Plan {
  std::vector<Case> cases;
  std::vector<Case> direct;   // the same for the way past a proxy, if there is one
  std::size_t available = 0;  // without any filter
};

// What verdicts are held to beside the suites' own expectations. All must outlive the run.
struct Terms {
  const spec::SpecTable& table;  // that listeners are told of
  Rulings* rulings = nullptr;
  std::vector<std::string> notes = {};  // a line each, for people
};

// The cases of the tier that the filters choose. Throws PlanError; of filters that match only cases of a larger tier,
// it names that.
[[nodiscard]] std::vector<Case> plan_of(const std::vector<Case>& all, const Options& options, std::uint64_t seed);

// The same cases, in their order, with identifiers of their own, for the way past a proxy; empty if there is none.
[[nodiscard]] std::vector<Case> direct_plan_of(const std::vector<Case>& plan, const Options& options, Tier tier);

// The exit status. Throws wire::UsageError before anything is sent, or Untestable.
[[nodiscard]] int perform(const Options& options, const Environment& env, const Plan& plan,
                          const std::vector<RunListener*>& listeners, std::ostream& err, const Terms& terms);

}  // namespace conformance::cli
