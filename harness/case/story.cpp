#include "harness/case/story.h"

#include <algorithm>
#include <array>
#include <set>

namespace conformance {

std::string_view name_of(Verb verb) {
  constexpr std::array<std::string_view, 5> names = {"create", "get", "list", "stop", "remove"};
  return names.at(static_cast<std::size_t>(verb));
}

bool creates_any(const Story& story) {
  return std::any_of(story.turns.begin(), story.turns.end(), [](const Turn& turn) {
    return std::any_of(turn.begin(), turn.end(), [](const StoryCall& call) { return call.verb == Verb::create; });
  });
}

bool is_concurrent(const Story& story) {
  return std::any_of(story.turns.begin(), story.turns.end(), [](const Turn& turn) {
    std::set<std::size_t> sessions;
    return std::any_of(turn.begin(), turn.end(), [&sessions](const StoryCall& call) {
      return call.verb != Verb::list && !sessions.insert(call.session).second;
    });
  });
}

}  // namespace conformance
