#include "harness/generate/numbers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>

namespace conformance::generate {
namespace {

// Of the author's implementation, compiled by itself.
TEST(Numbers, AreThoseOfSplitMix64) {
  Numbers numbers(1234567);
  EXPECT_EQ(numbers.next(), 6457827717110365317ULL);
  EXPECT_EQ(numbers.next(), 3203168211198807973ULL);
  EXPECT_EQ(numbers.next(), 9817491932198370423ULL);
}

TEST(Numbers, BelowABoundReachEachAboutAsOften) {
  Numbers numbers(1);
  std::array<std::size_t, 7> times{};
  for (int i = 0; i < 7000; ++i) ++times.at(numbers.below(times.size()));
  const auto [least, most] = std::minmax_element(times.begin(), times.end());
  EXPECT_GT(*least, 850U);
  EXPECT_LT(*most, 1150U);
}

TEST(Numbers, BelowTheEndsOfWhatABoundMayBe) {
  Numbers numbers(2);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(numbers.below(0), 0U);
    EXPECT_EQ(numbers.below(1), 0U);
    EXPECT_LT(numbers.below(std::numeric_limits<std::uint32_t>::max()), std::numeric_limits<std::uint32_t>::max());
  }
}

}  // namespace
}  // namespace conformance::generate
