// What a run would send, create and cost, without sending anything.
//
//     print_plan(plan, options, "http://localhost:5000", out);
#pragma once

#include <iosfwd>
#include <vector>

#include "harness/case/case.h"
#include "harness/cli/options.h"

namespace conformance::cli {

struct Estimate {
  std::size_t cases = 0;      // that fit into --max-requests and --max-sessions
  std::size_t requests = 0;   // of these, side calls included; from above, but for what is sent again
  std::size_t sessions = 0;   // that they ask for
  std::size_t unbounded = 0;  // requests that the whole plan would ask for
};
[[nodiscard]] Estimate estimate(const std::vector<Case>& plan, const Options& options);

// `url`: where it would go; empty for the embedded endpoint.
void print_plan(const std::vector<Case>& plan, const Options& options, const std::string& url, std::ostream& out);

}  // namespace conformance::cli
