#include "harness/judge/orders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace conformance::orders_test {
namespace {

constexpr Possible there{.absent = false, .present = true};
constexpr Possible gone{.absent = true, .present = false};
constexpr Possible either{.absent = true, .present = true};
constexpr Possible impossible{};

TEST(Orders, ADeletionLeavesNothingWhateverWasThere) {
  const std::vector<Overlapping> calls = {{Verb::remove, Says::done, 0, 9}};
  EXPECT_EQ(orders(calls, there), gone);
  EXPECT_EQ(orders(calls, gone), gone);
}

TEST(Orders, OfADeletionAndACreationAtOnceTheAnswersDecide) {
  const Overlapping removed{Verb::remove, Says::done, 0, 9};
  // It could only be created after the deletion.
  EXPECT_EQ(orders(std::vector{removed, {Verb::create, Says::done, 0, 9}}, there), there);
  // It was there when it was to be created, so that the deletion came after.
  EXPECT_EQ(orders(std::vector{removed, {Verb::create, Says::not_so, 0, 9}}, there), gone);
  // Whichever came first.
  EXPECT_EQ(orders(std::vector{removed, {Verb::create, Says::done, 0, 9}}, gone), either);
}

TEST(Orders, ACallThatBeganAfterAnotherEndedComesAfterIt) {
  const Overlapping created{Verb::create, Says::done, 0, 4};
  EXPECT_EQ(orders(std::vector{created, {Verb::remove, Says::done, 5, 9}}, gone), gone);
  EXPECT_EQ(orders(std::vector{created, {Verb::remove, Says::done, 4, 9}}, gone), either);
}

TEST(Orders, AGetThatSeesWhatWasDeletedBeforeItBeganIsExplainedByNone) {
  const Overlapping removed{Verb::remove, Says::done, 0, 4};
  EXPECT_EQ(orders(std::vector{removed, {Verb::get, Says::done, 5, 9}}, there), impossible);
  EXPECT_EQ(orders(std::vector{removed, {Verb::get, Says::done, 3, 9}}, there), gone);
  EXPECT_EQ(orders(std::vector{removed, {Verb::get, Says::not_so, 3, 9}}, there), gone);
}

TEST(Orders, TwoCreationsCannotBothFindNothing) {
  const Overlapping created{Verb::create, Says::done, 0, 9};
  EXPECT_EQ(orders(std::vector{created, created}, gone), impossible);
  EXPECT_EQ(orders(std::vector{created, created, {Verb::remove, Says::done, 0, 9}}, gone), there);
}

TEST(Orders, WhatHadNoEffectExplainsNothing) {
  const Overlapping refused{Verb::remove, Says::nothing, 0, 9};
  EXPECT_EQ(orders(std::vector{refused, refused}, there), there);
  EXPECT_EQ(orders(std::vector{refused}, either), either);
}

TEST(Orders, ACreationThatReplacesMayComeBeforeADeletion) {
  const Overlapping removed{Verb::remove, Says::done, 0, 9};
  EXPECT_EQ(orders(std::vector{removed, {Verb::create, Says::made, 0, 9}}, there), either);
  EXPECT_EQ(orders(std::vector{removed, {Verb::create, Says::made, 10, 19}}, there), there);
}

TEST(Orders, WhatMayHaveHadItsEffectExplainsBoth) {
  EXPECT_EQ(orders(std::vector<Overlapping>{{Verb::remove, Says::perhaps, 0, 9}}, there), either);
  EXPECT_EQ(orders(std::vector<Overlapping>{{Verb::remove, Says::perhaps, 0, 9}}, gone), gone);
  EXPECT_EQ(orders(std::vector<Overlapping>{{Verb::create, Says::perhaps, 0, 9}}, gone), either);
  EXPECT_EQ(orders(std::vector<Overlapping>{{Verb::create, Says::perhaps, 0, 9}}, there), there);
}

TEST(Orders, OfTooManyCallsNothingIsKnown) {
  EXPECT_EQ(orders(std::vector<Overlapping>(most_overlapping + 1), there), either);
}

// Every order by itself, one after the other.
Possible by_trying(std::vector<Overlapping> calls, Possible before) {
  Possible found;
  std::vector<std::size_t> order(calls.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  do {
    bool allowed = true;
    for (std::size_t a = 0; a < order.size(); ++a) {
      for (std::size_t b = a + 1; b < order.size(); ++b)
        allowed = allowed && calls[order[b]].ended >= calls[order[a]].begun;
    }
    if (!allowed) continue;
    for (const bool at_first : {false, true}) {
      if (at_first ? !before.present : !before.absent) continue;
      bool present = at_first, explained = true;
      for (const std::size_t i : order) {
        const Overlapping& call = calls[i];
        if (call.says == Says::nothing) continue;
        const bool was = call.verb == Verb::create ? call.says == Says::not_so : call.says == Says::done;
        if (!(call.verb == Verb::remove && call.says == Says::done)) explained = explained && present == was;
        if (call.verb != Verb::get && call.says == Says::done) present = call.verb == Verb::create;
      }
      if (explained) (present ? found.present : found.absent) = true;
    }
  } while (std::next_permutation(order.begin(), order.end()));
  return found;
}

TEST(Orders, AreTheSameAsByTryingEachOne) {
  std::mt19937 random(20261);
  const auto below = [&random](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
  for (int round = 0; round < 2000; ++round) {
    std::vector<Overlapping> calls;
    for (int i = 1 + below(5); i > 0; --i) {
      const int begun = below(10);
      calls.push_back({std::vector{Verb::create, Verb::get, Verb::remove}[static_cast<std::size_t>(below(3))],
                       static_cast<Says>(below(3)), begun, begun + below(6)});
    }
    const Possible before = std::vector{there, gone, either}[static_cast<std::size_t>(below(3))];
    ASSERT_EQ(orders(calls, before), by_trying(calls, before)) << "round " << round;
  }
}

}  // namespace
}  // namespace conformance::orders_test
