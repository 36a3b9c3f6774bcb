#include "harness/cli/commands.h"

#include <fmt/format.h>

#include <ostream>
#include <stdexcept>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/cli/interrupt.h"
#include "harness/run/gtest_runner.h"
#include "harness/spec/model_check.h"
#include "harness/text/escape.h"

namespace conformance::cli {
namespace {

int dispatch(const Options& options, const std::function<const char*(const char*)>& env, std::ostream& out,
             std::ostream& err) {
  switch (options.command) {
    case Command::run:
      return run_command(options, env, out, err);
    case Command::replay:
      return replay_command(options, env, out, err);
    case Command::list:
      return list_command(options, out);
    case Command::explain:
      return explain_command(options, out, err);
    case Command::serve:
      return serve_command(options, out);
    case Command::audit:
      return audit_command(options, out);
    case Command::spec_check:
      return spec_check_command(options, out);
  }
  return 2;
}

// GoogleTest must see its flags only: it takes --help and --color for its own.
std::vector<std::string> without_gtest_flags(const std::vector<std::string>& arguments, std::string& unknown) {
  std::vector<std::string> ours, theirs{"glue-conformance"};
  for (const std::string& argument : arguments) (argument.starts_with("--gtest_") ? theirs : ours).push_back(argument);
  const std::vector<std::string> rest = take_gtest_flags(theirs);
  if (rest.size() > 1) unknown = rest[1];
  return ours;
}

}  // namespace

int serve_command(const Options& options, std::ostream& out) {
  InterruptGuard guard;
  reference::ReferenceEndpoint endpoint(reference_options(options));
  guard.on_interrupt([&endpoint] { endpoint.stop(); });
  out << "The reference endpoint answers at " << endpoint.url() << "\nStop it with Ctrl-C." << std::endl;
  endpoint.wait();
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
             std::ostream& out, std::ostream& err) {
  try {
    std::string unknown;
    const std::vector<std::string> ours = without_gtest_flags(arguments, unknown);
    if (!unknown.empty()) {
      err << "glue-conformance: GoogleTest has no flag " << text::visible(unknown) << "; nothing was sent\n";
      return 2;
    }
    const std::variant<Options, Exit> parsed = parse_options(ours, env);
    if (const Exit* exit = std::get_if<Exit>(&parsed)) {
      out << exit->out;
      err << exit->err;
      return exit->status;
    }
    return dispatch(std::get<Options>(parsed), env, out, err);
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
