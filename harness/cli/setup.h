// From the options to what a command that sends something needs.
//
//     Setup setup = set_up(options, getenv);   // throws wire::UsageError; nothing was sent
//     Executor executor(setup.config, table, plan);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/cli/options.h"
#include "harness/run/events.h"
#include "harness/run/executor.h"
#include "harness/run/scrub.h"

namespace conformance::cli {

using Environment = std::function<const char*(const char*)>;

// An endpoint that is ready to be run against: where it is, how to sign, and what to print of it.
struct Setup {
  std::unique_ptr<reference::ReferenceEndpoint> embedded;
  RunConfig config;
  RunInfo info;
  Scrubber scrubber;
};

[[nodiscard]] std::uint64_t random_seed();

// Starts the embedded endpoint if the options name no other.
[[nodiscard]] Setup set_up(const Options& options, const Environment& env);

}  // namespace conformance::cli
