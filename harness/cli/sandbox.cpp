#include "harness/cli/sandbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/text/escape.h"
#include "harness/wire/url.h"

namespace conformance::cli {
namespace {

constexpr double requests_a_second = 5;
constexpr std::size_t account_digits = 12;
// AWS Glue's pricing of interactive sessions: two DPUs at least, one minute at least.
constexpr double least_dpus = 2, least_minutes = 1;

// DPUs of one worker (AWS Glue developer guide, "worker types").
constexpr std::array<std::pair<std::string_view, double>, 7> worker_types{
    {{"Standard", 1}, {"G.025X", 0.25}, {"G.1X", 1}, {"G.2X", 2}, {"G.4X", 4}, {"G.8X", 8}, {"Z.2X", 2}}};

// The smallest session that there is. An idle one ends after a minute; one that does not, soon after.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> smallest_session{{
    {"--session-worker-type", "G.1X"},
    {"--session-workers", "2"},
    {"--session-timeout", "5"},
    {"--session-idle-timeout", "1"},
}};

std::string value_of(const Options& options, std::string_view name) {
  const auto found = std::find_if(options.create_options.begin(), options.create_options.end(),
                                  [name](const auto& given) { return given.first == name; });
  return found == options.create_options.end() ? std::string() : found->second;
}

double number_of(const Options& options, std::string_view name) {
  const std::string text = value_of(options, name);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<double> dpus_of_worker(std::string_view type) {
  const auto* const found =
      std::find_if(worker_types.begin(), worker_types.end(), [type](const auto& one) { return one.first == type; });
  return found == worker_types.end() ? std::nullopt : std::optional(found->second);
}

std::string fault_of_sessions(const Options& options) {
  if (options.sessions == SessionMode::none) return {};
  if (options.sessions == SessionMode::automatic)
    return "--sessions auto decides for itself what to create: towards AWS choose --sessions none or create";
  if (options.max_sessions == 0 && !options.session_source.starts_with("file:"))
    return "sessions cost money: towards AWS those that are made need a bound, --max-sessions N";
  if (options.sessions == SessionMode::provided) return {};
  if (value_of(options, "--session-role").empty())
    return "towards AWS --sessions create needs the role of the sessions, --session-role ARN";
  if (!dpus_of_worker(value_of(options, "--session-worker-type")))
    return fmt::format("--session-worker-type '{}' has no price that is known here: leave it out, or choose G.1X",
                       text::visible(value_of(options, "--session-worker-type")));
  return {};
}

// Towards anything that is not AWS by its name.
std::string fault_elsewhere(const Options& options) {
  if (!options.sandbox_account.empty())
    return "--sandbox-account is for the real service, and this endpoint is none by its name: leave it out, or give "
           "--endpoint aws";
  for (const wire::ConnectTo& one : options.connect_to)
    if (wire::is_aws_host(one.address.host))
      return fmt::format(
          "--connect-to leads to '{}', which belongs to AWS: name it by --endpoint, with "
          "--sandbox-account ID",
          one.address.host);
  const bool real_keys = options.credentials == CredentialChoice::chain || !options.aws_profile.empty();
  if (options.insecure && real_keys)
    return "--insecure is refused together with credentials of AWS's own tools: nobody would know who gets what they "
           "sign";
  return {};
}

// A proxy in front of AWS gets what is signed for a real account, whatever its own name is.
std::string fault_of_two_ways(const Options& options) {
  const bool real = is_real_service(options.direct);
  if (!real && is_real_service(options.endpoint))
    return "--endpoint belongs to AWS, and --direct does not: give the proxy by --endpoint, and its upstream by "
           "--direct";
  Options upstream = options;
  upstream.endpoint = std::exchange(upstream.direct, {});
  if (std::string fault = sandbox_fault(upstream); !fault.empty() || !real) return fault;
  const wire::Url proxy = wire::parse_url(options.endpoint == real_service ? "https://aws" : options.endpoint);
  const bool here = proxy.host == "localhost" || proxy.host == "::1" || proxy.host.starts_with("127.");
  if (proxy.scheme != "https" && !here)
    return fmt::format(
        "'{}' is a proxy in front of AWS: write its address with https, as session tokens would be read "
        "on the way",
        proxy.host);
  return {};
}

}  // namespace

