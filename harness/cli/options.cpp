#include "harness/cli/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

#include "harness/cli/describing_commands.h"
#include "harness/cli/help_formatter.h"
#include "harness/cli/sandbox.h"
#include "harness/cli/settings_error.h"
#include "harness/cli/version.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "harness/wire/credentials.h"
#include "harness/wire/url.h"
#include "reports/formats.h"

namespace conformance::cli {
namespace {

// As written on a command line: decimal digits, a point, no sign. A range leaves out what is no number (nan, inf).
template <typename Number>
Number read_number(const std::string& option, const std::string& text, Number least, Number most) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most) return value;
  throw CLI::ValidationError(option, fmt::format("'{}' is no {} from {} to {}", text::visible(text),
                                                 std::is_integral_v<Number> ? "whole number" : "number", least, most));
}

// An option that takes a number from `least` to `most`, both included.
template <typename Number>
CLI::Option* add_number(CLI::App& app, const std::string& name, Number& target, Number least, Number most,
                        const std::string& description) {
  return app
      .add_option_function<std::string>(
          name,
          [&target, name, least, most](const std::string& text) { target = read_number(name, text, least, most); },
          description)
      ->type_name("N")
      ->default_str(fmt::format("{}", target));
}

void add_seed(CLI::App& app, Options& o, const std::string& description) {
  const auto read = [&o](const std::string& text) {
    o.seed = read_number<std::uint64_t>("--seed", text, 0, std::numeric_limits<std::uint64_t>::max());
  };
  app.add_option_function<std::string>("--seed", read, description)->type_name("N");
}

template <typename Value>
using Words = std::vector<std::pair<std::string, Value>>;

// An option that takes one of these words, in any case; the first is its default.
template <typename Value>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Value& target, const Words<Value>& words,
                        const std::string& description) {
  std::string all;
  for (const auto& [word, value] : words) all += (all.empty() ? "" : "|") + word;
  const auto read = [&target, name, words, all](const std::string& text) {
    for (const auto& [word, value] : words) {
      if (CLI::detail::to_lower(text) != word) continue;
      target = value;
      return;
    }
    throw CLI::ValidationError(name, fmt::format("'{}' is none of {}", text::visible(text), all));
  };
  return app.add_option_function<std::string>(name, read, description)
      ->type_name(all)
      ->default_str(words.front().first);
}

CLI::Option* add_words(CLI::App& app, const std::string& name, std::string& target,
                       const std::vector<std::string>& words, const std::string& description) {
  Words<std::string> pairs;
  for (const std::string& word : words) pairs.emplace_back(word, word);
  return add_choice(app, name, target, pairs, description);
}

// One value each time that it is given: it takes no argument that follows for one more.
CLI::Option* add_repeatable(CLI::App& app, const std::string& name, std::vector<std::string>& target,
                            const std::string& type, const std::string& description) {
  return app.add_option(name, target, description + "; repeatable")->type_name(type)->allow_extra_args(false);
}

void add_tls(CLI::App& app, Options& o) {
  app.add_option("--ca-bundle", o.ca_bundle,
                 "PEM file of the certificate authorities to trust (default: AWS_CA_BUNDLE, else the system's)")
      ->type_name("FILE");
  app.add_flag_callback(
      "--insecure", [&o] { o.insecure = true; }, "Take any certificate; refused towards AWS");
  add_repeatable(app, "--connect-to", o.connect_to_texts, "HOST:PORT:ADDRESS:PORT",
                 "Connect to ADDRESS:PORT in place of HOST:PORT, as curl does; certificates are still those of HOST");
}

void add_endpoint(CLI::App& app, Options& o) {
  app.option_defaults()->group("Endpoint");
  app.add_option(
         "--endpoint", o.endpoint,
         "The endpoint under test, like http://localhost:5000; aws: AWS Glue in the region, see Sandbox (default: "
         "AWS_ENDPOINT_URL_GLUE, AWS_ENDPOINT_URL, else the embedded reference endpoint)")
      ->type_name("URL");
  add_tls(app, o);
  add_number<double>(
      app, "--wait-for-endpoint", o.wait_for_endpoint_seconds, 0, 3600,
      "Seconds that an endpoint which is still starting is waited for, and one that falls over meanwhile, then "
      "at least 3")
      ->type_name("SECONDS");
  add_number<double>(app, "--timeout", o.timeout_seconds, 0.01, 3600, "Seconds for an exchange, connecting included")
      ->type_name("SECONDS");
  add_number<std::size_t>(app, "--jobs", o.jobs, 1, 1024, "Connections, and so exchanges in flight");
  add_number<double>(app, "--rate", o.rate, 0, 1'000'000, "Requests a second at most; 0 is unbounded");
  add_number<double>(app, "--throttle-wait", o.throttle_wait_seconds, 0, 3600,
                     "Seconds that a request is sent again for while it is throttled (ThrottlingException, 429, 503)")
      ->type_name("SECONDS");
}

void add_direct(CLI::App& app, Options& o) {
  app.option_defaults()->group("Endpoint");
  app.add_option("--direct", o.direct,
                 "The upstream behind --endpoint, which is a proxy: each case is sent both ways, and must come out the "
                 "same; what the upstream does wrong is not the proxy's fault")
      ->type_name("URL");
}

