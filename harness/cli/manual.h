// The manual page, glue-conformance(1), made from the parser: in man(7), as every man understands it.
//
//     out << manual_page(outline_of(app), "0.1.0", "2026-01-31");
#pragma once

#include <string>

#include "harness/cli/outline.h"

namespace conformance::cli {

[[nodiscard]] std::string manual_page(const CommandOutline& all, const std::string& version, const std::string& date);

}  // namespace conformance::cli
