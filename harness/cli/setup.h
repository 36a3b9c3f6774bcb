// From the options to what a command that sends something needs.
//
//     Setup setup = set_up(options, getenv);   // throws wire::UsageError; nothing was sent
//     Executor executor(setup.config, table, plan);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/cli/options.h"
#include "harness/run/events.h"
#include "harness/run/executor.h"
#include "harness/run/scrub.h"
#include "harness/wire/sigv4.h"

namespace conformance::cli {

// An endpoint that is ready to be run against: where it is, how to sign, and what to print of it.
struct Setup {
  std::unique_ptr<reference::ReferenceEndpoint> embedded;
  RunConfig config;
  std::optional<RunConfig> direct;  // of a proxy: how its upstream is reached
  RunInfo info;
  Scrubber scrubber;
  std::string reaching;  // the arguments that decide whom requests reach, and as whom, each with a blank before it
};

[[nodiscard]] std::uint64_t random_seed();

// What requests are signed with: the keys of the environment, else test/test. Throws wire::UsageError if the former are
// not to be used.
[[nodiscard]] wire::Credentials credentials_of(const Environment& env);

// For a reference endpoint that carries out what is signed with them for this region, and nothing else.
[[nodiscard]] reference::AuthPolicy verifying(const wire::Credentials& credentials, const std::string& region);

// Starts the embedded endpoint if the options name no other. Of the real service, STS is asked whose the credentials
// are. Throws wire::UsageError, or Untestable.
[[nodiscard]] Setup set_up(const Options& options, const Environment& env);

}  // namespace conformance::cli
