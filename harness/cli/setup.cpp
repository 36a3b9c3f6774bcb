#include "harness/cli/setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <utility>

#include "fixtures/reference/deviant_signatures.h"
#include "harness/case/case_builder.h"
#include "harness/cli/audit_run.h"
#include "harness/cli/sandbox.h"
#include "harness/cli/signing.h"
#include "harness/run/two_ways.h"
#include "harness/text/escape.h"
#include "harness/wire/credentials.h"

namespace conformance::cli {
namespace {

// What decides whom it reaches, and as whom.
std::string reaching_arguments(const Options& options, bool encrypted) {
  std::string line;
  if (encrypted && !options.ca_bundle.empty()) line += " --ca-bundle " + text::shell_quote(options.ca_bundle);
  if (options.insecure) line += " --insecure";
  for (const std::string& text : options.connect_to_texts) line += " --connect-to " + text::shell_quote(text);
  if (!options.aws_profile.empty()) line += " --aws-profile " + text::shell_quote(options.aws_profile);
  if (options.credentials == CredentialChoice::chain) line += " --credentials chain";
  if (options.credentials == CredentialChoice::environment) line += " --credentials environment";
  if (options.credentials == CredentialChoice::test) line += " --credentials test";
  if (options.headers == HeaderSet::javascript) line += " --sign-like javascript";
  if (!options.sandbox_account.empty()) line += " --sandbox-account " + text::shell_quote(options.sandbox_account);
  return line;
}

// What decides the bytes and the verdict of a case, and is not its default.
std::string replay_arguments(const Options& options, const std::string& region, std::uint64_t seed, bool encrypted) {
  std::string line = fmt::format("--seed {}", seed) + reference_arguments(options);
  if (options.sessions == SessionMode::none) line += " --sessions none";
  if (options.sessions == SessionMode::create) line += " --sessions create";
  if (options.sessions == SessionMode::provided) line += " --sessions " + text::shell_quote(options.session_source);
  if (options.sessions == SessionMode::create && options.max_sessions > 0)
    line += fmt::format(" --max-sessions {}", options.max_sessions);
  for (const auto& [name, value] : options.create_options) line += " " + name + " " + text::shell_quote(value);
  if (options.fail_level == spec::Level::must) line += " --level must";
  if (!options.profile.empty()) line += " --profile " + text::shell_quote(options.profile);
  if (!options.sign) line += " --no-sign";
  if (options.sign && region != "us-east-1") line += " --region " + text::shell_quote(region);
  if (options.limits.examples != CampaignLimits{}.examples)
    line += fmt::format(" --examples {}", options.limits.examples);
  if (options.effect_wait_seconds != Options{}.effect_wait_seconds)
    line += fmt::format(" --effect-wait {}", options.effect_wait_seconds);
  if (options.timeout_seconds != Options{}.timeout_seconds)
    line += fmt::format(" --timeout {}", options.timeout_seconds);
  // Always so towards AWS.
  if (options.require_auth && options.sandbox_account.empty()) line += " --require-auth";
  return line + reaching_arguments(options, encrypted);
}

// What decides which cases are asked and which of them may fail.
std::string gate_arguments(const Options& options) {
  std::string line;
  const auto add = [&line](const char* name, const std::string& value) {
    line += fmt::format("{}{} {}", line.empty() ? "" : " ", name, text::shell_quote(value));
  };
  for (const std::string& filter : options.filters) add("--filter", filter);
  if (!options.known_failures.empty()) add("--known-failures", options.known_failures);
  if (!options.endpoint_version.empty()) add("--endpoint-version", options.endpoint_version);
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
  return wire::from_environment(env).value_or(test_credentials());
}

reference::AuthPolicy verifying(const wire::Credentials& credentials, const std::string& region) {
  reference::AuthPolicy policy;
  policy.accounts = {{credentials.access_key, credentials.secret_key, credentials.session_token}};
  policy.region = region;
  policy.service = spec::builtin_table().service;
  return policy;
}

namespace {

wire::ClientOptions client_options(const Options& options, const Destination& to) {
  wire::ClientOptions client = RunConfig{}.client;
  client.connections = options.jobs;
  client.timeout = milliseconds_of(options.timeout_seconds);
  client.rate = options.rate;
  client.give_up_after = 3 * options.jobs;
  client.ca_bundle = options.ca_bundle;
  if (client.ca_bundle.empty() && to.configuration)
    client.ca_bundle = to.configuration->profile_value("ca_bundle").value_or("");
  client.insecure = options.insecure;
  client.connect_to = options.connect_to;
  return client;
}

void set_sessions(RunConfig& config, const Options& options) {
  config.sessions = options.sessions;
  config.effect_wait = milliseconds_of(options.effect_wait_seconds);
  config.ready_wait = milliseconds_of(options.ready_wait_seconds);
  config.revival.patience = std::max(config.revival.patience, milliseconds_of(options.wait_for_endpoint_seconds));
  if (options.sessions == SessionMode::provided)
    config.provider = provider_of(options.session_source, config.ready_wait);
  config.create_body = suites::with_create_options(spec::builtin_table().lifecycle.create.body, options.create_options);
  config.max_sessions = options.max_sessions;
}

// Towards the real service nothing is signed before STS has said whose keys these are, and no others are used later.
void set_signer(Setup& setup, const Options& options, const Environment& env, const Destination& to) {
  RunConfig& config = setup.config;
  if (setup.embedded) {
    (void)credentials_of(env);  // half a pair is said at once, though it would do no harm here
    setup.scrubber = Scrubber(own_credentials());
    config.signer.emplace(own_credentials(), to.region, spec::builtin_table().service);
    return;
  }
  const auto verified = std::make_shared<Verified>();
  const auto accept = [verified, scrubber = setup.scrubber, options, to,
                       client = config.client](const aws::FoundCredentials& found) {
    scrubber.add(found.keys);
    if (to.is_real) *verified = verify_account(options, to, found.keys, client);
  };
  const std::shared_ptr<aws::CredentialSource> source = find_source(options, env, to, config.client, accept);
  config.signer.emplace([source]() -> const wire::Credentials& { return source->current(); }, to.region,
                        spec::builtin_table().service);
  config.sending.before = [source] { (void)source->refresh_if_due(); };
  if (asks_chain(options)) setup.info.notes.push_back("credentials: " + source->in_words());
  if (!to.is_real) return;
  config.signer->correct_clock(verified->clock_offset);
  setup.info.notes.push_back(fmt::format("account {}, {}", verified->account, who_of(verified->arn)));
}

// Whether the embedded endpoint does, with these deviations. One that misreads a request would find its signature
// wrong: then nothing could be told of the rest.
bool verifies(const std::vector<std::string>& deviations) {
  return std::all_of(deviations.begin(), deviations.end(),
                     [](const std::string& name) { return reference::is_of_accounts(name); });
}

void set_info(Setup& setup, const Options& options, const Destination& to, std::uint64_t seed) {
  const std::string& url = to.url;
  RunInfo& info = setup.info;
  info.tool_version = GLUE_CONFORMANCE_VERSION;
  info.program = text::shell_quote(options.program);
  info.endpoint = setup.embedded ? "the embedded reference endpoint" : url;
  if (!options.config_in_words.empty()) info.notes.push_back("configuration: " + options.config_in_words);
  for (const std::string& name : options.deviations) info.endpoint += ", deviation " + name;
  info.endpoint_arg = setup.embedded ? "" : "--endpoint " + text::shell_quote(url);
  info.replay_args = replay_arguments(options, to.region, seed, setup.config.endpoint.scheme == "https");
  info.gate_args = gate_arguments(options);
  if (setup.embedded)
    info.serve_line =
        fmt::format("{} serve --port {}{}", info.program, setup.config.endpoint.port, reference_arguments(options));
  setup.reaching = reaching_arguments(options, setup.config.endpoint.scheme == "https");
  info.curl_url = url;
  info.region = to.region;
  info.signed_requests = options.sign;
  info.keys_in_environment = !asks_chain(options);
  info.seed = seed;
  info.fail_level = options.fail_level;
  info.tier = options.tier;
  info.shards = options.part.total;
  info.shard = options.part.index;
  // A record keeps no more of it.
  info.started = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

namespace {

// Everything but the address is the upstream's: whose requests they are, and for which region.
Setup set_up_two_ways(const Options& options, const Environment& env) {
  Options upstream = options;
  upstream.endpoint = std::exchange(upstream.direct, {});
  if (!upstream.seed) upstream.seed = random_seed();
  Setup setup = set_up(upstream, env);
  const std::string url = setup.info.endpoint;
  setup.direct = setup.config;
  setup.direct->prefix = setup.direct->ledger_run.prefix = direct_prefix(*upstream.seed);
  setup.config.endpoint = wire::parse_url(options.endpoint);
  RunInfo& info = setup.info;
  info.endpoint = info.curl_url = options.endpoint;
  info.endpoint_arg =
      fmt::format("--endpoint {} --direct {}", text::shell_quote(options.endpoint), text::shell_quote(options.direct));
  info.upstream = url;
  const bool only_here = setup.config.endpoint.scheme == "https" && setup.direct->endpoint.scheme != "https";
  if (only_here && !options.ca_bundle.empty())
    info.replay_args += " --ca-bundle " + text::shell_quote(options.ca_bundle);
  info.notes.push_back("a proxy, each case compared with what its upstream says directly: " + url);
  return setup;
}

}  // namespace

Setup set_up(const Options& options, const Environment& env) {
  if (const std::string fault = sandbox_fault(options); !fault.empty())
    throw wire::UsageError(fault + "; nothing was sent");
  if (!options.direct.empty()) return set_up_two_ways(options, env);
  Setup setup;
  const std::uint64_t seed = options.seed.value_or(random_seed());
  Destination to = find_destination(options, env);
  if (to.url.empty()) {
    reference::Options reference = reference_options(options);
    if (options.sign && verifies(options.deviations)) reference.auth = verifying(own_credentials(), to.region);
    setup.embedded = std::make_unique<reference::ReferenceEndpoint>(reference);
    to.url = setup.embedded->url();
  }
  RunConfig& config = setup.config;
  config.endpoint = wire::parse_url(to.url);
  config.client = client_options(options, to);
  config.headers = options.headers;
  config.limits = options.limits;
  config.sending.max_requests = options.max_requests;
  config.sending.backoff.patience = milliseconds_of(options.throttle_wait_seconds);
  config.spare_others = to.is_real;
  config.require_auth =
      options.require_auth || to.is_real || (setup.embedded && options.sign && verifies(options.deviations));
  config.prefix = run_prefix(seed);
  if (options.part.total > 1) config.shard = fmt::format("-{}", options.part.index);
  config.ledger_run = {setup.embedded ? "" : to.url, std::string("glue-conformance ") + GLUE_CONFORMANCE_VERSION,
                       config.prefix};
  config.fail_level = options.fail_level;
  set_sessions(config, options);
  if (options.sign) set_signer(setup, options, env, to);
  set_info(setup, options, to, seed);
  return setup;
}

}  // namespace conformance::cli
