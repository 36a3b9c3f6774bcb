// The pins of a profile that nothing of a run was held to, as lines: who reads a green run should not take them for
// held.
//
//     for (const std::string& line : not_held_in_words(end)) …
//     // "1 pin of the profile: auth.error: the endpoint does not authenticate"
#pragma once

#include <string>
#include <vector>

#include "harness/run/events.h"

namespace conformance::reports {

// One line a reason, at most a handful.
[[nodiscard]] std::vector<std::string> not_held_in_words(const RunEnd& end);

}  // namespace conformance::reports
