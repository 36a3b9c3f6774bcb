// GoogleTest as the runner: every planned case is a test, so that its flags (filter, shuffle, repeat, fail fast,
// listing) and its sharding protocol work as their users expect.
//
// The network runs ahead: when an iteration starts, the executor performs the selected cases in a thread of its own,
// and each test's body waits for its verdict. GoogleTest's printers are taken out; the listeners of the run report.
//
//     GtestFlags flags(argc, argv);                     // takes GoogleTest's own flags out
//     RunEnd end = run_with_gtest(plan, executor, table, info, scrubber, listeners);
#pragma once

#include <string>
#include <vector>

#include "harness/case/case.h"
#include "harness/run/events.h"
#include "harness/run/executor.h"
#include "harness/run/scrub.h"
#include "harness/spec/spec_table.h"

namespace conformance {

// Gives GoogleTest its flags (`--gtest_…`, GTEST_… in the environment) and returns the arguments without them. To be
// called once a process, before anything else of this header. A flag of its that GoogleTest does not know is left in.
[[nodiscard]] std::vector<std::string> take_gtest_flags(const std::vector<std::string>& arguments);

// True if --gtest_list_tests was given.
[[nodiscard]] bool only_lists();

// Registers `plan` and prints its tests as GoogleTest does, honouring --gtest_filter.
void list_with_gtest(const std::vector<Case>& plan);

// Runs what GoogleTest selects of `plan`, on `executor`, which was made for this very plan and is prepared. Called once
// a process. Listeners are told everything, on_end included, without what `scrubber` leaves out; GoogleTest's own
// output
// (--gtest_output) too.
[[nodiscard]] RunEnd run_with_gtest(const std::vector<Case>& plan, Executor& executor, const spec::SpecTable& table,
                                    RunInfo info, const Scrubber& scrubber, const std::vector<RunListener*>& listeners);

// The exit status for what happened (design: exit status).
[[nodiscard]] int exit_status(const Totals& totals, bool interrupted, const std::string& fatal);

}  // namespace conformance
