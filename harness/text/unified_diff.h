// What changes in a text, as `diff -u` shows it.
//
//     out << text::unified_diff(before, after, "known.toml", "known.toml");
#pragma once

#include <string>
#include <string_view>

namespace conformance::text {

// Empty if nothing differs. Three lines of context. What differs is shown as a whole where comparing it line by line
// would take too long.
[[nodiscard]] std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                                       std::string_view after_name);

}  // namespace conformance::text
