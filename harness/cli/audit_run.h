// One run of the audit: the plan against one reference endpoint, in memory and in this process.
//
//     const AuditRun run = run_against(endpoint, {.plan = plan, .prefix = prefix, .jobs = 16, .examples = 100});
//     run.failed.contains("id.length.max");
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/case/case.h"
#include "harness/run/executor.h"

namespace conformance::cli {

struct AuditRun {
  std::map<std::string, std::size_t> failed;    // requirement -> failing cases
  std::map<std::string, std::string> readings;  // of characteristics
  std::size_t cases = 0, passed = 0, other = 0;
  std::size_t of_other_states = 0;  // skipped, as the endpoint shows no session in the state that they ask about
  std::string first_other;          // why it neither passed nor failed
  std::size_t requests = 0;
  std::string fatal;
};

// Whom an endpoint knows that is tested by the program that starts it: keys of its own, as nobody's real ones are
// needed; temporary ones, with a session token.
[[nodiscard]] wire::Credentials own_credentials();

struct AuditPlan {
  const std::vector<Case>& plan;
  std::string prefix;  // run_prefix(seed)
  std::size_t jobs = 16;
  std::uint64_t examples = 0;
  std::string region = "us-east-1";
};

// Sessions that the endpoint has from the beginning are those that the run may use; else it creates them by `sessions`.
[[nodiscard]] AuditRun run_against(const reference::Options& endpoint, SessionMode sessions, const AuditPlan& plan);

// The endpoint stands for a proxy, and is held against one that conforms: both ways of the same plan.
[[nodiscard]] AuditRun run_as_proxy(const reference::Options& endpoint, const AuditPlan& plan,
                                    const std::vector<Case>& direct_plan, const std::string& direct_prefix);

// Sessions in states that no call makes.
[[nodiscard]] std::vector<reference::Session> ended_sessions();

// Computes each of [0, count) on as many threads as there are cores, and hands over what is done in their order, in
// this thread. What `compute` throws is thrown here.
void in_order(std::size_t count, const std::function<void(std::size_t)>& compute,
              const std::function<void(std::size_t)>& done);

}  // namespace conformance::cli
