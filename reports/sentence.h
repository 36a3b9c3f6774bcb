// What a run came to, in one sentence: the same in every report that has one.
//
//     out << sentence_of(info, end, {.failing = 2});   // "The endpoint does not conform: 2 requirements failed."
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/run/events.h"
#include "harness/text/numbers.h"

namespace conformance::reports {

struct Seen {
  std::size_t failing = 0;   // requirements
  std::size_t left_out = 0;  // cases, for the bounds of the run
};

[[nodiscard]] std::string sentence_of(const RunInfo& info, const RunEnd& end, Seen seen);

// ", with 16 warnings"; empty if there are none.
[[nodiscard]] std::string with_warnings(const Totals& totals);

// "12,345".
using text::with_commas;
// "1 case", "2 cases".
[[nodiscard]] std::string counted(std::size_t number, std::string_view noun);

}  // namespace conformance::reports
