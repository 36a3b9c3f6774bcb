#include "harness/cli/options.h"

#include <CLI/CLI.hpp>
#include <map>

namespace conformance::cli {
namespace {

const std::map<std::string, SessionMode> session_modes{
    {"auto", SessionMode::automatic}, {"create", SessionMode::create}, {"none", SessionMode::none}};
const std::map<std::string, spec::Level> levels{{"must", spec::Level::must}, {"should", spec::Level::should}};

void add_endpoint(CLI::App& app, Options& o) {
  app.add_option("--endpoint", o.endpoint, "The endpoint under test; without it, the embedded reference endpoint")
      ->type_name("URL");
  app.add_option("--seed", o.seed, "Decides the identifiers of the run; printed, random by default")->type_name("N");
  app.add_option("--sessions", o.sessions, "How a case gets a session to delete: auto, create, none")
      ->transform(CLI::CheckedTransformer(session_modes, CLI::ignore_case));
  app.add_option("--jobs", o.jobs, "Connections, and so exchanges in flight")->check(CLI::Range(1, 1024));
  app.add_option("--timeout", o.timeout_seconds, "Seconds for an exchange, connecting included")
      ->check(CLI::Range(0.01, 3600.0));
  app.add_option("--rate", o.rate, "Requests a second at most; 0 is unbounded")->check(CLI::NonNegativeNumber);
  app.add_option("--level", o.fail_level, "The weakest level that fails the run: must or should")
      ->transform(CLI::CheckedTransformer(levels, CLI::ignore_case));
  app.add_option("--region", o.region, "The region of the signature");
  app.add_flag("!--no-sign", o.sign, "Send unsigned requests");
  app.add_option("--ca-bundle", o.ca_bundle, "PEM file of the certificate authorities to trust")->type_name("FILE");
}

void add_reference(CLI::App& app, Options& o) {
  app.add_option("--deviation", o.deviations, "Switch on a deviation of the reference endpoint (repeatable)")
      ->type_name("NAME");
  app.add_option("--missing", o.missing, "What the reference endpoint answers for a missing session")
      ->check(CLI::IsMember({"ok", "not-found", "invalid-input"}));
  app.add_option("--provisioning-delay", o.provisioning_ms, "Milliseconds that a new session is PROVISIONING");
}

void add_console(CLI::App& app, Options& o) {
  app.add_option("--color", o.color, "auto, always or never")->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_option("--progress", o.progress, "auto, bar, counter or none")
      ->check(CLI::IsMember({"auto", "bar", "counter", "none"}));
}

// Flags are shown by `run --help` though GoogleTest takes them out before.
constexpr const char* gtest_help =
    "GoogleTest's flags work too: --gtest_filter, --gtest_shuffle, --gtest_repeat, --gtest_fail_fast,\n"
    "--gtest_list_tests, and sharding by GTEST_TOTAL_SHARDS and GTEST_SHARD_INDEX.\n\n"
    "Exit status: 0 conforms, 1 does not conform, 2 usage, 3 could not be tested, 4 nothing executed or a case\n"
    "stayed inconclusive, 130 interrupted.";

std::optional<std::string> read_report(const std::string& text, Options& o) {
  const std::size_t colon = text.find(':');
  const std::string format = text.substr(0, colon);
  if (format != "junit") return "--report " + text + ": unknown format '" + format + "'; this version writes junit";
  if (colon == std::string::npos || colon + 1 == text.size()) return "--report " + text + ": write it as junit:PATH";
  o.reports.push_back({format, text.substr(colon + 1)});
  return std::nullopt;
}

std::string first_set(const std::function<const char*(const char*)>& env, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = env(name); value != nullptr && *value != '\0') return value;
  }
  return {};
}

}  // namespace