void add_signing(CLI::App& app, Options& o) {
  app.option_defaults()->group("Signing");
  app.add_option("--region", o.region,
                 "The region of the signature (default: that of an AWS host, AWS_REGION, AWS_DEFAULT_REGION, the "
                 "profile's, else us-east-1)")
      ->type_name("NAME");
  app.add_flag_callback(
      "--no-sign", [&o] { o.sign = false; }, "Send unsigned requests");
  add_choice<CredentialChoice>(
      app, "--credentials", o.credentials,
      {{"auto", CredentialChoice::automatic},
       {"chain", CredentialChoice::chain},
       {"environment", CredentialChoice::environment},
       {"test", CredentialChoice::test}},
      "chain: from where AWS's own tools take them; environment: AWS_ACCESS_KEY_ID and its like, "
      "else test and test; auto: chain towards AWS and with --aws-profile, else environment");
  app.add_option("--aws-profile", o.aws_profile,
                 "The profile of AWS's shared files (default: AWS_PROFILE, for the chain)")
      ->type_name("NAME");
  add_choice<HeaderSet>(app, "--sign-like", o.headers,
                        {{"botocore", HeaderSet::botocore}, {"javascript", HeaderSet::javascript}},
                        "Which headers are signed: those of botocore, or those of the SDK for JavaScript");
}

void add_require_auth(CLI::App& app, Options& o) {
  app.add_flag_callback(
      "--require-auth", [&o] { o.require_auth = true; },
      "Hold the endpoint to verifying signatures, even if it verifies none; always towards AWS");
}

void add_sandbox(CLI::App& app, Options& o) {
  app.option_defaults()->group("Sandbox");
  app.add_option(
         "--sandbox-account", o.sandbox_account,
         "The AWS account that may be used for a run against the real service; STS must say that the credentials "
         "are of this very account")
      ->type_name("ID");
}

void add_cost(CLI::App& app, Options& o) {
  add_number<double>(app, "--dpu-hour-price", o.dpu_hour_price, 0, 1000, "Dollars, for the worst case that is shown")
      ->type_name("DOLLARS");
  app.add_flag_callback(
      "--dry-run", [&o] { o.dry_run = true; }, "Show what would be sent, created and charged for; send nothing");
}

void add_waits(CLI::App& app, Options& o) {
  add_number<double>(app, "--effect-wait", o.effect_wait_seconds, 0, 3600,
                     "Seconds that a deleted session is given to disappear")
      ->type_name("SECONDS");
  add_number<double>(app, "--ready-wait", o.ready_wait_seconds, 0, 3600,
                     "Seconds that a session is given to become usable, and a command to print one")
      ->type_name("SECONDS");
}

void add_ledger(CLI::App& app, Options& o) {
  app.add_option("--ledger", o.ledger,
                 "Where the sessions that are created are written down, for `glue-conformance sweep` (default: "
                 "ledger.jsonl in --report-dir, else a file in ~/.local/state/glue-conformance that goes when nothing "
                 "is left)")
      ->type_name("FILE");
}

void read_sessions(const std::string& text, Options& o) {
  const Words<SessionMode> words{
      {"auto", SessionMode::automatic}, {"create", SessionMode::create}, {"none", SessionMode::none}};
  for (const auto& [word, mode] : words) {
    if (CLI::detail::to_lower(text) == word) o.sessions = mode;
    if (CLI::detail::to_lower(text) == word) return o.session_source.clear();
  }
  for (const std::string_view source : {"file:", "command:"}) {
    if (!text.starts_with(source) || text.size() == source.size()) continue;
    o.sessions = SessionMode::provided;
    o.session_source = text;
    return;
  }
  throw CLI::ValidationError(
      "--sessions", fmt::format("'{}' is none of auto|create|none|file:PATH|command:CMD", text::visible(text)));
}

void add_sessions(CLI::App& app, Options& o) {
  app.option_defaults()->group("Sessions");
  app.add_option_function<std::string>(
         "--sessions", [&o](const std::string& text) { read_sessions(text, o); },
         "Where sessions to delete come from. create: they are created; auto: they are, if the endpoint can; none: "
         "nothing is created; file: the ids in PATH, one a line, which the run deletes; command: CMD is run by /bin/sh "
         "for each and prints its id")
      ->type_name("auto|create|none|file:PATH|command:CMD")
      ->default_str("auto");
  for (const suites::CreateOption& option : suites::create_options()) {
    const std::string name(option.name);
    const auto take = [&o, name](const std::vector<std::string>& values) {
      for (const std::string& value : values) o.create_options.emplace_back(name, value);
    };
    app.add_option_function<std::vector<std::string>>(name, take, std::string(option.description))
        ->type_name(std::string(option.type))
        ->allow_extra_args(false);
  }
  add_waits(app, o);
  add_ledger(app, o);
  add_number<std::size_t>(app, "--max-sessions", o.max_sessions, 0, 1'000'000'000,
                          "Sessions that are created at most; 0 is unbounded");
}

void add_judging(CLI::App& app, Options& o) {
  app.option_defaults()->group("Cases");
  add_seed(app, o, "Decides the identifiers that the run uses; the summary shows it (default: random)");
  add_number<std::uint64_t>(app, "--examples", o.limits.examples, 1, 1'000'000'000,
                            "Examples of each generated property");
  add_number<std::size_t>(app, "--max-shrink-requests", o.limits.max_shrink_requests, 0, 1'000'000,
                          "Requests that are spent on making a counterexample smaller");
  add_choice<spec::Level>(app, "--level", o.fail_level, {{"should", spec::Level::should}, {"must", spec::Level::must}},
                          "The weakest level of a requirement that fails the run");
}

