#include "harness/oracle/surrogates.h"

#include <gtest/gtest.h>

namespace conformance::oracle::surrogates_test {
namespace {

TEST(Surrogates, BeginAndEndWhereUnicodeSays) {
  EXPECT_FALSE(is_high_surrogate(0xD7FF));
  EXPECT_TRUE(is_high_surrogate(0xD800));
  EXPECT_TRUE(is_high_surrogate(0xDBFF));
  EXPECT_FALSE(is_high_surrogate(0xDC00));
  EXPECT_FALSE(is_low_surrogate(0xDBFF));
  EXPECT_TRUE(is_low_surrogate(0xDC00));
  EXPECT_TRUE(is_low_surrogate(0xDFFF));
  EXPECT_FALSE(is_low_surrogate(0xE000));
}

TEST(Surrogates, AreACharacterTogether) {
  EXPECT_EQ(joined(0xD800, 0xDC00), U'\U00010000');
  EXPECT_EQ(joined(0xD83D, 0xDE00), U'\U0001F600');
  EXPECT_EQ(joined(0xDBFF, 0xDFFF), U'\U0010FFFF');
}

}  // namespace
}  // namespace conformance::oracle::surrogates_test
