// Which cases a run performs: filters on case ids, that cannot be misspelt.
//
//     Plan plan = make_plan(all_cases, {"id.length.*", "!*.65536"});   // throws PlanError if a pattern matches nothing
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/case/case.h"

namespace conformance {

class PlanError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `*` is any text, `?` any one byte; the whole id must match. Linear in pattern times text, whatever the pattern.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);

// Whether the patterns choose a case of this id: any of them matches, and none with a leading '!'; those alone choose
// all but what they match.
[[nodiscard]] bool is_chosen(const std::vector<std::string>& patterns, std::string_view id);

// The cases that match any pattern and no pattern with a leading '!'; all that match no '!' if there are only those.
// Order is kept. Throws PlanError if a pattern matches no case, or if nothing is left; the message says what the
// pattern may have meant: several patterns, the beginning of ids, a requirement, or the nearest id.
[[nodiscard]] std::vector<Case> make_plan(std::vector<Case> all, const std::vector<std::string>& patterns);

}  // namespace conformance