void add_reference(CLI::App& app, Options& o) {
  app.option_defaults()->group("Reference endpoint");
  add_repeatable(app, "--deviation", o.deviations, "NAME",
                 "Switch on a defect (`glue-conformance explain REQUIREMENT` names those that break it)");
  add_words(app, "--missing", o.missing, {"ok", "not-found", "invalid-input"}, "What it answers for a missing session");
  struct Delay {
    const char* name;
    std::uint64_t* milliseconds;
    const char* what;
  };
  for (const Delay& delay :
       {Delay{"--provisioning-delay", &o.provisioning_ms, "Milliseconds that a new session is PROVISIONING"},
        Delay{"--stopping-delay", &o.stopping_ms, "Milliseconds that a stopped session is STOPPING"},
        Delay{"--deletion-delay", &o.deletion_ms, "Milliseconds that a deleted session is still to be seen"}})
    add_number<std::uint64_t>(app, delay.name, *delay.milliseconds, 0, 3'600'000, delay.what);
  add_repeatable(app, "--session", o.given, "ID=STATE", "A session that it has from the beginning, e.g. old=FAILED");
}

void add_color(CLI::App& app, Options& o) {
  add_words(app, "--color", o.color, {"auto", "always", "never"}, "Colors; auto honours NO_COLOR and CLICOLOR_FORCE");
}

void add_progress(CLI::App& app, Options& o) {
  add_words(app, "--progress", o.progress, {"auto", "bar", "counter", "none"},
            "On standard error, with the first failure of each requirement as it happens");
}

void add_console(CLI::App& app, Options& o) {
  app.option_defaults()->group("Output");
  add_color(app, o);
  add_progress(app, o);
}

void add_reports(CLI::App& app, Options& o, std::vector<std::string>& texts, const std::string& of_dir) {
  add_repeatable(app, "--report", texts, reports::format_names() + ":PATH",
                 "Write a report there; folders are created");
  app.add_option("--report-dir", o.report_dir, of_dir)->type_name("DIR");
  add_choice<reports::JunitBy>(
      app, "--junit-by", o.report_options.junit_by,
      {{"case", reports::JunitBy::test_case}, {"requirement", reports::JunitBy::requirement}},
      "What a test case of the JUnit report is; a requirement is one with all cases that ask for it");
  add_number<std::size_t>(app, "--junit-split", o.report_options.junit_split, 0, 1'000'000'000,
                          "Test cases in a JUnit file at most, as some pipelines have a bound; what is more goes to "
                          "NAME-2.xml, NAME-3.xml and so on beside NAME.xml; those of an earlier run that are not "
                          "written again are removed; 0 is unbounded");
}

void add_policy(CLI::App& app, Options& o) {
  app.add_option("--sandbox-account", o.sandbox_account, "Only for sessions of this account (default: any)")
      ->type_name("ID");
  app.add_option("--region", o.region, "Only for sessions of this region (default: any)")->type_name("NAME");
  app.add_option_function<std::string>(
         "--session-role", [&o](const std::string& arn) { o.create_options.emplace_back("--session-role", arn); },
         "With what --sessions create needs, for sessions of this role (default: only what --sessions none needs)")
      ->type_name("ARN");
}

void add_bound(CLI::App& app, Options& o) {
  add_number<std::size_t>(
      app, "--max-requests", o.max_requests, 0, 1'000'000'000'000,
      "Requests that are sent at most, but for cleaning up; what does not fit is skipped: let in "
      "are the smoke tier, then the rest in the order of the plan, then properties; 0 is unbounded");
}

void add_filter(CLI::App& app, Options& o) {
  add_choice<Tier>(app, "--tier", o.tier,
                   {{"standard", Tier::standard}, {"smoke", Tier::smoke}, {"exhaustive", Tier::exhaustive}},
                   "How much is asked: smoke asks each requirement once; exhaustive decides every code point");
  add_repeatable(app, "--filter", o.filters, "PATTERN",
                 "Only the cases with such an id, e.g. 'id.length.*'; * is any text, ? any character, a leading ! "
                 "excludes");
}

void add_profile(CLI::App& app, Options& o) {
  app.add_option("--profile", o.profile,
                 "Hold the endpoint also to what another did where the specification is silent: a file that "
                 "`characterize` wrote, or one of documented (pins nothing), reference, moto-5")
      ->type_name("FILE|NAME");
}

void add_known_failures(CLI::App& app, Options& o) {
  app.add_option("--known-failures", o.known_failures,
                 "A TOML file of failures that are accepted, each with its outcome, reason, issue, owner and last day; "
                 "for no run against AWS or the embedded endpoint")
      ->type_name("FILE");
  app.add_option("--endpoint-version", o.endpoint_version,
                 "The endpoint's version, for known failures of some versions only")
      ->type_name("VERSION");
}

// Which of them are required is known when the configuration file has been read.
void add_new_entries(CLI::App& app, Options& o) {
  app.option_defaults()->group("New entries");
  app.add_option("--owner", o.owner, "Who answers for them")->type_name("NAME");
  app.add_option("--issue", o.issue, "Where they are dealt with")->type_name("URL");
  app.add_option("--until", o.until, "The last day on which they hold, like 2027-01-31")->type_name("DATE");
  app.add_option("--reason", o.reason, "Why they are accepted (default: that nobody has looked into them)")
      ->type_name("WORDS");
}

constexpr const char* footer_of_all =
    "`glue-conformance COMMAND --help` shows the options of a command. To begin with:\n\n"
    "glue-conformance run --endpoint http://localhost:5000";

