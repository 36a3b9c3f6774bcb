#include "harness/run/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/case/case_builder.h"
#include "harness/text/json_string.h"

namespace conformance::budget_test {
namespace {

using testing::ElementsAre;

const Prices creating{.creates = true, .lists = true, .pages = 1, .wave = 256, .examples = 100, .prefix = "gc01"};

Case with_session(const std::string& id, Tier tier = Tier::standard) {
  const CaseBuilder builder(spec::builtin_table(), "gc01");
  Case c = CaseBuilder::start(id, id, "delete.success", Kind::valid);
  c.tier = tier;
  builder.accept(c, builder.token(c), text::quote_raw(builder.token(c)));
  return c;
}

Case without_session(const std::string& id, Tier tier = Tier::standard) {
  Case c = with_session(id, tier);
  c.session = "";
  return c;
}

Case property(const std::string& id) {
  Case c = CaseBuilder::start(id, id, "delete.success", Kind::valid);
  c.tier = Tier::smoke;
  c.property = std::make_shared<Property>(Property{[](std::uint64_t) { return with_session("a.b"); }});
  return c;
}

std::vector<bool> chosen(const std::vector<Case>& cases, Cost budget, const Prices& prices = creating) {
  std::vector<const Case*> all;
  for (const Case& c : cases) all.push_back(&c);
  return choose(all, prices, budget).fits;
}

TEST(CostOf, IsOfEverythingThatACaseNeeds) {
  EXPECT_EQ(cost_of(without_session("a.a"), creating).requests, 1U);
  Case test = with_session("a.a");
  EXPECT_EQ(cost_of(test, creating).requests, 2U) << "create and stimulus; listings are shared";
  EXPECT_EQ(cost_of(test, creating).sessions, 1U);
  test.control_body = "{}";
  test.bystanders = {"gc01-b", "gc01-c"};
  test.companions = {{.body = "{}"}};
  EXPECT_EQ(cost_of(test, creating).requests, 9U);
  EXPECT_EQ(cost_of(test, creating).sessions, 3U);
  Prices one_by_one = creating;
  one_by_one.lists = false;
  EXPECT_EQ(cost_of(test, one_by_one).requests, 21U);
  EXPECT_EQ(cost_of(test, {.prefix = "gc01"}).sessions, 0U);
  test.gathers = true;
  EXPECT_EQ(cost_of(test, creating).requests, 0U);
}

TEST(CostOf, IsOfEveryExampleAndCharacter) {
  EXPECT_EQ(cost_of(property("a.p"), creating).sessions, 100U);
  EXPECT_GE(cost_of(property("a.p"), creating).requests, 200U);
  Case sweep = without_session("a.s");
  sweep.sweep = std::make_shared<Sweep>(
      Sweep{{{'a', 'z'}, {0x800, 0x80F}}, 0, 0, [](auto) { return without_session("a.s"); }, {}});
  EXPECT_EQ(cost_of(sweep, creating).requests, 42U);
}

TEST(CostOf, CountsTheQuestionWhoseASessionIs) {
  Case foreign = without_session("a.a");
  foreign.session = "x";
  EXPECT_EQ(cost_of(foreign, {.prefix = "gc01"}).requests, 3U);
}

TEST(Choose, TakesAllWhereThereIsNoBound) {
  EXPECT_THAT(chosen({with_session("a.a"), property("a.p")}, {no_bound, no_bound}), ElementsAre(true, true));
}

TEST(Choose, LetsTheSmokeTierInFirstThenTheOrderOfThePlanThenProperties) {
  const std::vector<Case> plan{property("a.p"), without_session("a.a"), without_session("a.b"),
                               without_session("a.c", Tier::smoke)};
  EXPECT_THAT(chosen(plan, {1, no_bound}), ElementsAre(false, false, false, true));
  EXPECT_THAT(chosen(plan, {2, no_bound}), ElementsAre(false, true, false, true));
  EXPECT_THAT(chosen(plan, {3, no_bound}), ElementsAre(false, true, true, true));
  EXPECT_THAT(chosen(plan, {1000, no_bound}), ElementsAre(true, true, true, true));
}

TEST(Choose, GoesOnWithWhatStillFits) {
  EXPECT_THAT(chosen({with_session("a.a"), without_session("a.b"), with_session("a.c")}, {no_bound, 0}),
              ElementsAre(false, true, false));
  EXPECT_THAT(chosen({with_session("a.a"), with_session("a.b")}, {no_bound, 1}), ElementsAre(true, false));
}

TEST(Choose, CountsTheListingsThatCasesShareOnce) {
  std::vector<Case> plan;
  for (int i = 0; i < 10; ++i) plan.push_back(with_session("a." + std::to_string(i)));
  EXPECT_THAT(chosen(plan, {24, no_bound}), testing::Each(true));
  EXPECT_EQ(chosen(plan, {23, no_bound}).back(), false);
  for (Case& c : plan) c.alone = true;
  EXPECT_EQ(chosen(plan, {24, no_bound}), (std::vector<bool>{true, true, 0, 0, 0, 0, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace conformance::budget_test
