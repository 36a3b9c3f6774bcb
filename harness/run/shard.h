// One of several runs that together ask the plan, each on a machine of its own.
//
// To which shard a case belongs is decided by its id alone: a case that is added, or a filter, moves no other one, and
// the union of the shards is always the plan.
//
//     const Shard shard = choose_shard("auto/4", env);   // by JOB_COMPLETION_INDEX, say
//     if (shard.holds("id.length.256")) …
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace conformance {

struct Shard {
  std::size_t index = 0, total = 1;  // from 0
  std::string status_file = {};      // to be made by whoever understands sharding; empty: nobody asks

  [[nodiscard]] bool holds(std::string_view case_id) const;
};

// What --shard says: "2/3" is the second of three; "auto" asks the variables of the CI system for both numbers,
// "auto/3" for the first only. Empty: only the test protocols count (GTEST_TOTAL_SHARDS, Bazel's TEST_TOTAL_SHARDS),
// which are set for the very program; a CI system sets its own for every job that is made in several, also where each
// is to run all. Empty variables count as none. Throws wire::UsageError of what is no such thing, of "auto" where
// nothing is set, and of variables that disagree.
[[nodiscard]] Shard choose_shard(const std::string& option, const std::function<const char*(const char*)>& env);

}  // namespace conformance