// Flags are shown by `run --help` though GoogleTest takes them out before.
constexpr const char* footer_of_run =
    "GoogleTest's flags work too: --gtest_filter, --gtest_shuffle, --gtest_repeat, --gtest_fail_fast, "
    "--gtest_list_tests.\n\n"
    "Requests are signed with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, else with test/test; "
    "towards AWS, with --aws-profile and with --credentials chain with what AWS's own tools would find "
    "(`glue-conformance credentials` shows it).\n\n"
    "Exit status:\n"
    "0 everything that was planned passed, was known to fail, or does not apply\n"
    "1 the endpoint does not conform, or a known failure passes\n"
    "2 usage error; nothing was sent\n"
    "3 the endpoint could not be tested, or a session could not be deleted, or a report could not be written\n"
    "4 nothing was executed, or a case stayed inconclusive\n"
    "130 interrupted; the reports are complete for what ran";

constexpr const char* footer_of_sweep =
    "Nothing is deleted but what the ledger names as created and not gone. The environment does not decide the "
    "endpoint.\n\n"
    "Exit status:\n"
    "0 nothing is left\n"
    "1 something could not be deleted\n"
    "2 usage error, or no ledger; nothing was sent\n"
    "3 the endpoint could not be asked";

constexpr const char* footer_of_characterize =
    "Only the cases that measure something are sent. Whether the endpoint conforms is not asked.\n\n"
    "Exit status:\n"
    "0 the profile is written\n"
    "2 usage error; nothing was sent\n"
    "3 the endpoint could not be tested, or the profile could not be written\n"
    "4 nothing could be measured\n"
    "130 interrupted; no profile is written";

constexpr const char* footer_of_report =
    "Exit status:\n"
    "0 the reports are written, whatever they say\n"
    "2 usage error, a record that cannot be read, or a place that no report can be written to\n"
    "3 a report could not be written to its end";

constexpr const char* footer_of_compare =
    "Compared are the verdict of each case, what it blames and the kind of its answer; not messages and not times.\n\n"
    "Exit status:\n"
    "0 nothing differs\n"
    "1 something differs\n"
    "2 usage error, or a record that cannot be read";

constexpr const char* footer_of_known =
    "`init` writes the file that makes the next run green, `update` brings one up to date and keeps its comments and "
    "its order. An entry; what it matches are ids of cases or of requirements, with * and ?, or an array of these:\n\n"
    "[[known]]                                # or [[flaky]]: it may pass as well\n"
    "match = \"id.length.max\"\n"
    "outcome = \"400 EntityNotFoundException\"  # or an array: any of them\n"
    "reason = \"lengths are not checked\"\n"
    "issue = \"https://example.org/issues/1\"\n"
    "owner = \"team-glue\"\n"
    "until = 2027-01-31                       # the last day\n"
    "version = \"5.*\"                          # optional (run --endpoint-version)";

constexpr const char* footer_of_known_command =
    "Exit status:\n"
    "0 the file is as it is to be\n"
    "2 usage error, or a record or a file that cannot be read or written";

constexpr const char* footer_of_merge =
    "Exit status: that of the run that the shards are together (`glue-conformance run --help`), and\n"
    "1 a planned case is missing or doubled, or they are of different plans; no report is written\n"
    "2 usage error, or a record that cannot be read\n"
    "3 a report could not be written";

constexpr const char* footer_of_credentials =
    "Looked at, in the order of AWS's own tools: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN "
    "(unless "
    "--aws-profile names a profile); the profile's role_arn; AWS_WEB_IDENTITY_TOKEN_FILE; ~/.aws/credentials; the "
    "profile's credential_process; ~/.aws/config; the container; the EC2 instance. No secret is printed.\n\n"
    "Exit status:\n"
    "0 there are credentials\n"
    "2 usage error, there are none, or what is set up is wrong\n"
    "3 a source, or STS, could not be asked or refused";

constexpr const char* footer_of_list =
    "As json: an array of objects in the order of the plan, each with the strings id, title, kind (valid, malformed "
    "or free), requirement and characteristic (what the case is held to and what it measures; empty if nothing).";

std::optional<std::string> read_report(const std::string& text, Options& o) {
  const std::size_t colon = text.find(':');
  const std::string format = text.substr(0, colon);
  const std::string shown = text::visible(text.ends_with(':') ? text.substr(0, text.size() - 1) : text);
  if (reports::find_format(format) == nullptr)
    return fmt::format("--report {}: unknown format '{}'; there are {}", shown, text::visible(format),
                       reports::format_names());
  if (colon == std::string::npos || colon + 1 == text.size())
    return fmt::format("--report {}: write it as {}:PATH", shown, format);
  o.reports.push_back({format, text.substr(colon + 1)});
  return std::nullopt;
}

struct Variable {
  std::string name, value;
};

// The first that is set; both empty if none is.
Variable first_set(const Environment& env, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = env(name); value != nullptr && *value != '\0') return {name, value};
  }
  return {};
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

Exit usage_error(const std::string& message, const std::string& command) {
  return {2, "", fmt::format("glue-conformance: {}\nNothing was sent. `{} --help` shows more.\n", message, command)};
}

// What is wrong with a line that CLI11 refuses: in its words, except where they do not say what would be right.
std::string fault_of_line(const CLI::App& command, const CLI::ParseError& error, const std::string& first) {
  const std::vector<std::string> commands = commands_of(command);
  std::string what = text::visible(error.what());
  if (!commands.empty() && (first.empty() || first.starts_with('-')))
    return fmt::format("{}: {}", what, fmt::join(commands, ", "));
  if (!commands.empty())
    return fmt::format("there is no command '{}'; there are {}", text::visible(first), fmt::join(commands, ", "));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
    return what.substr(0, what.find(':')) +
           (what.find("received") == std::string::npos ? " needs a value" : " may be given only once");
  const std::vector<std::string> extras = command.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr || extras.empty()) return what;
  std::vector<std::string> options;
  for (const CLI::Option* option : command.get_options()) options.push_back(option->get_name());
  const std::string near = text::nearest(extras.front().substr(0, extras.front().find('=')), options);
  return fmt::format("{} is not understood here{}", text::visible(extras.front()),
                     near.empty() ? "" : "; did you mean '" + near + "'?");
}

