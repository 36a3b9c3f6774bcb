// What a failing test says: enough to understand it and to see it again, without a report.
//
//     ADD_FAILURE() << failure_text(info, table, result);
#pragma once

#include <string>

#include "harness/run/events.h"

namespace conformance::suite {

// What is required and by whom, what came, and how to send the same again; for an error or what is inconclusive: why.
// Several lines, without one at the end; nothing in it that a terminal would obey.
[[nodiscard]] std::string failure_text(const RunInfo& info, const spec::SpecTable& table, const CaseResult& result);

}  // namespace conformance::suite