bool is_account(std::string_view text) {
  return text.size() == account_digits && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_real_service(const std::string& endpoint) {
  if (endpoint.empty()) return false;
  return endpoint == real_service || wire::is_aws_host(wire::parse_url(endpoint).host);
}

bool reaches_real_service(const Options& options) {
  return is_real_service(options.endpoint) || is_real_service(options.direct);
}

void use_sandbox_defaults(Options& options) {
  if (!reaches_real_service(options)) return;
  options.require_auth = true;
  if (!options.chosen.contains("--rate")) options.rate = requests_a_second;
  if (!options.chosen.contains("--tier")) options.tier = Tier::smoke;
  if (!options.chosen.contains("--sessions")) options.sessions = SessionMode::none;
  if (options.sessions != SessionMode::create) return;
  for (const auto& [name, value] : smallest_session)
    if (value_of(options, name).empty()) options.create_options.emplace_back(name, value);
  const bool tagged = std::any_of(options.create_options.begin(), options.create_options.end(), [](const auto& given) {
    return given.first == "--session-tag" && given.second.starts_with("created-by=");
  });
  if (!tagged) options.create_options.emplace_back("--session-tag", "created-by=glue-conformance");
}

std::string sandbox_fault(const Options& options) {
  if (!options.direct.empty()) return fault_of_two_ways(options);
  if (!is_real_service(options.endpoint)) return fault_elsewhere(options);
  const std::string host =
      options.endpoint == real_service ? "--endpoint aws" : "'" + wire::parse_url(options.endpoint).host + "'";
  if (options.sandbox_account.empty())
    return host +
           " belongs to AWS: to test the real service, name the account that may be used for it by "
           "--sandbox-account ID, with credentials of that account";
  if (!is_account(options.sandbox_account))
    return fmt::format("--sandbox-account '{}' is no account: 12 digits", text::visible(options.sandbox_account));
  if (options.endpoint != real_service && wire::parse_url(options.endpoint).scheme != "https")
    return host + " belongs to AWS: write its address with https, as session tokens would be read on the way";
  if (options.insecure) return "--insecure is refused towards AWS: nobody would know who gets the requests";
  if (!options.sign) return "--no-sign is refused towards AWS: every request would be refused";
  return fault_of_sessions(options);
}

SandboxCost worst_case(const Options& options) {
  SandboxCost cost;
  if (options.sessions != SessionMode::create) return cost;
  cost.sessions = options.max_sessions;
  cost.dpus = std::max(least_dpus, number_of(options, "--session-workers") *
                                       dpus_of_worker(value_of(options, "--session-worker-type")).value_or(0));
  cost.minutes = std::max(least_minutes, number_of(options, "--session-timeout"));
  cost.dollars = static_cast<double>(cost.sessions) * cost.dpus * cost.minutes / 60 * options.dpu_hour_price;
  return cost;
}

std::string in_words(const SandboxCost& cost, const Options& options) {
  if (options.sessions == SessionMode::provided)
    return options.session_source.starts_with("file:")
               ? "no session is created: what those that are given cost is not known here"
               : fmt::format("not known: your command makes the sessions, {} at most", options.max_sessions);
  if (cost.sessions == 0) return "no session is created: nothing is charged for";
  return fmt::format(
      "${:.2f} at most: {} sessions of {:g} DPU for {:g} minutes each, at ${:g} a DPU-hour "
      "(--dpu-hour-price; prices differ by region)",
      cost.dollars, cost.sessions, cost.dpus, cost.minutes, options.dpu_hour_price);
}

}  // namespace conformance::cli
