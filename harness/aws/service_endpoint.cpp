#include "harness/aws/service_endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/text/escape.h"
#include "harness/wire/ascii.h"
#include "harness/wire/url.h"

namespace conformance::aws {
namespace {

constexpr std::size_t most_label_bytes = 63;  // RFC 1035 section 2.3.4

struct Partition {
  std::string_view name, region_prefix, suffix, dual_stack_suffix;
};

// As botocore's partitions.json has them. The last is for every other region: new ones appear there first.
constexpr std::array<Partition, 8> partitions{{
    {"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws"},
    {"aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"aws", "", "amazonaws.com", "api.aws"},
}};

const Partition& partition_of(std::string_view region) {
  return *std::find_if(partitions.begin(), partitions.end(),
                       [region](const Partition& partition) { return region.starts_with(partition.region_prefix); });
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= most_label_bytes && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return wire::ascii::is_alnum(c) || c == '-'; });
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  return result;
}

struct Found {
  std::string value, from;
};

// Of the section that the profile names.
std::optional<Found> of_services_section(std::string_view service, const Configuration& configuration) {
  const auto name = configuration.profile_value("services");
  if (!name) return std::nullopt;
  const Settings* services = configuration.files.services(*name);
  if (services == nullptr)
    throw ConfigError(fmt::format("{} names the services section '{}', which is not in {}",
                                  configuration.profile_in_words(), text::visible(*name),
                                  text::visible(configuration.files.config_file())));
  const auto setting = services->find(service);
  if (setting == services->end()) return std::nullopt;
  const auto url = setting->second.nested.find("endpoint_url");
  if (url == setting->second.nested.end() || url->second.empty()) return std::nullopt;
  return Found{url->second, fmt::format("[services {}] of {}", text::visible(*name), configuration.profile_in_words())};
}

std::optional<Found> configured_url(std::string_view service, const Configuration& configuration) {
  if (configuration.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")) return std::nullopt;
  for (const std::string& name : {"AWS_ENDPOINT_URL_" + upper(service), std::string("AWS_ENDPOINT_URL")})
    if (const auto url = configuration.variable(name.c_str())) return Found{*url, name};
  if (auto found = of_services_section(service, configuration)) return found;
  if (const auto url = configuration.profile_value("endpoint_url"))
    return Found{*url, fmt::format("endpoint_url of {}", configuration.profile_in_words())};
  return std::nullopt;
}

// "https://glue-fips.us-east-1.api.aws".
std::string url_of(std::string_view service, std::string_view region, bool fips, bool dual_stack) {
  const Partition& partition = partition_of(region);
  // There every endpoint of this service is one of FIPS, by its usual name (botocore's rules).
  if (service == "sts" && partition.name == "aws-us-gov" && !dual_stack) fips = false;
  return fmt::format("https://{}{}.{}.{}", service, fips ? "-fips" : "", region,
                     dual_stack ? partition.dual_stack_suffix : partition.suffix);
}

}  // namespace

std::optional<Region> find_region(const Configuration& configuration, const std::string& region_option) {
  Region region{region_option, "--region"};
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (region.name.empty()) region = {configuration.variable(name).value_or(""), name};
  if (region.name.empty())
    region = {configuration.profile_value("region").value_or(""),
              fmt::format("region of {}", configuration.profile_in_words())};
  if (region.name.empty()) return std::nullopt;
  if (!is_label(region.name))
    throw ConfigError(fmt::format("{}: '{}' is no region: it is a part of a host name, like us-east-1", region.from,
                                  text::elide(text::visible(region.name), 80)));
  return region;
}

ServiceEndpoint endpoint_of(std::string_view service, std::string_view region, const Configuration& configuration) {
  if (!is_label(region)) throw ConfigError(fmt::format("'{}' is no region", text::elide(text::visible(region), 80)));
  const bool fips = configuration.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
  const bool dual_stack = configuration.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  if (const auto configured = configured_url(service, configuration)) {
    if (fips || dual_stack)
      throw ConfigError(fmt::format(
          "{} asks for a {} endpoint, and {} names another: leave one of them out",
          fips ? "AWS_USE_FIPS_ENDPOINT (use_fips_endpoint)" : "AWS_USE_DUALSTACK_ENDPOINT (use_dualstack_endpoint)",
          fips ? "FIPS" : "dual-stack", configured->from));
    try {
      (void)wire::parse_url(configured->value);
    } catch (const wire::UsageError& error) {
      throw ConfigError(fmt::format("{}: {}", configured->from, error.what()));
    }
    return {configured->value, configured->from, true};
  }
  std::string from = fmt::format("AWS's own in {}", region);
  if (fips) from += ", FIPS";
  if (dual_stack) from += ", dual-stack";
  return {url_of(service, region, fips, dual_stack), from, false};
}

}  // namespace conformance::aws
