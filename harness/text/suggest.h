// "Did you mean": the nearest of the words that there are.
//
//     text::nearest("id.lenght.max", {"id.length.max", "id.type"})  // "id.length.max"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace conformance::text {

// The candidate with the smallest edit distance, if it is at most a third of the word's length; else empty.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace conformance::text
