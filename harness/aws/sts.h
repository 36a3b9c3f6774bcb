// Asks AWS's Security Token Service for the credentials of a role, and whose credentials these are.
//
// It speaks the query protocol: a form goes there, XML comes back. Its answers are bounded and checked; its errors are
// told in harmless words with the code first, since that is what one looks up.
//
//     const Identity identity = caller_identity(keys, {.endpoint = url, .region = "us-east-1", .client = {}, .now =
//     now}); identity.account;  // "123456789012"
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "harness/aws/found_credentials.h"
#include "harness/wire/client.h"
#include "harness/wire/sigv4.h"
#include "harness/wire/url.h"

namespace conformance::aws {

struct StsOptions {
  wire::Url endpoint;
  std::string region;
  wire::ClientOptions client;
  std::function<TimePoint()> now = std::chrono::system_clock::now;
};

class StsError : public std::runtime_error {
 public:
  StsError(const std::string& message, std::string code) : std::runtime_error(message), code_(std::move(code)) {}

  // Of the error that was answered: "AccessDenied"; empty if there was no answer that could be read.
  [[nodiscard]] const std::string& code() const { return code_; }

 private:
  std::string code_;
};

struct Identity {
  std::string account;  // 12 digits
  std::string arn, user_id;
  std::chrono::seconds clock_offset{0};  // to be added to this machine's time, where STS refused it as wrong
};

struct RoleRequest {
  std::string role_arn, session_name;
  std::string external_id = {};              // empty: none
  std::optional<int> duration_seconds = {};  // AWS's own is an hour
};

struct Assumed {
  FoundCredentials found;  // temporary ones, without a source
  std::chrono::seconds clock_offset{0};
};

// Each is sent again a few times while the service says that it cannot now, and once more with the time of the service
// where it refuses for ours. All throw StsError, and wire::UsageError if the CA bundle cannot be read.
[[nodiscard]] Identity caller_identity(const wire::Credentials& keys, const StsOptions& options);
[[nodiscard]] Assumed assume_role(const wire::Credentials& keys, const RoleRequest& role, const StsOptions& options);
// `token` is what an identity provider has signed; nothing else signs the request.
[[nodiscard]] Assumed assume_role_with_web_identity(const std::string& token, const RoleRequest& role,
                                                    const StsOptions& options);

}  // namespace conformance::aws
