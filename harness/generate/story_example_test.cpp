#include "harness/generate/story_example.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/generate/request_example.h"

namespace conformance::generate::story_example_test {
namespace {

constexpr int size = 12;

StoryExample sequence(std::uint64_t index) { return sequences()(random_of(1, "test", index), size).value(); }

// A creation where none is there, a stop where one is: else what is called would say nothing of a deletion.
bool makes_sense(const StoryExample& example) {
  std::set<std::size_t> there, stopped, touched;
  for (const Turn& turn : example.turns) {
    if (turn.size() != 1) return false;
    const StoryCall& call = turn.front();
    if (call.verb == Verb::create && !there.insert(call.session).second) return false;
    if (call.verb == Verb::create) stopped.erase(call.session);
    if (call.verb == Verb::stop && (!there.contains(call.session) || !stopped.insert(call.session).second))
      return false;
    if (call.verb != Verb::create && call.verb != Verb::list && !touched.contains(call.session)) return false;
    if (call.verb == Verb::remove) there.erase(call.session);
    touched.insert(call.session);
  }
  return true;
}

TEST(StorySequence, IsTheSameForTheSameSeedAndIndex) {
  EXPECT_EQ(sequence(7), sequence(7));
  std::set<std::size_t> lengths;
  for (std::uint64_t i = 0; i < 50; ++i) lengths.insert(sequence(i).turns.size());
  EXPECT_GT(lengths.size(), 5U);
}

TEST(StorySequence, MakesSenseAndEndsWithALook) {
  std::set<Verb> used;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const StoryExample example = sequence(i);
    ASSERT_TRUE(makes_sense(example)) << i;
    EXPECT_EQ(example.turns.back().front().verb, Verb::list);
    for (const Turn& turn : example.turns) used.insert(turn.front().verb);
  }
  EXPECT_THAT(used, testing::UnorderedElementsAre(Verb::create, Verb::get, Verb::list, Verb::stop, Verb::remove));
}

// The smallest for which `fails` still holds, as a search finds it.
template <typename Fails>
StoryExample smallest(rc::Shrinkable<StoryExample> tree, Fails fails) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    rc::Seq<rc::Shrinkable<StoryExample>> shrinks = tree.shrinks();
    for (auto next = shrinks.next(); next; next = shrinks.next()) {
      if (!fails(next->value())) continue;
      tree = *next;
      smaller = true;
      break;
    }
  }
  return tree.value();
}

TEST(StorySequence, ShrinksToTheCallsThatMatterAndStaysSensible) {
  const auto stop_then_remove = [](const StoryExample& example) {
    EXPECT_TRUE(makes_sense(example));
    for (std::size_t i = 0; i < example.turns.size(); ++i) {
      if (example.turns[i].front().verb != Verb::stop) continue;
      for (std::size_t k = i + 1; k < example.turns.size(); ++k) {
        const StoryCall& call = example.turns[k].front();
        if (call.verb == Verb::remove && call.session == example.turns[i].front().session) return true;
      }
    }
    return false;
  };
  int tried = 0;
  for (std::uint64_t i = 0; i < 2000 && tried < 5; ++i) {
    const rc::Shrinkable<StoryExample> tree = sequences()(random_of(1, "test", i), size);
    if (!stop_then_remove(tree.value())) continue;
    ++tried;
    const StoryExample found = smallest(tree, stop_then_remove);
    // create, stop, remove, and the looks at the end.
    EXPECT_EQ(found.turns.size(), 5U) << "from example " << i;
  }
  EXPECT_EQ(tried, 5);
}

TEST(StoryOverlaps, HaveSeveralCallsOfOneSessionAndLooksBetween) {
  std::size_t widest = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const StoryExample example = overlaps()(random_of(1, "test", i), 4).value();
    ASSERT_EQ(example.turns.size() % 3, 2U);
    for (std::size_t at = 2; at < example.turns.size(); at += 3) {
      widest = std::max(widest, example.turns[at].size());
      EXPECT_GE(example.turns[at].size(), 2U);
      EXPECT_EQ(example.turns[at + 1].front().verb, Verb::get);
      EXPECT_EQ(example.turns[at + 2].front().verb, Verb::list);
    }
  }
  EXPECT_EQ(widest, 8U);
}

}  // namespace
}  // namespace conformance::generate::story_example_test
