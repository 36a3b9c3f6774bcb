#include "harness/run/characteristics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ConsistentUnits, NamesTheUnitThatExplainsEverything) {
  const Lengths accents{255, 255, 510}, emoji{128, 256, 512};
  EXPECT_THAT(consistent_units({{accents, true}, {emoji, true}}, 255), ElementsAre("code_points"));
  EXPECT_THAT(consistent_units({{accents, true}, {emoji, false}}, 255), ElementsAre("utf16_units"));
  EXPECT_THAT(consistent_units({{accents, false}, {emoji, false}}, 255), ElementsAre("bytes"));
  EXPECT_THAT(consistent_units({{accents, false}, {emoji, true}}, 255), IsEmpty());
  EXPECT_THAT(consistent_units({{accents, true}}, 255), ElementsAre("code_points", "utf16_units"));
}

}  // namespace
}  // namespace conformance
