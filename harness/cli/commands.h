// What each command does. Each takes the parsed options and two streams and returns the exit status.
//
//     return cli::run_main({argv + 1, argv + argc}, ::getenv, std::cout, std::cerr, argv[0]);
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "harness/cli/option_sources.h"

namespace conformance::cli {

struct Options;

// Parses and dispatches. `program` is how it was invoked, for commands that can be copied. Every error that a user can
// cause ends in a message on `err` and status 2 or 3, never in an exception.
[[nodiscard]] int run_main(const std::vector<std::string>& arguments,
                           const std::function<const char*(const char*)>& env, std::ostream& out, std::ostream& err,
                           const std::string& program = "glue-conformance", const Surroundings& surroundings = {});

// JSON is an array of objects in the order of the plan, each with the strings "id", "title", "kind" (valid, malformed
// or free), "requirement" and "characteristic": what the case is held to, and what it measures; empty if nothing.
[[nodiscard]] int list_command(const Options& options, std::ostream& out);
[[nodiscard]] int explain_command(const Options& options, std::ostream& out, std::ostream& err);
[[nodiscard]] int iam_policy_command(const Options& options, std::ostream& out);
[[nodiscard]] int spec_check_command(const Options& options, std::ostream& out);
[[nodiscard]] int audit_command(const Options& options, std::ostream& out);
[[nodiscard]] int serve_command(const Options& options, const std::function<const char*(const char*)>& env,
                                std::ostream& out);
[[nodiscard]] int run_command(const Options& options, const std::function<const char*(const char*)>& env,
                              std::ostream& out, std::ostream& err);
[[nodiscard]] int sweep_command(const Options& options, const std::function<const char*(const char*)>& env,
                                std::ostream& out, std::ostream& err);
[[nodiscard]] int credentials_command(const Options& options, const std::function<const char*(const char*)>& env,
                                      std::ostream& out, std::ostream& err);
[[nodiscard]] int replay_command(const Options& options, const std::function<const char*(const char*)>& env,
                                 std::ostream& out, std::ostream& err);
[[nodiscard]] int characterize_command(const Options& options, const std::function<const char*(const char*)>& env,
                                       std::ostream& out, std::ostream& err);
// 1 if anything differs.
[[nodiscard]] int profile_diff_command(const Options& options, std::ostream& out);
// Each reads records of runs and sends nothing; throws RecordError of one that it cannot read.
[[nodiscard]] int report_command(const Options& options, const std::function<const char*(const char*)>& env,
                                 std::ostream& out, std::ostream& err);
// 1 if anything differs.
[[nodiscard]] int compare_command(const Options& options, std::ostream& out, std::ostream& err);
// Each writes a file of known failures from a record, and shows the difference.
[[nodiscard]] int known_init_command(const Options& options, std::ostream& out, std::ostream& err);
[[nodiscard]] int known_update_command(const Options& options, std::ostream& out, std::ostream& err);
// The exit status of the merged run, or 1 if there is none.
[[nodiscard]] int merge_command(const Options& options, const std::function<const char*(const char*)>& env,
                                std::ostream& out, std::ostream& err);

}  // namespace conformance::cli
