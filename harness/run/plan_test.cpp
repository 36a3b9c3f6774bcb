#include "harness/run/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::plan_test {
namespace {

using testing::HasSubstr;
using testing::Not;

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

std::string refusal(const std::string& pattern) {
  std::vector<Case> all = three();
  all[0].requirement = all[1].requirement = "id.short";
  all[2].characteristic = "origin.unit";
  try {
    (void)make_plan(all, {pattern});
  } catch (const PlanError& error) {
    return error.what();
  }
  return "";
}

TEST(Plan, SuggestsWhatAPatternMayHaveMeant) {
  EXPECT_THAT(refusal("id.lenght.1"), HasSubstr("did you mean 'id.length.1'?"));
  EXPECT_THAT(refusal("id.lenght.*"), HasSubstr("did you mean 'id.length.*'?"));
  EXPECT_THAT(refusal("id.lenght"), HasSubstr("did you mean 'id.length.*'?"));
  EXPECT_THAT(refusal("ID.Length.1"), HasSubstr("did you mean 'id.length.1'?"));
  EXPECT_THAT(refusal("nothing.like.it"), Not(HasSubstr("did you mean")));
}

TEST(Plan, ExplainsThatABeginningNeedsItsStar) {
  EXPECT_THAT(refusal("id.length"), HasSubstr("2 cases begin with it: --filter 'id.length.*'"));
  EXPECT_THAT(refusal("origin."), HasSubstr("1 case begins with it: --filter 'origin.*'"));
}

TEST(Plan, NamesTheCasesOfARequirement) {
  EXPECT_THAT(refusal("id.short"), HasSubstr("a requirement that 2 cases ask (id.length.1, id.length.2), see "
                                             "`glue-conformance explain id.short`"));
  EXPECT_THAT(refusal("origin.unit"), HasSubstr("a characteristic that 1 case asks (origin.length.1)"));
}

TEST(Plan, KnowsRequirementsThatNoCaseAsksAlone) {
  EXPECT_THAT(refusal("error.type"), HasSubstr("a requirement that every answer is held to"));
}

TEST(Plan, TakesOnePatternAnOption) {
  EXPECT_THAT(refusal("id.*,origin.*"), HasSubstr("one pattern an option: --filter 'id.*' --filter 'origin.*'"));
  EXPECT_THAT(refusal("id.*:!x"), HasSubstr("--filter 'id.*' --filter '!x'"));
  EXPECT_THAT(refusal(""), HasSubstr("a filter is empty"));
  EXPECT_THAT(refusal("!"), HasSubstr("a filter is empty"));
}

}  // namespace
}  // namespace conformance::plan_test
