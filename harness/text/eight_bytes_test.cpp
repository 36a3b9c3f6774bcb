#include "harness/text/eight_bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace conformance::text::eight_bytes_test {
namespace {

// Each byte in each place, among bytes that are near the limits.
TEST(EightBytes, AnswerAsEachByteByItselfWould) {
  for (const char other : {'\x20', '\x7F', '\x80', '\xFF', '"', '\x23'}) {
    for (int c = 0; c < 256; ++c) {
      for (std::size_t place = 0; place < 8; ++place) {
        std::string text(9, other);
        text[place + 1] = static_cast<char>(c);
        const std::uint64_t eight = eight_at(text, 1);
        EXPECT_EQ(has_less(eight, 0x20), c < 0x20);
        EXPECT_EQ(has_byte(eight, '"'), c == '"' || other == '"');
        EXPECT_EQ(has_byte(eight, 0x7F), c == 0x7F || other == '\x7F');
        EXPECT_EQ(has_non_ascii(eight), c > 0x7F || static_cast<unsigned char>(other) > 0x7F);
      }
    }
  }
}

}  // namespace
}  // namespace conformance::text::eight_bytes_test
