#include "harness/run/hash_set.h"

#include <gtest/gtest.h>

namespace conformance {
namespace {

TEST(HashSet, KnowsWhatItWasGiven) {
  HashSet set(10000);
  for (std::uint64_t i = 0; i < 5000; ++i) EXPECT_TRUE(set.insert(i * i + 2)) << i;
  for (std::uint64_t i = 0; i < 5000; ++i) EXPECT_FALSE(set.insert(i * i + 2)) << i;
}

TEST(HashSet, TellsApartWhatDiffersInItsHighestBitsAlone) {
  HashSet set(10000);
  for (std::uint64_t i = 1; i < 2000; ++i) EXPECT_TRUE(set.insert(i << 50U)) << i;
}

TEST(HashSet, TakesNoMoreThanItWasMadeFor) {
  HashSet set(2);
  EXPECT_TRUE(set.insert(0));
  EXPECT_TRUE(set.insert(7));
  EXPECT_TRUE(set.insert(8));
  EXPECT_TRUE(set.insert(8)) << "it is not kept";
}

}  // namespace
}  // namespace conformance
