// Runs side by side as one page to look at: it needs no server, no network and no script, as the report of one run.
//
//     out << to_html(comparison.read());
#pragma once

#include <string>

#include "reports/comparison.h"

namespace conformance::reports {

// What differs is in sight; what does not is in the page too, folded. Nothing that an endpoint says can act.
[[nodiscard]] std::string to_html(const Compared& compared);

}  // namespace conformance::reports
