// In which region a service of AWS is meant, and at which URL it answers there, as AWS's own tools decide it.
//
// It serves those who ask for AWS by name; where a run goes that names no endpoint is not decided here.
//
//     const Configuration configuration = load_configuration(getenv, "");
//     if (const auto region = find_region(configuration, ""))
//       endpoint_of("glue", region->name, configuration).url;  // "https://glue.eu-west-1.amazonaws.com"
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/aws/shared_config.h"

namespace conformance::aws {

struct Region {
  std::string name;
  std::string from;  // in words: "--region", "AWS_REGION", "region of the profile 'x'"
};

// `region_option`, else AWS_REGION, AWS_DEFAULT_REGION, the profile. Throws ConfigError for one that cannot be part of
// a host name.
[[nodiscard]] std::optional<Region> find_region(const Configuration& configuration, const std::string& region_option);

struct ServiceEndpoint {
  std::string url;             // that wire::parse_url takes
  std::string from;            // in words
  bool is_configured = false;  // by the user, rather than AWS's own for the region
};

// Of a service by its name in host names, like "glue". The environment's AWS_ENDPOINT_URL_GLUE, AWS_ENDPOINT_URL, the
// profile's services section, its endpoint_url, unless these are to be ignored; else AWS's own, with FIPS and
// dual-stack if they are asked for. Throws ConfigError.
[[nodiscard]] ServiceEndpoint endpoint_of(std::string_view service, std::string_view region,
                                          const Configuration& configuration);

}  // namespace conformance::aws
