// Deletes what a run left behind that could not clean up after itself, as a kill -9 lets it no more.
//
// Only what a ledger names as created and not gone is ever deleted. What is not usable yet is waited for, as it may
// refuse to go; what is gone is known to be gone: seen so where the endpoint shows sessions, said so where it does not.
// To sweep again, or twice at once, changes nothing.
//
//     const Swept swept = sweep(config, table, {"gc01-…"}, [&](const std::string& id) { ledger.gone(id); });
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/sender.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/client.h"
#include "harness/wire/sigv4.h"
#include "harness/wire/url.h"

namespace conformance {

struct SweepConfig {
  wire::Url endpoint;
  wire::ClientOptions client;
  std::optional<wire::Signer> signer;
  SendLimits sending;
  std::chrono::milliseconds effect_wait{2000};   // for a deleted session to be seen no more
  std::chrono::milliseconds ready_wait{120000};  // for one to become usable
};

struct Swept {
  std::map<std::string, std::string> left;  // identifier to why
  std::string unreachable;                  // why the endpoint could not be asked at all; empty if it could
};

// `gone` is called once for each that is. Throws wire::UsageError (CA bundle).
[[nodiscard]] Swept sweep(const SweepConfig& config, const spec::SpecTable& table, const std::vector<std::string>& ids,
                          const std::function<void(const std::string&)>& gone);

}  // namespace conformance
