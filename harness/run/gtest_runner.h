// GoogleTest as the runner: every planned case is a test, so that its flags (filter, shuffle, repeat, fail fast,
// listing) work as their users expect.
//
// The network runs ahead: when an iteration starts, the executor performs the selected cases in a thread of its own,
// and each test's body waits for its verdict. GoogleTest's printers are taken out; the listeners of the run report.
//
//     if (std::string fault = take_gtest_flags({"--gtest_shuffle"}); !fault.empty()) …
//     RunEnd end = run_with_gtest(plan, performer, table, info, scrubber, listeners);
#pragma once

#include <string>
#include <vector>

#include "harness/case/case.h"
#include "harness/run/events.h"
#include "harness/run/performer.h"
#include "harness/run/rulings.h"
#include "harness/run/scrub.h"
#include "harness/run/shard.h"
#include "harness/run/totals.h"
#include "harness/spec/spec_table.h"

namespace conformance {

// Gives GoogleTest its flags, which all begin with --gtest_, and returns what is wrong with them, empty if nothing:
// GoogleTest itself would print its help, or end the process. To be called once a process, before anything else of this
// header but forget_gtest_environment(). Flags that would end the process at a failure are refused, and without effect
// in the environment. Sharding is taken out of the environment: GoogleTest's own is by position in the plan, not by id
// (harness/run/shard.h).
[[nodiscard]] std::string take_gtest_flags(const std::vector<std::string>& flags);

// What GTEST_… variables say has no effect from here on, sharding included. Before another thread is started.
void forget_gtest_environment();

// True if --gtest_list_tests was given.
[[nodiscard]] bool only_lists();

// Registers what the shard holds of `plan` and prints its tests as GoogleTest does, honouring --gtest_filter.
void list_with_gtest(const std::vector<Case>& plan, const Shard& shard);

// Runs what GoogleTest selects of what the shard of `info` holds of `plan`, on `performer`, which was made for this
// very plan and is prepared. Called once a process. Listeners are told everything, on_end included, without what
// `scrubber` leaves out; GoogleTest's own output (--gtest_output) too. `rulings`, if any, have the last word on each
// verdict.
[[nodiscard]] RunEnd run_with_gtest(const std::vector<Case>& plan, Performer& performer, const spec::SpecTable& table,
                                    RunInfo info, const Scrubber& scrubber, const std::vector<RunListener*>& listeners,
                                    Rulings* rulings = nullptr);

}  // namespace conformance
