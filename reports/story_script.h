// A story as a script of AWS CLI commands, each with what it was answered.
//
// Why: a failure of a sequence is understood by reading the sequence, and seen again by pasting it.
//
//     for (const std::string& line : story_script(info, table, result)) out << line << "\n";
//     // aws glue create-session --cli-input-json '{"Id":"a",…}' --endpoint-url http://localhost:5000 …  # 200
#pragma once

#include <string>
#include <vector>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance::reports {

// POSIX shell lines, none if the case is no story. Calls at once run in the background until a `wait`. Credentials are
// those of the environment, else test and test; no secret is in a line.
[[nodiscard]] std::vector<std::string> story_script(const RunInfo& info, const spec::SpecTable& table,
                                                    const CaseResult& result);

}  // namespace conformance::reports
