// The two halves of a character beyond U+FFFF, as UTF-16 and JSON escapes write it (Unicode 15, D71 to D75).
//
//     is_high_surrogate(0xD83D) && is_low_surrogate(0xDE00);  // joined(…) == U+1F600

#ifndef CONFORMANCE_HARNESS_ORACLE_SURROGATES_H_
#define CONFORMANCE_HARNESS_ORACLE_SURROGATES_H_

namespace conformance::oracle {

[[nodiscard]] constexpr bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
[[nodiscard]] constexpr bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

// The character that a high and a low surrogate are together.
[[nodiscard]] constexpr char32_t joined(char32_t high, char32_t low) {
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

}  // namespace conformance::oracle

#endif  // CONFORMANCE_HARNESS_ORACLE_SURROGATES_H_
