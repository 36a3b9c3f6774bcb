#include "harness/cli/setup.h"

#include <fmt/format.h>

#include <random>

#include "harness/case/case_builder.h"
#include "harness/cli/audit_run.h"
#include "harness/text/escape.h"
#include "harness/wire/credentials.h"

namespace conformance::cli {
namespace {

// What most emulators expect: they verify nothing, and route by the scope.
const wire::Credentials dummy_credentials{"test", "test", ""};

// What decides the bytes and the verdict of a case, and is not its default.
std::string replay_arguments(const Options& options, std::uint64_t seed, bool encrypted) {
  std::string line = fmt::format("--seed {}", seed) + reference_arguments(options);
  if (options.sessions == SessionMode::none) line += " --sessions none";
  if (options.sessions == SessionMode::create) line += " --sessions create";
  if (options.sessions == SessionMode::provided) line += " --sessions " + text::shell_quote(options.session_source);
  for (const auto& [name, value] : options.create_options) line += " " + name + " " + text::shell_quote(value);
  if (options.fail_level == spec::Level::must) line += " --level must";
  if (!options.sign) line += " --no-sign";
  if (options.sign && options.region != "us-east-1") line += " --region " + text::shell_quote(options.region);
  if (options.limits.examples != CampaignLimits{}.examples)
    line += fmt::format(" --examples {}", options.limits.examples);
  if (options.effect_wait_seconds != Options{}.effect_wait_seconds)
    line += fmt::format(" --effect-wait {}", options.effect_wait_seconds);
  if (options.timeout_seconds != Options{}.timeout_seconds)
    line += fmt::format(" --timeout {}", options.timeout_seconds);
  if (encrypted && !options.ca_bundle.empty()) line += " --ca-bundle " + text::shell_quote(options.ca_bundle);
  return line;
}

std::shared_ptr<SessionProvider> provider_of(const std::string& source, std::chrono::milliseconds deadline) {
  const std::size_t colon = source.find(':');
  const std::string rest = source.substr(colon + 1);
  if (source.substr(0, colon) == "file") return sessions_of_file(rest);
  return sessions_of_command(rest, deadline);
}

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace

std::uint64_t random_seed() {
  std::random_device device;
  return device();  // 32 bits: short enough to type
}

wire::Credentials credentials_of(const Environment& env) {
  return wire::from_environment(env).value_or(dummy_credentials);
}

reference::AuthPolicy verifying(const wire::Credentials& credentials, const std::string& region) {
  reference::AuthPolicy policy;
  policy.accounts = {{credentials.access_key, credentials.secret_key, credentials.session_token}};
  policy.region = region;
  policy.service = spec::builtin_table().service;
  return policy;
}

Setup set_up(const Options& options, const Environment& env) {
  Setup setup;
  const std::uint64_t seed = options.seed.value_or(random_seed());
  std::string url = options.endpoint;
  if (!url.empty() && wire::is_aws_host(wire::parse_url(url).host))
    throw wire::UsageError("'" + wire::parse_url(url).host +
                           "' belongs to AWS: this version does not run against the real service; nothing was sent");
  if (url.empty()) {
    reference::Options reference = reference_options(options);
    if (options.sign) reference.auth = own_accounts(options.region);
    setup.embedded = std::make_unique<reference::ReferenceEndpoint>(reference);
    url = setup.embedded->url();
  }
  RunConfig& config = setup.config;
  config.endpoint = wire::parse_url(url);
  config.client.connections = options.jobs;
  config.client.timeout = milliseconds_of(options.timeout_seconds);
  config.client.rate = options.rate;
  config.client.give_up_after = 3 * options.jobs;
  config.client.ca_bundle = options.ca_bundle;
  config.sessions = options.sessions;
  config.limits = options.limits;
  config.effect_wait = milliseconds_of(options.effect_wait_seconds);
  config.ready_wait = milliseconds_of(options.ready_wait_seconds);
  if (options.sessions == SessionMode::provided)
    config.provider = provider_of(options.session_source, config.ready_wait);
  config.create_body = suites::with_create_options(spec::builtin_table().lifecycle.create.body, options.create_options);
  config.max_sessions = options.max_sessions;
  config.sending.max_requests = options.max_requests;
  config.sending.backoff.patience = milliseconds_of(options.throttle_wait_seconds);
  if (const char* shard = env("GTEST_SHARD_INDEX"); shard != nullptr && *shard != '\0')
    config.shard = fmt::format("-{}", shard);
  config.prefix = run_prefix(seed);
  config.ledger_run = {setup.embedded ? "" : url, std::string("glue-conformance ") + GLUE_CONFORMANCE_VERSION,
                       config.prefix};
  config.fail_level = options.fail_level;
  if (options.sign) {
    const wire::Credentials credentials = credentials_of(env);
    setup.scrubber = Scrubber(credentials);
    config.signer.emplace(credentials, options.region, spec::builtin_table().service);
  }

  RunInfo& info = setup.info;
  info.tool_version = GLUE_CONFORMANCE_VERSION;
  info.program = text::shell_quote(options.program);
  info.endpoint = setup.embedded ? "the embedded reference endpoint" : url;
  for (const std::string& name : options.deviations) info.endpoint += ", deviation " + name;
  info.endpoint_arg = setup.embedded ? "" : "--endpoint " + text::shell_quote(url);
  info.replay_args = replay_arguments(options, seed, config.endpoint.scheme == "https");
  if (setup.embedded)
    info.serve_line =
        fmt::format("{} serve --port {}{}", info.program, config.endpoint.port, reference_arguments(options));
  info.curl_url = url;
  info.region = options.region;
  info.signed_requests = options.sign;
  info.seed = seed;
  info.fail_level = options.fail_level;
  info.started = std::chrono::system_clock::now();
  return setup;
}

}  // namespace conformance::cli
