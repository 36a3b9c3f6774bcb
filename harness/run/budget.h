// Which cases of a plan fit into its bounds (--max-requests, --max-sessions): decided before anything of them is sent,
// so that the same plan leaves out the same cases, and says which.
//
// The order in which they are let in: what asks a requirement for the first time (the smoke tier), then the rest in the
// order of the plan, then what asks by many examples. What does not fit makes room for what comes after it. Prices are
// estimates from above; the sender keeps the bound itself.
//
//     const Choice choice = choose(cases, prices, {.requests = 1000, .sessions = 20});
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "harness/case/case.h"

namespace conformance {

struct Cost {
  std::size_t requests = 0, sessions = 0;
};

inline constexpr std::size_t no_bound = std::numeric_limits<std::size_t>::max();

// What decides how much a case costs.
struct Prices {
  bool creates = false;    // sessions are created
  bool lists = false;      // effects are seen by listing, not one by one
  std::size_t pages = 1;   // of a listing
  std::size_t wave = 256;  // cases that share one
  std::uint64_t examples = 0;
  std::string prefix = {};  // of identifiers that are nobody else's
};

// Without what several cases share.
[[nodiscard]] Cost cost_of(const Case& test, const Prices& prices);

struct Choice {
  std::vector<bool> fits;  // for each case whether it fits into the budget
  Cost cost;               // of those that do, with what they share
};
[[nodiscard]] Choice choose(const std::vector<const Case*>& cases, const Prices& prices, Cost budget);

}  // namespace conformance
