// Credentials of the machine that a program runs on: the service beside a container (ECS, EKS), and that of an EC2
// instance.
//
// Only the second version of the instance's service is spoken: the first gives credentials to whoever can be made to
// fetch a URL. Where nobody answers, or somebody who is no such service, there are no credentials; that is no error,
// since most machines are no instances.
//
//     const MetadataAnswer answer = ask_instance(configuration, {});
//     if (answer.found) use(*answer.found); else say(answer.why_not);
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "harness/aws/found_credentials.h"
#include "harness/aws/shared_config.h"
#include "harness/wire/client.h"

namespace conformance::aws {

struct MetadataOptions {
  wire::ClientOptions client = {};  // its deadline is not used: these services are near
  std::function<TimePoint()> now = std::chrono::system_clock::now;
  std::string container_host = "http://169.254.170.2";  // of a relative URI
};

struct MetadataAnswer {
  std::optional<FoundCredentials> found;
  std::string why_not = {};  // "AWS_EC2_METADATA_DISABLED is true"
};

// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, else …_FULL_URI, by https or on a host that is near. Throws CredentialError
// where it is named and gives none.
[[nodiscard]] MetadataAnswer ask_container(const Configuration& configuration, const MetadataOptions& options);

// AWS_EC2_METADATA_DISABLED, …_SERVICE_ENDPOINT, …_SERVICE_ENDPOINT_MODE, AWS_METADATA_SERVICE_TIMEOUT and
// …_NUM_ATTEMPTS, or the profile's settings. Throws ConfigError for one of them, and CredentialError where there is
// such a service and it fails.
[[nodiscard]] MetadataAnswer ask_instance(const Configuration& configuration, const MetadataOptions& options);

}  // namespace conformance::aws
