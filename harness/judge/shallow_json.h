// Parses JSON of which only the top matters, whoever wrote it.
//
// Why: a parser that builds what it reads recurses when it takes it down again, and spends hundreds of bytes on each
// bracket. An endpoint's answers nest a few levels; anything deeper is hostile, and is not built at all.
//
//     const nlohmann::json body = parse_shallow(response.body);
//     if (body.is_discarded()) …  // no JSON, or too deep
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace conformance {

inline constexpr int deepest_answer = 64;

// Discarded if `text` is no JSON or nests deeper than `deepest_answer`. Never throws but std::bad_alloc.
[[nodiscard]] nlohmann::json parse_shallow(std::string_view text);

}  // namespace conformance