Exit refused(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& arguments) {
  const CLI::App* command = &app;
  std::string name = app.get_name();
  std::size_t depth = 0;
  for (; !command->get_subcommands().empty(); ++depth) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  return usage_error(fault_of_line(*command, error, depth < arguments.size() ? arguments[depth] : ""), name);
}

// Also of a command that has no such option.
bool is_given(const CLI::App& command, const std::string& option) {
  const CLI::Option* found = command.get_option_no_throw(option);
  return found != nullptr && found->count() > 0;
}

// Of "ID=STATE", where the state is one that the service has.
std::optional<reference::Session> given_session(const std::string& given) {
  using reference::Status;
  const std::size_t equals = given.rfind('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  for (const Status status :
       {Status::provisioning, Status::ready, Status::failed, Status::timeout, Status::stopping, Status::stopped}) {
    if (given.substr(equals + 1) == reference::to_string(status))
      return reference::Session{.id = given.substr(0, equals), .role = "role", .command_json = "{}", .status = status};
  }
  return std::nullopt;
}

// It would be a policy that IAM refuses.
std::string fault_of_policy(const Options& o) {
  if (!o.sandbox_account.empty() && !is_account(o.sandbox_account))
    return fmt::format("--sandbox-account '{}' is no account: 12 digits", text::visible(o.sandbox_account));
  if (o.create_options.empty()) return {};
  const std::string& role = o.create_options.front().second;
  const std::size_t account = role.find(":iam::");
  const bool is_role = role.starts_with("arn:aws") && account != std::string::npos &&
                       is_account(role.substr(account + 6, 12)) && role.substr(account + 18).starts_with(":role/") &&
                       role.size() > account + 24;
  return is_role ? ""
                 : fmt::format("--session-role '{}' is no ARN of a role, arn:aws:iam::ACCOUNT:role/NAME",
                               text::visible(role));
}

// What is wrong with the options together, if anything.
std::optional<std::string> fault_of(const Options& o, const CLI::App& command, const std::string& source_of_endpoint) {
  // An unset variable in a pipeline must not turn the gate into a test of the embedded reference.
  if (o.endpoint.empty() && command.count("--endpoint") > 0)
    return "--endpoint is empty: give the URL of the endpoint, or leave the option out";
  if (is_given(command, "--known-failures")) {
    if (o.known_failures.empty()) return "--known-failures is empty: name a file, or leave the option out";
    if (o.endpoint.empty() || is_real_service(o.endpoint))
      return fmt::format("--known-failures is for your own endpoints: {}",
                         o.endpoint.empty() ? "the embedded reference endpoint has none; give --endpoint"
                                            : "what AWS does is what is held against others");
  }
  if (o.endpoint.empty()) {
    // The ledger may say that it is the real service.
    if (!o.sandbox_account.empty() && command.get_name() != "sweep")
      return "--sandbox-account is for the real service: give --endpoint aws";
    if (o.wait_for_endpoint_seconds > 0 && command.get_name() != "sweep")
      return "--wait-for-endpoint is not for the embedded reference endpoint: give --endpoint URL";
    return std::nullopt;
  }
  if (!o.deviations.empty() || is_given(command, "--missing"))
    return "--deviation and --missing are of the embedded reference endpoint: leave out " + source_of_endpoint;
  for (const char* name : {"--provisioning-delay", "--stopping-delay", "--deletion-delay", "--session"})
    if (is_given(command, name))
      return fmt::format("{} is of the embedded reference endpoint: leave out {}", name, source_of_endpoint);
  if (o.endpoint == real_service) return std::nullopt;
  try {
    (void)wire::parse_url(o.endpoint);
  } catch (const wire::UsageError& error) {
    return source_of_endpoint + ": " + error.what();
  }
  return std::nullopt;
}

// What is wrong with --direct, beside what is wrong with the endpoint; nothing if it is not given.
std::optional<std::string> fault_of_direct(const Options& o, const CLI::App& command) {
  if (!is_given(command, "--direct")) return std::nullopt;
  if (o.direct.empty()) return "--direct is empty: give the URL of the upstream, or leave the option out";
  if (o.endpoint.empty()) return "--direct is the upstream of a proxy: give the proxy's address by --endpoint";
  if (o.direct == o.endpoint) return "--direct is --endpoint itself: give the upstream's own address, past the proxy";
  if (o.sessions == SessionMode::provided)
    return "--direct needs sessions for both ways, each with an id of its own: choose --sessions create or none";
  // Each way, and what is asked again, has a third.
  for (const auto& [name, bound] : {std::pair{"--max-requests", o.max_requests}, {"--max-sessions", o.max_sessions}})
    if (bound == 1 || bound == 2)
      return fmt::format("{} {} is too little to be shared by two ways: 3 at least", name, bound);
  if (o.direct == real_service) return std::nullopt;
  try {
    (void)wire::parse_url(o.direct);
  } catch (const wire::UsageError& error) {
    return fmt::format("--direct: {}", error.what());
  }
  return std::nullopt;
}

}  // namespace

