// UTF-8 by the letter (RFC 3629), because an endpoint's bytes may be anything and the cases sit on its edges.
//
//     std::string bytes = text::encode(U'\u00E9');             // two bytes
//     std::optional<std::u32string> points = text::decode(s);  // nullopt: overlong, surrogate, truncated, above 10FFFF
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace conformance::text {

// `code_point` must be a Unicode scalar value.
void append(std::string& out, char32_t code_point);
[[nodiscard]] std::string encode(char32_t code_point);
// Bytes of that, 1 to 4; 3 for a surrogate, as if it could be encoded.
[[nodiscard]] constexpr std::size_t encoded_size(char32_t code_point) {
  return code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
}

// One code point from the front: how many bytes it takes, 0 if the bytes there are no valid UTF-8.
struct Step {
  std::size_t bytes = 0;
  char32_t code_point = 0;
};
[[nodiscard]] Step step(std::string_view bytes);

[[nodiscard]] std::optional<std::u32string> decode(std::string_view bytes);
[[nodiscard]] bool is_valid(std::string_view bytes);

// Of valid UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view valid);
[[nodiscard]] std::size_t utf16_units(std::string_view valid);

}  // namespace conformance::text