std::variant<Options, Exit> parse_options(const std::vector<std::string>& arguments,
                                          const std::function<const char*(const char*)>& env) {
  Options o;
  std::vector<std::string> report_texts;
  CLI::App app{"Proves, request by request, whether an endpoint behaves like DeleteSession of AWS Glue.",
               "glue-conformance"};
  app.set_version_flag("--version", std::string("glue-conformance ") + GLUE_CONFORMANCE_VERSION);
  app.require_subcommand(1);

  CLI::App* run = app.add_subcommand("run", "Run the suites; without an endpoint, against the embedded reference");
  add_endpoint(*run, o);
  add_reference(*run, o);
  add_console(*run, o);
  run->add_option("--filter", o.filters, "Case ids, with * and ?; a leading ! excludes (repeatable)")
      ->type_name("PATTERN");
  run->add_option("--report", report_texts, "Write a report (repeatable): junit:PATH")->type_name("FORMAT:PATH");
  run->add_option("--report-dir", o.report_dir, "Write all reports and the ledger there")->type_name("DIR");
  run->footer(gtest_help);

  CLI::App* list = app.add_subcommand("list", "The planned cases");
  list->add_option("--filter", o.filters, "Case ids, with * and ?; a leading ! excludes (repeatable)");
  list->add_option("--format", o.format, "text, json or markdown")->check(CLI::IsMember({"text", "json", "markdown"}));
  list->add_option("--seed", o.seed, "Decides the identifiers");

  CLI::App* explain = app.add_subcommand("explain", "One case or requirement in full");
  explain->add_option("id", o.subject, "A case's or a requirement's id")->required();
  explain->add_option("--seed", o.seed, "Decides the identifiers");

  CLI::App* replay = app.add_subcommand("replay", "Send one case again and show both messages");
  replay->add_option("id", o.subject, "A case's id")->required();
  add_endpoint(*replay, o);
  add_reference(*replay, o);
  add_console(*replay, o);

  CLI::App* serve = app.add_subcommand("serve", "The reference endpoint, usable as a mock");
  serve->add_option("--port", o.port, "0 lets the system choose; the URL is printed")->check(CLI::Range(0, 65535));
  serve->add_option("--host", o.host, "The address to listen on");
  add_reference(*serve, o);

  CLI::App* audit = app.add_subcommand("audit", "The kill matrix over all deviations");
  audit->add_option("--deviation", o.deviations, "Only these (repeatable)");
  audit->add_option("--seed", o.seed, "Decides the identifiers");
  audit->add_option("--jobs", o.jobs, "Connections")->check(CLI::Range(1, 1024));

  CLI::App* spec = app.add_subcommand("spec", "The spec table");
  spec->require_subcommand(1);
  CLI::App* check = spec->add_subcommand("check", "Compare the table with a service model; 1 if they differ");
  check->add_option("model", o.subject, "botocore's service-2.json(.gz), or the Smithy JSON AST")->required();

  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    const int code = app.exit(error, out, err);
    return Exit{code == 0 ? 0 : 2, out.str(), err.str()};
  }
  for (const std::string& text : report_texts) {
    if (const auto fault = read_report(text, o)) return Exit{2, "", *fault + "\n"};
  }
  o.command = *run       ? Command::run
              : *list    ? Command::list
              : *explain ? Command::explain
              : *replay  ? Command::replay
              : *serve   ? Command::serve
              : *audit   ? Command::audit
                         : Command::spec_check;
  // An unset variable in a pipeline must not turn the gate into a test of the embedded reference.
  if (o.endpoint.empty() && run->count("--endpoint") + replay->count("--endpoint") > 0)
    return Exit{2, "", "--endpoint is empty: give the URL of the endpoint, or leave the option out\n"};
  if (o.endpoint.empty()) o.endpoint = first_set(env, {"AWS_ENDPOINT_URL_GLUE", "AWS_ENDPOINT_URL"});
  if (o.region.empty()) o.region = first_set(env, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (o.region.empty()) o.region = "us-east-1";
  if (o.ca_bundle.empty()) o.ca_bundle = first_set(env, {"AWS_CA_BUNDLE"});
  if (!o.endpoint.empty() && (*run || *replay) &&
      (!o.deviations.empty() || run->count("--missing") + replay->count("--missing") > 0))
    return Exit{2, "", "--deviation and --missing are of the embedded reference endpoint: leave out --endpoint\n"};
  return o;
}

}  // namespace conformance::cli
