// Parses JSON of which only the top matters, whoever wrote it.
//
// Why: a parser that builds what it reads recurses when it takes it down again, and spends hundreds of bytes on each
// value, however short it is written. An endpoint's answers nest a few levels and hold a few thousand values; anything
// beyond is hostile, and is not built at all.
//
//     const nlohmann::json body = parse_shallow(response.body);
//     if (body.is_discarded()) …  // no JSON, or too deep
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

namespace conformance {

inline constexpr int deepest_answer = 64;
// A page of a thousand sessions has some thirty values in each.
inline constexpr std::size_t most_values = 200'000;

// Discarded if `text` is no JSON, nests deeper than `deepest_answer` or holds more than `most_values`. Never throws but
// std::bad_alloc.
[[nodiscard]] nlohmann::json parse_shallow(std::string_view text);

}  // namespace conformance
