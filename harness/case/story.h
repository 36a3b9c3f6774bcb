// A story: calls of the life cycle in an order, some of them at once.
//
// Why: what a deletion is worth shows only in what comes before and after it: a second one, a stop, a session of the
// same identifier again, other calls at the same moment. A story says who calls what when, and nothing of what must
// come of it: that is for the judge, by the spec table (harness/judge/story_judge.h).
//
//     Story story{.sessions = {"gc01-a"}, .turns = {}};
//     story.then({Verb::create}).then({Verb::remove}).then({Verb::get}).then({Verb::list});
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conformance {

enum class Verb { create, get, list, stop, remove };
[[nodiscard]] std::string_view name_of(Verb verb);

struct StoryCall {
  Verb verb = Verb::get;
  std::size_t session = 0;  // an index of Story::sessions; of a list: none
  std::string option = {};  // the text of the table's other member, in create and remove; empty: left out
  // Create and stop: the session is then waited for until it is neither being made nor being stopped.
  bool waits = true;

  friend bool operator==(const StoryCall&, const StoryCall&) = default;
};

// Sent at once, each on a connection of its own as far as there are that many.
using Turn = std::vector<StoryCall>;

struct Story {
  std::vector<std::string> sessions;  // identifiers (UTF-8), distinct
  std::vector<Turn> turns;
  // Not empty: the first session is none that the story creates, but one that the user gave away and that is in this
  // state.
  std::string given_state = {};

  Story& then(StoryCall call) { return at_once({std::move(call)}); }
  Story& at_once(Turn turn) {
    turns.push_back(std::move(turn));
    return *this;
  }

  friend bool operator==(const Story&, const Story&) = default;
};

[[nodiscard]] bool creates_any(const Story& story);

// True if several calls of a turn are about one session.
[[nodiscard]] bool is_concurrent(const Story& story);

}  // namespace conformance
