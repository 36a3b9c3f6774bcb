// Finds the credentials that AWS's own tools would find: the same places, in the same order.
//
// A user who runs the AWS CLI has set up one of a dozen sources and rarely knows which. The order is botocore's: keys
// in the environment, a role to assume, a web identity, SSO, the credentials file, a credential_process, the config
// file, the container, the instance. What is set up and fails is an error, as the next source may be somebody else's;
// what is not set up is passed over. Whatever keys it finds, it says from where.
//
//     const auto found = find_credentials(getenv, {.profile = "", .region = "", .client = {}, .now = now});
//     if (found) sign_with(found->keys);
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "harness/aws/found_credentials.h"
#include "harness/aws/shared_config.h"
#include "harness/wire/client.h"
#include "harness/wire/credentials.h"

namespace conformance::aws {

struct ChainOptions {
  std::string profile;         // named by an option, which beats the keys of the environment; empty: the environment's
  std::string region;          // of STS; empty: that of the environment or the profile, else us-east-1
  wire::ClientOptions client;  // of the calls that it makes; instances and containers have shorter deadlines
  std::function<TimePoint()> now = std::chrono::system_clock::now;
  // Called for each source that gave nothing, in words: "the container", "AWS_… is not set".
  std::function<void(const std::string& source, const std::string& why_not)> passed_over = {};
  std::chrono::milliseconds process_deadline{60000};    // of a credential_process
  std::string container_host = "http://169.254.170.2";  // of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
};

// Nothing if no source has any. Throws CredentialError.
[[nodiscard]] std::optional<FoundCredentials> find_credentials(const wire::Lookup& env, const ChainOptions& options);

// The same with a configuration that was read before; ChainOptions::profile is not looked at.
[[nodiscard]] std::optional<FoundCredentials> find_credentials(const Configuration& configuration,
                                                               const ChainOptions& options);

}  // namespace conformance::aws
