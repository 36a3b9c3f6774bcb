// Generated stories: sequences of calls, and calls at once, that nobody thought of; and how they are made smaller.
//
// Built on RapidCheck's state machine: a command knows from the model whether it makes sense at its place, so that a
// story stays one when commands are taken out of it. The model is what is documented: a session is there from its
// creation to its deletion.
//
//     const rc::Shrinkable<StoryExample> example = sequences()(random_of(seed, "generated.session.sequence", 17), 20);
//     example.value().turns;  // {{create 0}}, {{stop 0}}, {{remove 0}}, {{list}}
#pragma once

#include <rapidcheck.h>

#include <cstddef>
#include <vector>

#include "harness/case/story.h"

namespace conformance::generate {

// Of sessions that the case names; options are in the calls.
struct StoryExample {
  std::vector<Turn> turns;

  friend bool operator==(const StoryExample&, const StoryExample&) = default;
};

inline constexpr std::size_t most_sessions = 3;

// One call after the other, each about one of most_sessions sessions; it ends with the deletion of what is there and a
// look at each that it touched.
[[nodiscard]] rc::Gen<StoryExample> sequences();

// Of the first session: two creations, then creations, deletions and gets at once with looks at it between.
[[nodiscard]] rc::Gen<StoryExample> overlaps();

}  // namespace conformance::generate