reference::Options reference_options(const Options& options) {
  reference::Options reference;
  reference.deviations = options.deviations;
  reference.missing = options.missing == "not-found"       ? reference::MissingSession::not_found
                      : options.missing == "invalid-input" ? reference::MissingSession::invalid_input
                                                           : reference::MissingSession::ok;
  reference.delays = {.provisioning = std::chrono::milliseconds(options.provisioning_ms),
                      .stopping = std::chrono::milliseconds(options.stopping_ms),
                      .deletion = std::chrono::milliseconds(options.deletion_ms)};
  for (const std::string& given : options.given) reference.sessions.push_back(given_session(given).value());
  reference.port = options.port;
  reference.host = options.host;
  reference.tls_certificate = options.certificate;
  reference.tls_key = options.key;
  return reference;
}

std::string reference_arguments(const Options& options) {
  std::string line;
  for (const std::string& name : options.deviations) line += " --deviation " + text::shell_quote(name);
  if (options.missing != "ok") line += " --missing " + options.missing;
  for (const auto& [name, milliseconds] : {std::pair{"--provisioning-delay", options.provisioning_ms},
                                           {"--stopping-delay", options.stopping_ms},
                                           {"--deletion-delay", options.deletion_ms}})
    if (milliseconds != 0) line += fmt::format(" {} {}", name, milliseconds);
  for (const std::string& given : options.given) line += " --session " + text::shell_quote(given);
  return line;
}

