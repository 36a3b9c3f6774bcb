#include "harness/text/suggest.h"

#include <gtest/gtest.h>

#include <string>

namespace conformance::text::suggest_test {
namespace {

TEST(Nearest, SuggestsOnlyWhatIsNear) {
  EXPECT_EQ(nearest("id.lenght.max", {"id.type", "id.length.max"}), "id.length.max");
  EXPECT_EQ(nearest("something", {"else"}), "");
}

TEST(Nearest, CountsInsertingLeavingOutAndReplacingAsOne) {
  EXPECT_EQ(nearest("abcdef", {"abcdefg"}), "abcdefg");
  EXPECT_EQ(nearest("abcdef", {"abcde"}), "abcde");
  EXPECT_EQ(nearest("abcdef", {"abcdeX"}), "abcdeX");
}

TEST(Nearest, CountsNeighboursThatChangedPlacesAsOne) {
  EXPECT_EQ(nearest("teir", {"tier"}), "tier");
  EXPECT_EQ(nearest("teri", {"tier"}), "") << "not next to each other";
}

TEST(Nearest, EndsAtAThirdOfTheWord) {
  EXPECT_EQ(nearest("abcdef", {"abcdXY"}), "abcdXY");
  EXPECT_EQ(nearest("abcdef", {"abcXYZ"}), "");
  EXPECT_EQ(nearest("ab", {"ac"}), "") << "of two letters nothing is near but themselves";
  EXPECT_EQ(nearest("ab", {"ab"}), "ab");
}

TEST(Nearest, PrefersTheNearestAndThenTheFirst) {
  EXPECT_EQ(nearest("abcdef", {"abcdXY", "abcdeX"}), "abcdeX");
  EXPECT_EQ(nearest("abcdef", {"abcdeX", "abcdeY"}), "abcdeX");
}

TEST(Nearest, HasNothingToSayWithoutCandidatesOrAWord) {
  EXPECT_EQ(nearest("abc", {}), "");
  EXPECT_EQ(nearest("", {"a"}), "");
}

// Quadratic work on whatever a user pastes would look like a hang.
TEST(Nearest, LooksAtTheFirstTwoHundredBytesOfAWord) {
  const std::string start(200, 'a');
  EXPECT_EQ(nearest(start + std::string(1000000, 'b'), {start}), start);
}

}  // namespace
}  // namespace conformance::text::suggest_test
