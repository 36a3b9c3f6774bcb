// Texts as TOML has them, whatever is in them.
//
//     text::toml_string("a\"b")       // "a\"b", with its quotes
//     text::toml_list({"a", "b"})     // ["a", "b"]
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace conformance::text {

// A basic string on one line; what is no UTF-8 is made visible.
[[nodiscard]] std::string toml_string(std::string_view text);
// One as it is, more as an array on one line.
[[nodiscard]] std::string toml_list(const std::vector<std::string>& texts);

}  // namespace conformance::text
