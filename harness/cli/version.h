// What this program is: its version, the commit that it was built of, and its spec table.
//
//     out << version_in_words();   // the first line: "glue-conformance 0.1.0"
#pragma once

#include <string>
#include <string_view>

namespace conformance::cli {

// "unknown" if it was built outside a checkout.
[[nodiscard]] std::string_view commit();

// The day of the commit, "2026-01-31"; empty if that is unknown.
[[nodiscard]] std::string_view commit_date();

// What --version prints, without a last line feed: "glue-conformance VERSION", "commit …", "spec table …", a line each.
[[nodiscard]] std::string version_in_words();

}  // namespace conformance::cli
