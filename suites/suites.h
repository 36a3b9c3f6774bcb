// What is asked: one file per area, each yields cases.
//
// A suite reads the limits and alphabets from the spec table and lists the values that tell a right implementation from
// a nearly right one. It sends nothing.
//
//     std::vector<Case> cases = suites::all_cases(spec::builtin_table(), run_prefix(seed));
#pragma once

#include <string>
#include <vector>

#include "harness/case/case.h"
#include "harness/case/case_builder.h"

namespace conformance::suites {

[[nodiscard]] std::vector<Case> identifier_length(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> identifier_pattern(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> identifier_type(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> request_origin(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> valid_requests(const CaseBuilder& b);

// All of them, in the order in which they are planned. Ids are unique.
[[nodiscard]] std::vector<Case> all_cases(const spec::SpecTable& table, const std::string& prefix);

}  // namespace conformance::suites
