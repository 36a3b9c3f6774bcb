#include "suites/story_case.h"

#include <memory>
#include <utility>

#include "harness/text/json_string.h"

namespace conformance::suites {

void become_story(const CaseBuilder& b, Case& c, Story story) {
  StoryCall shown{Verb::remove};
  for (const Turn& turn : story.turns) {
    for (const StoryCall& call : turn) {
      if (call.verb != Verb::remove) continue;
      c.body = b.body(text::quote_raw(story.sessions[call.session]),
                      call.option.empty() ? std::string() : text::quote_raw(call.option));
      c.story = std::make_shared<const Story>(std::move(story));
      return;
    }
  }
  c.body = b.body(text::quote_raw(story.sessions.front()));
  c.story = std::make_shared<const Story>(std::move(story));
}

}  // namespace conformance::suites
