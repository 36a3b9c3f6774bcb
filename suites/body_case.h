// Turns any byte string into the case that asks what must become of it, by the oracle's reading.
//
// Why: a corpus entry, a truncation and a mutated example differ in where they come from and not in what is asked of
// them, so they are asked it in one place.
//
//     Case c = CaseBuilder::start("body.truncated.7", "a valid body, cut after 7 bytes", "", Kind::malformed);
//     ask_of_body(b, c, body.substr(0, 7), token);
#pragma once

#include <string>

#include "harness/case/case_builder.h"
#include "harness/oracle/body_class.h"

namespace conformance::suites {

// Sets the kind, the requirement and all else that follows from `body`. `session` (UTF-8, valid) is the one that stands
// while a body is sent that is not valid: its control names it. Requirements and characteristics that `c` has already
// are kept.
void ask_of_body(const CaseBuilder& b, Case& c, std::string body, const std::string& session);
// The same where the classification is known.
void ask_of_body(const CaseBuilder& b, Case& c, std::string body, const std::string& session,
                 const oracle::Classification& classification);

// The requirements that the faults of a body break, without repetition: "id.length.max".
[[nodiscard]] std::vector<std::string> broken_requirements(const oracle::Classification& classification,
                                                           const spec::SpecTable& table);

}  // namespace conformance::suites
