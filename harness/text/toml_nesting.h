// How deep brackets nest in a TOML text, before a parser that calls itself for each is given it.
//
//     if (text::nests_deeper(toml, 16)) …   // refused
#pragma once

#include <string_view>

namespace conformance::text {

// Brackets in comments and strings do not count. Of a text that is no TOML it may say either, in linear time.
[[nodiscard]] bool nests_deeper(std::string_view toml, int most);

}  // namespace conformance::text
