// GoogleTest as the runner: every planned case is a test, so that its flags (filter, shuffle, repeat, fail fast,
// listing) and its sharding protocol work as their users expect.
//
// The network runs ahead: when an iteration starts, the executor performs the selected cases in a thread of its own,
// and each test's body waits for its verdict. GoogleTest's printers are taken out; the listeners of the run report.
//
//     if (std::string fault = take_gtest_flags({"--gtest_shuffle"}); !fault.empty()) …
//     RunEnd end = run_with_gtest(plan, performer, table, info, scrubber, listeners);
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/case/case.h"
#include "harness/run/events.h"
#include "harness/run/performer.h"
#include "harness/run/scrub.h"
#include "harness/run/totals.h"
#include "harness/spec/spec_table.h"

namespace conformance {

using Environment = std::function<const char*(const char*)>;  // the value of a variable, or nullptr

// Gives GoogleTest its flags, which all begin with --gtest_, and returns what is wrong with them, empty if nothing:
// GoogleTest itself would print its help, or end the process. To be called once a process, before anything else of this
// header but forget_gtest_environment(). Flags that would end the process at a failure are refused, and without effect
// in the environment.
[[nodiscard]] std::string take_gtest_flags(const std::vector<std::string>& flags);

// What is wrong with GTEST_TOTAL_SHARDS and GTEST_SHARD_INDEX, empty if nothing. An empty value counts as none.
[[nodiscard]] std::string fault_of_sharding(const Environment& env);

// What GTEST_… variables say has no effect from here on, sharding included. Before another thread is started.
void forget_gtest_environment();

// True if --gtest_list_tests was given.
[[nodiscard]] bool only_lists();

// Registers `plan` and prints its tests as GoogleTest does, honouring --gtest_filter.
void list_with_gtest(const std::vector<Case>& plan);

// Runs what GoogleTest selects of `plan`, on `performer`, which was made for this very plan and is prepared. Called
// once a process. Listeners are told everything, on_end included, without what `scrubber` leaves out; GoogleTest's own
// output
// (--gtest_output) too.
[[nodiscard]] RunEnd run_with_gtest(const std::vector<Case>& plan, Performer& performer, const spec::SpecTable& table,
                                    RunInfo info, const Scrubber& scrubber, const std::vector<RunListener*>& listeners);

}  // namespace conformance
