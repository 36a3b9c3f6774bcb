#include "harness/case/story.h"

#include <gtest/gtest.h>

namespace conformance::story_test {
namespace {

TEST(Story, IsConcurrentOnlyIfOneTurnHasTwoCallsAboutOneSession) {
  Story story{.sessions = {"a", "b"}, .turns = {}};
  story.then({Verb::create, 0}).then({Verb::remove, 0});
  EXPECT_FALSE(is_concurrent(story));
  story.at_once({{Verb::remove, 0}, {Verb::remove, 1}, {Verb::list}, {Verb::list}});
  EXPECT_FALSE(is_concurrent(story));
  story.at_once({{Verb::remove, 1}, {Verb::get, 1}});
  EXPECT_TRUE(is_concurrent(story));
}

TEST(Story, NamesItsVerbs) {
  EXPECT_EQ(name_of(Verb::create), "create");
  EXPECT_EQ(name_of(Verb::remove), "remove");
}

}  // namespace
}  // namespace conformance::story_test
