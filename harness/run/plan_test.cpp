#include "harness/run/plan.h"

#include <gtest/gtest.h>

namespace conformance {
namespace {

std::vector<Case> three() {
  std::vector<Case> all(3);
  all[0].id = "id.length.1";
  all[1].id = "id.length.2";
  all[2].id = "origin.length.1";
  return all;
}

TEST(Glob, MatchesWholeIds) {
  EXPECT_TRUE(glob_match("*", ""));
  EXPECT_TRUE(glob_match("a*c", "abbc"));
  EXPECT_TRUE(glob_match("a?c", "abc"));
  EXPECT_FALSE(glob_match("a?c", "ac"));
  EXPECT_FALSE(glob_match("b", "abc"));
  EXPECT_TRUE(glob_match("*a*b*", "xxaxxbxx"));
  EXPECT_FALSE(glob_match("", "a"));
}

TEST(Plan, KeepsEverythingWithoutAFilter) { EXPECT_EQ(make_plan(three(), {}).size(), 3U); }

TEST(Plan, SelectsAndExcludes) {
  EXPECT_EQ(make_plan(three(), {"id.*"}).size(), 2U);
  EXPECT_EQ(make_plan(three(), {"id.*", "!*.1"}).front().id, "id.length.2");
  EXPECT_EQ(make_plan(three(), {"!id.*"}).front().id, "origin.length.1");
}

TEST(Plan, RefusesAPatternThatMatchesNothing) {
  EXPECT_THROW((void)make_plan(three(), {"id.lenght.1"}), PlanError);
  EXPECT_THROW((void)make_plan(three(), {"!nothing"}), PlanError);
  EXPECT_THROW((void)make_plan(three(), {"id.*", "!id.*"}), PlanError);
}

}  // namespace
}  // namespace conformance
