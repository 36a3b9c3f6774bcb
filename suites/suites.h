// What is asked: one file per area, each yields cases.
//
// A suite reads the limits and alphabets from the spec table and lists the values that tell a right implementation from
// a nearly right one. It sends nothing.
//
//     std::vector<Case> cases = suites::all_cases(spec::builtin_table(), seed);
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
[[nodiscard]] std::vector<Case> framing(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> connection_use(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> header_sections(const CaseBuilder& b);

[[nodiscard]] std::vector<Case> routing(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> dialects(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> authentication(const CaseBuilder& b);

// Up to `tier`: what is beyond it may be megabytes, and is not made.
[[nodiscard]] std::vector<Case> json_bodies(const CaseBuilder& b, Tier tier);
[[nodiscard]] std::vector<Case> combinations(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> alphabets(const CaseBuilder& b);
// What is asked of all answers together.
[[nodiscard]] std::vector<Case> answers(const CaseBuilder& b);
// A valid request after everything of `area` was asked.
[[nodiscard]] Case alive(const CaseBuilder& b, std::string_view area);
[[nodiscard]] std::vector<Case> generated(const CaseBuilder& b, std::uint64_t seed);
[[nodiscard]] std::vector<Case> stories(const CaseBuilder& b);
[[nodiscard]] std::vector<Case> generated_stories(const CaseBuilder& b, std::uint64_t seed);
// None of all the sessions that the run deleted comes back.
[[nodiscard]] Case deleted_for_good(const CaseBuilder& b);

// All of them up to `tier`, in the order in which they are planned. Ids are unique; the seed decides the identifiers
// of the run and the examples of the properties.
[[nodiscard]] std::vector<Case> all_cases(const spec::SpecTable& table, std::uint64_t seed,
                                          Tier tier = Tier::exhaustive);
// The same for a run beside it that must not meet its sessions: only the prefix of its identifiers is another one.
[[nodiscard]] std::vector<Case> all_cases(const spec::SpecTable& table, std::uint64_t seed, Tier tier,
                                          const std::string& prefix);

}  // namespace conformance::suites
