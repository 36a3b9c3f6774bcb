// What a requirement accepts, held against an answer and put into words.
//
//     is_named({"success", "client_error"}, answer);   // a 2xx, or any 4xx
//     in_words({"success"}, table);                    // "200"
#pragma once

#include <string>
#include <vector>

#include "harness/judge/verdict.h"
#include "harness/spec/spec_table.h"

namespace conformance {

// True if one of `names`, as in Requirement::accept, names the answer. Of "foreign_success", which needs to know what
// was asked, it is only a success.
[[nodiscard]] bool is_named(const std::vector<std::string>& names, const Answer& answer);

[[nodiscard]] std::string in_words(const std::vector<std::string>& names, const spec::SpecTable& table);

}  // namespace conformance
