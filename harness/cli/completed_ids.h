// The ids that a shell puts in, one a line: asked of the program when they are needed, as they are thousands.
//
//     completed_ids(Completes::deviations);   // "body-empty-is-missing-id\n…"
#pragma once

#include <string>

#include "harness/cli/outline.h"

namespace conformance::cli {

// Of cases, subjects or deviations; empty for anything else.
[[nodiscard]] std::string completed_ids(Completes what);

}  // namespace conformance::cli
