// The command line as data: parsed once, checked at once, so that nothing is sent before everything is known to be
// right.
//
//     std::variant<Options, Exit> parsed = parse_options({"run", "--endpoint", "http://127.0.0.1:5000"});
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/cli/option_sources.h"
#include "harness/run/executor.h"
#include "harness/run/shard.h"
#include "reports/report_options.h"
#include "suites/create_options.h"

namespace conformance::cli {

enum class Command {
  run,
  list,
  explain,
  replay,
  serve,
  audit,
  characterize,
  profile_diff,
  spec_check,
  sweep,
  iam_policy,
  credentials,
  report,
  compare,
  merge,
  known_init,
  known_update
};

// In place of a URL: AWS Glue in the chosen region.
inline constexpr const char* real_service = "aws";

// Where credentials come from.
enum class CredentialChoice {
  automatic,    // chain towards AWS and with --aws-profile, else environment
  chain,        // all sources of AWS's tools, in their order
  environment,  // AWS_ACCESS_KEY_ID and its like, else test and test
  test,         // test and test
};

struct ReportRequest {
  std::string format;  // "junit"
  std::string path;
};

struct Options {
  std::string program = "glue-conformance";  // as it was invoked
  Command command = Command::run;
  std::string subject;   // explain, replay: the id; spec check: the model's path; sweep: the ledger's; report: the
                         // record's
  std::string endpoint;  // empty: the embedded reference endpoint
  double wait_for_endpoint_seconds = 0;
  std::string direct;  // the upstream, of which the endpoint is a proxy; empty: it is none
  std::vector<std::string> filters;
  std::optional<std::uint64_t> seed;
  std::size_t jobs = 16;
  double timeout_seconds = 10;
  double rate = 0;
  double throttle_wait_seconds = 30;
  double effect_wait_seconds = 2;
  double ready_wait_seconds = 120;
  SessionMode sessions = SessionMode::automatic;
  std::string session_source;  // provided: "file:PATH" or "command:CMD"
  suites::GivenOptions create_options;
  std::size_t max_sessions = 0, max_requests = 0;  // 0: no bound
  Tier tier = Tier::standard;
  CampaignLimits limits;
  spec::Level fail_level = spec::Level::should;
  std::string region;       // credentials: empty if no option names it
  std::string aws_profile;  // empty: the environment's
  bool verify = false;      // credentials: ask STS whose they are
  bool sign = true;
  CredentialChoice credentials = CredentialChoice::automatic;
  HeaderSet headers = HeaderSet::botocore;
  bool require_auth = false;
  std::string ca_bundle;
  bool insecure = false;
  std::vector<wire::ConnectTo> connect_to;
  std::vector<std::string> connect_to_texts;  // as they were given
  std::string sandbox_account;
  double dpu_hour_price = 0.44;  // dollars
  bool dry_run = false;
  std::vector<ReportRequest> reports;
  std::string report_dir;
  reports::ReportOptions report_options;
  bool console = false;                     // report: the summary too
  std::vector<std::string> subjects;        // compare, merge: records
  std::string output;                       // compare, known-failures init: empty: standard output
  std::string profile;                      // run, replay: a file, or the name of one that is shipped; empty: none
  std::string known_failures;               // run: the file; known-failures update: the same
  std::string endpoint_version;             // for entries of it that are of some versions only
  std::string owner, issue, until, reason;  // known-failures: of new entries
  std::string ledger;
  std::string color = "auto";
  std::string progress = "auto";
  std::string shard;            // as choose_shard takes it; empty: what the protocols of tests say
  Shard part;                   // run: what that comes to
  std::string format = "text";  // list, compare: text, json, markdown
  std::vector<std::string> deviations;
  std::string missing = "ok";
  int port = 0;
  std::string host = "127.0.0.1";
  bool authenticate = false;
  std::string certificate, key;  // of the reference endpoint; PEM files; empty: no TLS
  std::uint64_t provisioning_ms = 0, stopping_ms = 0, deletion_ms = 0;
  std::set<std::string> chosen;    // names of the options that the user gave, wherever: "--rate"
  std::string config_in_words;     // the configuration file that was read, and its profile; empty: none
  std::vector<std::string> given;  // ID=STATE: sessions that the reference endpoint has from the beginning
};

// Ends the program: help or version on standard output (0), or a usage error on standard error (2).
struct Exit {
  int status = 0;
  std::string out;
  std::string err;
};

// `arguments` without the program's name. `env` looks up an environment variable. The command line beats the
// environment, which beats the configuration file.
[[nodiscard]] std::variant<Options, Exit> parse_options(const std::vector<std::string>& arguments,
                                                        const std::function<const char*(const char*)>& env,
                                                        const Surroundings& surroundings = {});

// The settings of the reference endpoint among the options.
[[nodiscard]] reference::Options reference_options(const Options& options);

// The same as arguments, each with a blank before it: " --deviation id-max-256"; what has its default is left out.
// Where it listens is not among them.
[[nodiscard]] std::string reference_arguments(const Options& options);

}  // namespace conformance::cli
