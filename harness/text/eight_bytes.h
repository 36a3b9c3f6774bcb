// Questions about eight bytes of text at once: most of what is read is plain ASCII, so that whether anything in it is
// special is asked far more often than it is answered with yes.
//
//     while (text.size() - i >= 8 && !has_byte(eight_at(text, i), '\\')) i += 8;  // to the first backslash
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace conformance::text {

[[nodiscard]] inline std::uint64_t eight_at(std::string_view text, std::size_t i) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, text.data() + i, sizeof eight);
  return eight;
}

[[nodiscard]] constexpr std::uint64_t eight_of(unsigned char byte) { return 0x0101010101010101U * byte; }

[[nodiscard]] constexpr bool has_non_ascii(std::uint64_t eight) { return (eight & eight_of(0x80)) != 0; }

// Whether one of them is less than `limit`, which is at most 0x80.
[[nodiscard]] constexpr bool has_less(std::uint64_t eight, unsigned char limit) {
  return has_non_ascii((eight - eight_of(limit)) & ~eight);
}

[[nodiscard]] constexpr bool has_byte(std::uint64_t eight, unsigned char byte) {
  return has_less(eight ^ eight_of(byte), 1);
}

}  // namespace conformance::text