std::variant<Options, Exit> parse_options(const std::vector<std::string>& arguments, const Environment& env,
                                          const Surroundings& surroundings) {
  Options o;
  ConfigOptions config;
  std::vector<std::string> report_texts;
  CLI::App app{"Proves, request by request, whether an endpoint behaves like DeleteSession of AWS Glue.",
               "glue-conformance"};
  app.formatter(help_formatter());
  app.set_help_flag("-h,--help", "Show this help");
  app.set_version_flag("--version", version_in_words, "Show the version, the commit and the version of the spec table");
  app.require_subcommand(1);

  CLI::App* run = app.add_subcommand("run", "Run the suites; without an endpoint, against the embedded reference");
  add_endpoint(*run, o);
  add_direct(*run, o);
  add_signing(*run, o);
  add_sandbox(*run, o);
  add_cost(*run, o);
  add_judging(*run, o);
  add_require_auth(*run, o);
  add_sessions(*run, o);
  run->option_defaults()->group("Cases");
  add_bound(*run, o);
  add_filter(*run, o);
  run->add_option("--shard", o.shard,
                  "Only this part of the cases, 2/3 is the second of three; auto: by the variables of Bazel, GitLab, "
                  "CircleCI, Buildkite or Azure, auto/TOTAL: also by Kubernetes' JOB_COMPLETION_INDEX (default: by "
                  "those of GoogleTest and Bazel)")
      ->type_name("INDEX/TOTAL|auto|auto/TOTAL");
  add_profile(*run, o);
  add_known_failures(*run, o);
  add_reference(*run, o);
  add_console(*run, o);
  add_reports(*run, o, report_texts, "Write all reports and the ledger of created sessions there");
  run->footer(footer_of_run);

  CLI::App* list = app.add_subcommand("list", "The planned cases");
  add_filter(*list, o);
  add_words(*list, "--format", o.format, {"text", "json", "markdown"}, "How they are written");
  add_seed(*list, o, "Decides the identifiers (default: 0)");
  list->footer(footer_of_list);

  CLI::App* explain = app.add_subcommand("explain", "A case, requirement, characteristic or deviation in full");
  explain->add_option("id", o.subject, "Its id, e.g. id.length.max")->type_name("ID")->required();
  add_seed(*explain, o, "Decides the identifiers (default: 0)");

  CLI::App* replay = app.add_subcommand("replay", "Send one case again and show both messages");
  replay->add_option("id", o.subject, "A case's id, e.g. id.length.ascii.256, or the file of a counterexample")
      ->type_name("CASE")
      ->required();
  add_endpoint(*replay, o);
  add_direct(*replay, o);
  add_signing(*replay, o);
  add_sandbox(*replay, o);
  add_judging(*replay, o);
  add_profile(*replay, o);
  add_require_auth(*replay, o);
  add_sessions(*replay, o);
  add_reference(*replay, o);
  add_console(*replay, o);

  CLI::App* serve = app.add_subcommand("serve", "The reference endpoint, usable as a mock");
  add_number<int>(*serve, "--port", o.port, 0, 65535, "0 lets the system choose; the URL is printed");
  serve->add_option("--host", o.host, "The address to listen on")->type_name("ADDRESS")->capture_default_str();
  serve->add_option("--certificate", o.certificate, "Serve HTTPS with this chain, the server's certificate first")
      ->type_name("FILE");
  serve->add_option("--key", o.key, "The private key of --certificate, without a password")->type_name("FILE");
  serve->add_flag_callback(
      "--authenticate", [&o] { o.authenticate = true; },
      "Verify signatures: with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, else with test/test");
  serve
      ->add_option("--region", o.region,
                   "The region that --authenticate asks for (default: AWS_REGION, AWS_DEFAULT_REGION, else us-east-1)")
      ->type_name("NAME");
  add_reference(*serve, o);

  CLI::App* audit = app.add_subcommand("audit", "Run against every deviation of the reference endpoint: what finds it");
  add_repeatable(*audit, "--deviation", o.deviations, "NAME", "Only this one");
  add_seed(*audit, o, "Decides the identifiers and the examples (default: 0)");
  add_number<std::uint64_t>(*audit, "--examples", o.limits.examples, 1, 1'000'000'000,
                            "Examples of each generated property");
  add_number<std::size_t>(*audit, "--jobs", o.jobs, 1, 1024, "Connections, and so exchanges in flight");

  CLI::App* characterize =
      app.add_subcommand("characterize", "Measure what the specification leaves open, and write it as a profile");
  characterize->add_option("--output", o.output, "Write the profile there (default: standard output)")
      ->type_name("FILE");
  add_endpoint(*characterize, o);
  add_signing(*characterize, o);
  add_sandbox(*characterize, o);
  add_cost(*characterize, o);
  add_sessions(*characterize, o);
  characterize->option_defaults()->group("Cases");
  add_seed(*characterize, o, "Decides the identifiers that are used (default: random)");
  add_bound(*characterize, o);
  add_filter(*characterize, o);
  add_reference(*characterize, o);
  characterize->option_defaults()->group("Output");
  add_progress(*characterize, o);
  characterize->footer(footer_of_characterize);

  CLI::App* profile = app.add_subcommand("profile", "Profiles, side by side");
  profile->require_subcommand(1);
  CLI::App* diff = profile->add_subcommand("diff", "What two profiles pin otherwise; exit status 1 if anything");
  diff->add_option("profiles", o.subjects, "Two files, or names of those that are shipped")
      ->type_name("PROFILE")
      ->required()
      ->expected(2);

  CLI::App* sweep = app.add_subcommand("sweep", "Delete what the runs of a ledger left behind");
  sweep->add_option("ledger", o.subject, "The ledger.jsonl of a run that was killed, or could not delete something")
      ->type_name("LEDGER")
      ->required();
  add_endpoint(*sweep, o);
  add_signing(*sweep, o);
  add_sandbox(*sweep, o);
  sweep->get_option("--endpoint")
      ->description("Where the sessions are, if not where the ledger says that they were created");
  sweep->option_defaults()->group("Sessions");
  add_waits(*sweep, o);
  sweep->footer(footer_of_sweep);

  CLI::App* report = app.add_subcommand("report", "Make the reports of a run again, from its record");
  report->add_option("record", o.subject, "The run's report.json, or report.jsonl, also of a run that was killed")
      ->type_name("RECORD")
      ->required();
  report->option_defaults()->group("Output");
  add_reports(*report, o, report_texts, "Write all reports there");
  report->add_flag_callback(
      "--console", [&o] { o.console = true; }, "Print the summary of the run");
  add_color(*report, o);
  report->footer(footer_of_report);

  CLI::App* compare = app.add_subcommand("compare", "The records of several runs side by side: what differs");
  compare->add_option("records", o.subjects, "report.json or report.jsonl of each run")
      ->type_name("RECORD")
      ->required();
  add_words(*compare, "--format", o.format, {"text", "markdown", "json", "html"}, "How they are written");
  compare->add_option("--output", o.output, "Write it there (default: standard output)")->type_name("FILE");
  compare->footer(footer_of_compare);

  CLI::App* merge = app.add_subcommand("merge", "One report out of the records of shards");
  merge->add_option("records", o.subjects, "report.json or report.jsonl of each shard (run --shard)")
      ->type_name("RECORD")
      ->required();
  merge->option_defaults()->group("Output");
  add_reports(*merge, o, report_texts, "Write all reports there");
  add_color(*merge, o);
  merge->footer(footer_of_merge);

  CLI::App* known = app.add_subcommand("known-failures", "Write the file of known failures, or bring it up to date");
  known->require_subcommand(1);
  CLI::App* init = known->add_subcommand("init", "Write it from the record of a red run");
  init->add_option("record", o.subject, "report.json or report.jsonl of the run")->type_name("RECORD")->required();
  init->add_option("--output", o.output, "Write it there, and show the difference (default: standard output)")
      ->type_name("FILE");
  add_new_entries(*init, o);
  init->footer(footer_of_known_command);
  CLI::App* update = known->add_subcommand(
      "update", "Remove what passes, add what fails, pin what fails otherwise; show the difference");
  update->add_option("record", o.subject, "report.json or report.jsonl of the run")->type_name("RECORD")->required();
  update->add_option("file", o.known_failures, "The file of known failures")->type_name("FILE")->required();
  update->add_option("--endpoint-version", o.endpoint_version, "The version that the endpoint had")
      ->type_name("VERSION");
  update->add_flag_callback(
      "--dry-run", [&o] { o.dry_run = true; }, "Show the difference only");
  add_new_entries(*update, o);
  update->footer(footer_of_known_command);
  known->footer(footer_of_known);

  CLI::App* policy = app.add_subcommand("iam-policy", "The IAM policy that a run against the real service needs");
  add_policy(*policy, o);

  CLI::App* credentials =
      app.add_subcommand("credentials", "Which credentials, region and endpoint of AWS are found here, and where");
  credentials->add_option("--aws-profile", o.aws_profile, "The profile (default: AWS_PROFILE, AWS_DEFAULT_PROFILE)")
      ->type_name("NAME");
  credentials
      ->add_option("--region", o.region, "The region (default: AWS_REGION, AWS_DEFAULT_REGION, else the profile's)")
      ->type_name("NAME");
  credentials
      ->add_option("--ca-bundle", o.ca_bundle,
                   "PEM file of the certificate authorities to trust (default: AWS_CA_BUNDLE, the profile's, else the "
                   "system's)")
      ->type_name("FILE");
  credentials->add_flag("--verify", o.verify, "Ask AWS whose they are (GetCallerIdentity)");
  credentials->footer(footer_of_credentials);

  CLI::App* spec = app.add_subcommand("spec", "Check the spec table against AWS's own service model");
  spec->require_subcommand(1);
  CLI::App* check =
      spec->add_subcommand("check", "Compare the table with a service model; exit status 1 if they differ");
  check->add_option("model", o.subject, "botocore's service-2.json(.gz), or the Smithy JSON AST")
      ->type_name("FILE")
      ->required();

  for (CLI::App* command : all_commands(app)) add_configuration(*command, config);
  add_describing_commands(app);
  app.footer(footer_of_all);  // after the commands, which would take it over

  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    if (app.exit(error, out, err) == 0) return Exit{0, out.str(), ""};
    return refused(app, error, arguments);
  }
  if (const std::optional<std::string> text = described(app)) return Exit{0, *text, ""};
  CLI::App* innermost = app.get_subcommands().front();
  while (!innermost->get_subcommands().empty()) innermost = innermost->get_subcommands().front();
  CLI::App& chosen = *innermost;
  const std::string command = "glue-conformance " + full_name(chosen);
  try {
    const Settled settled = settle(app, chosen, config, surroundings, env);
    if (config.show) return Exit{0, show_configuration(chosen, settled, env), ""};
    o.config_in_words = in_words(settled);
  } catch (const SettingsError& error) {
    return usage_error(error.what(), command);
  }
  for (const char* name : {"--owner", "--issue", "--until"}) {
    if (*init && !is_given(*init, name))
      return usage_error(
          fmt::format("{} is required, here or below [known-failures.init] of a configuration file", name), command);
  }
  for (const CLI::Option* option : chosen.get_options())
    if (option->count() > 0) o.chosen.insert(option->get_name());
  o.command = *run            ? Command::run
              : *list         ? Command::list
              : *explain      ? Command::explain
              : *replay       ? Command::replay
              : *serve        ? Command::serve
              : *audit        ? Command::audit
              : *sweep        ? Command::sweep
              : *policy       ? Command::iam_policy
              : *report       ? Command::report
              : *compare      ? Command::compare
              : *merge        ? Command::merge
              : *spec         ? Command::spec_check
              : *characterize ? Command::characterize
              : *profile      ? Command::profile_diff
              : *init         ? Command::known_init
              : *update       ? Command::known_update
                              : Command::credentials;
  for (const std::string& text : report_texts) {
    if (const auto fault = read_report(text, o)) return usage_error(*fault, command);
  }
  if (is_given(*app.get_subcommands().front(), "--ledger") && o.ledger.empty())
    return usage_error("--ledger is empty: name a file, or leave the option out", command);
  if (is_given(*app.get_subcommands().front(), "--report-dir") && o.report_dir.empty())
    return usage_error("--report-dir is empty: name a folder, or leave the option out", command);
  if (is_given(chosen, "--output") && o.output.empty())
    return usage_error("--output is empty: name a file, or leave the option out", command);
  if (o.certificate.empty() != o.key.empty())
    return usage_error("--certificate and --key belong together: give both files, or neither", command);
  for (const std::string& one : o.given) {
    if (!given_session(one))
      return usage_error(fmt::format("--session '{}' is no ID=STATE with one of PROVISIONING, READY, FAILED, TIMEOUT, "
                                     "STOPPING, STOPPED",
                                     text::visible(one)),
                         command);
  }
  for (const std::string& text : o.connect_to_texts) {
    try {
      o.connect_to.push_back(wire::parse_connect_to(text));
    } catch (const wire::UsageError& error) {
      return usage_error(fmt::format("--connect-to {}", error.what()), command);
    }
  }
  if (*policy) {
    const std::string fault = fault_of_policy(o);
    if (!fault.empty()) return usage_error(fault, command);
  }
  std::string source = "--endpoint";
  const bool sends = *run || *replay || *sweep || *characterize;
  if (is_given(chosen, "--shard") && o.shard.empty())
    return usage_error("--shard is empty: give INDEX/TOTAL or auto, or leave the option out", command);
  const bool given = sends && app.get_subcommands().front()->count("--endpoint") > 0;
  if (!given && !*sweep) {  // what is swept is not for the environment to say
    const bool ignored = CLI::detail::to_lower(first_set(env, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"}).value) == "true";
    const Variable variable = ignored ? Variable{} : first_set(env, {"AWS_ENDPOINT_URL_GLUE", "AWS_ENDPOINT_URL"});
    o.endpoint = variable.value;
    source = variable.name;
  }
  if (const std::string fault = suites::fault_of(o.create_options); !fault.empty()) return usage_error(fault, command);
  if (!o.create_options.empty() && (o.sessions == SessionMode::none || o.sessions == SessionMode::provided))
    return usage_error(o.create_options.front().first +
                           " is of sessions that the run creates: leave it out, or choose --sessions create",
                       command);
  if (sends) {
    if (const auto fault = fault_of(o, *app.get_subcommands().front(), source)) return usage_error(*fault, command);
    if (const auto fault = fault_of_direct(o, *app.get_subcommands().front())) return usage_error(*fault, command);
  }
  for (const char* name : {"--aws-profile", "--region", "--ca-bundle"}) {
    if (*credentials && is_given(*credentials, name) && credentials->get_option(name)->as<std::string>().empty())
      return usage_error(fmt::format("{} is empty: give a value, or leave the option out", name), command);
  }
  if (o.ca_bundle.empty()) o.ca_bundle = first_set(env, {"AWS_CA_BUNDLE"}).value;
  if (*credentials) return o;  // the files have a say in its region
  std::string source_of_region = "--region";
  if (o.region.empty()) {
    const Variable variable = first_set(env, {"AWS_REGION", "AWS_DEFAULT_REGION"});
    o.region = variable.value;
    source_of_region = variable.name;
  }
  // It is part of a header.
  if (sends && wire::has_control_character(o.region))
    return usage_error("there is a control character in " + source_of_region + ": give the bare name of a region",
                       command);
  if (o.region.empty() && !*policy) o.region = "us-east-1";
  if (sends) use_sandbox_defaults(o);
  return o;
}

}  // namespace conformance::cli
