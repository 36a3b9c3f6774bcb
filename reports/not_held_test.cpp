#include "reports/not_held.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::reports {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(NotHeld, IsALineForEachReasonWithThePins) {
  RunEnd end;
  EXPECT_THAT(not_held_in_words(end), IsEmpty());
  end.not_held = {{"auth.error", "it does not authenticate"}, {"json.error", "not asked"}, {"body.size", "not asked"}};
  EXPECT_THAT(not_held_in_words(end), ElementsAre("1 pin of the profile: auth.error: it does not authenticate",
                                                  "2 pins of the profile: json.error, body.size: not asked"));
}

TEST(NotHeld, IsBounded) {
  RunEnd end;
  for (int i = 0; i < 100; ++i) end.not_held.push_back({"a", std::to_string(i)});
  EXPECT_THAT(not_held_in_words(end), SizeIs(9));
  EXPECT_EQ(not_held_in_words(end).back(), "92 more of the profile, for other reasons");
}

}  // namespace
}  // namespace conformance::reports
