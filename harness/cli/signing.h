// Whose requests a run sends: from where the credentials come, for which region they sign, and how they stay fresh.
//
// A run against a mock must not pick up somebody's real keys by accident, so files, roles and instances are only asked
// where AWS itself is meant or the user says so.
//
//     const Signing signing = choose_signing(options, getenv, {});
//     config.signer = signing.signer;
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/aws/credential_source.h"
#include "harness/aws/shared_config.h"
#include "harness/cli/options.h"
#include "harness/wire/client.h"
#include "harness/wire/credentials.h"

namespace conformance::cli {

// Who should say something that must be known before a run could not be asked: exit status 3.
class Untestable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where a run goes, and what of it the files of AWS's tools decide.
struct Destination {
  std::string url;     // empty: the embedded endpoint
  std::string region;  // of signatures
  bool is_real = false;
  std::optional<aws::Configuration> configuration;  // where the chain is asked
};
// Throws wire::UsageError.
[[nodiscard]] Destination find_destination(const Options& options, const wire::Lookup& env);

// What most emulators expect: they verify nothing, and route by the scope.
[[nodiscard]] wire::Credentials test_credentials();

// True if all sources of AWS's tools are asked.
[[nodiscard]] bool asks_chain(const Options& options);

// Takes `found` into use, or throws: they may be of another account.
using Accept = std::function<void(const aws::FoundCredentials& found)>;

// The credentials for `to`, accepted. `accept` is called for the first and for all that come after them. Throws
// wire::UsageError where there are none, Untestable where a source could not be asked.
[[nodiscard]] std::shared_ptr<aws::CredentialSource> find_source(const Options& options, const wire::Lookup& env,
                                                                 const Destination& to,
                                                                 const wire::ClientOptions& client, Accept accept);

// Of an ARN what stands behind the account: "user/alice".
[[nodiscard]] std::string who_of(const std::string& arn);

// Throws wire::UsageError unless STS itself says that `keys` are of the sandbox account, Untestable if it says nothing.
// Returns who they are, and by how much this machine's clock is off.
struct Verified {
  std::string account, arn;
  std::chrono::seconds clock_offset{0};
};
[[nodiscard]] Verified verify_account(const Options& options, const Destination& to, const wire::Credentials& keys,
                                      const wire::ClientOptions& client);

}  // namespace conformance::cli
