#include "harness/cli/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/cli/iam_policy.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/options.h"
#include "harness/cli/setup.h"
#include "harness/cli/signing.h"
#include "harness/run/gtest_runner.h"
#include "harness/spec/model_check.h"
#include "harness/text/escape.h"
#include "harness/wire/usage_error.h"

namespace conformance::cli {
namespace {

int dispatch(const Options& options, const std::function<const char*(const char*)>& env, std::ostream& out,
             std::ostream& err) {
  switch (options.command) {
    case Command::run:
      return run_command(options, env, out, err);
    case Command::replay:
      return replay_command(options, env, out, err);
    case Command::characterize:
      return characterize_command(options, env, out, err);
    case Command::profile_diff:
      return profile_diff_command(options, out);
    case Command::list:
      return list_command(options, out);
    case Command::explain:
      return explain_command(options, out, err);
    case Command::serve:
      return serve_command(options, env, out);
    case Command::audit:
      return audit_command(options, out);
    case Command::sweep:
      return sweep_command(options, env, out, err);
    case Command::iam_policy:
      return iam_policy_command(options, out);
    case Command::credentials:
      return credentials_command(options, env, out, err);
    case Command::report:
      return report_command(options, env, out, err);
    case Command::compare:
      return compare_command(options, out, err);
    case Command::merge:
      return merge_command(options, env, out, err);
    case Command::known_init:
      return known_init_command(options, out, err);
    case Command::known_update:
      return known_update_command(options, out, err);
    case Command::spec_check:
      return spec_check_command(options, out);
  }
  return 2;
}

struct Split {
  std::vector<std::string> ours, gtest;
};

// GoogleTest must see its flags only: it takes --help and --color for its own.
Split split(const std::vector<std::string>& arguments) {
  Split all;
  for (const std::string& argument : arguments)
    (argument.starts_with("--gtest_") ? all.gtest : all.ours).push_back(argument);
  return all;
}

bool asks_for_help(const std::vector<std::string>& gtest_flags) {
  return std::find(gtest_flags.begin(), gtest_flags.end(), "--gtest_help") != gtest_flags.end();
}

Shard shard_of(const Options& options, const std::function<const char*(const char*)>& env) {
  try {
    return choose_shard(options.shard, env);
  } catch (const wire::UsageError& error) {
    throw wire::UsageError(std::string(error.what()) + "; nothing was sent");
  }
}

// Of the flags and the variables that GoogleTest reads.
std::string gtest_fault(const Options& options, const std::vector<std::string>& flags) {
  if (options.command != Command::run) forget_gtest_environment();
  return take_gtest_flags(flags);
}

}  // namespace

int serve_command(const Options& options, const std::function<const char*(const char*)>& env, std::ostream& out) {
  InterruptGuard guard;
  reference::Options reference = reference_options(options);
  if (options.authenticate) reference.auth = verifying(credentials_of(env), options.region);
  reference::ReferenceEndpoint endpoint(reference);
  guard.on_interrupt([&endpoint] { endpoint.stop(); });
  out << "The reference endpoint answers at " << endpoint.url() << "\n";
  if (options.authenticate)
    out << "It carries out what is signed for " << text::visible(options.region) << " with the access key "
        << text::visible(reference.auth.accounts.front().access_key) << ".\n";
  out << "Stop it with Ctrl-C." << std::endl;
  endpoint.wait();
  return 0;
}

int iam_policy_command(const Options& options, std::ostream& out) {
  out << iam_policy({.account = options.sandbox_account,
                     .region = options.region,
                     .role = options.create_options.empty() ? "" : options.create_options.front().second});
  return 0;
}

int spec_check_command(const Options& options, std::ostream& out) {
  const std::vector<spec::Drift> drifts = spec::check_model(spec::builtin_table(), spec::read_model(options.subject));
  for (const spec::Drift& drift : drifts) {
    out << fmt::format("{}: the table says {}, the model says {}\n", drift.place, text::visible(drift.table_says),
                       text::visible(drift.model_says));
  }
  out << (drifts.empty() ? "The spec table agrees with " : fmt::format("{} drifts from ", drifts.size()))
      << text::visible(options.subject) << "\n";
  return drifts.empty() ? 0 : 1;
}

int run_main(const std::vector<std::string>& arguments, const std::function<const char*(const char*)>& env,
             std::ostream& out, std::ostream& err, const std::string& program, const Surroundings& surroundings) {
  try {
    const Split given = split(arguments);
    std::variant<Options, Exit> parsed = asks_for_help(given.gtest) ? parse_options({"run", "--help"}, env)
                                                                    : parse_options(given.ours, env, surroundings);
    if (const Exit* exit = std::get_if<Exit>(&parsed)) {
      out << exit->out;
      err << exit->err;
      return exit->status;
    }
    Options& options = std::get<Options>(parsed);
    options.program = program;
    // A replay sends what it names, whichever shard of a job it is done in.
    if (options.command == Command::run) options.part = shard_of(options, env);
    if (const std::string fault = gtest_fault(options, given.gtest); !fault.empty()) {
      err << "glue-conformance: " << fault << "; nothing was sent\n";
      return 2;
    }
    return dispatch(options, env, out, err);
  } catch (const Untestable& error) {
    err << "glue-conformance: the endpoint could not be tested: " << error.what() << "\n";
    return 3;
  } catch (const std::runtime_error& error) {
    // What a user can cause is a runtime_error of the boundary where it was met, with a message that says what to do.
    err << "glue-conformance: " << error.what() << "\n";
  } catch (const std::exception& error) {
    err << "glue-conformance: the harness failed: " << error.what() << "\n";
    return 3;
  }
  return 2;
}

}  // namespace conformance::cli
