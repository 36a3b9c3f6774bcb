// How deep brackets nest in a TOML text, before a parser that calls itself for each is given it.
//
//     if (toml::nests_deeper(text, 16)) …   // refused
#pragma once

#include <string_view>

namespace conformance::toml {

// Brackets in comments and strings do not count. Of a text that is no TOML it may say either, in linear time.
[[nodiscard]] bool nests_deeper(std::string_view text, int most);

}  // namespace conformance::toml
