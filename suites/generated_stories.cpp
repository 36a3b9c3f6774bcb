// Properties of sessions: stories of which nobody thought, held against the life cycle that is documented.
#include <memory>
#include <string>
#include <utility>

#include "harness/generate/request_example.h"
#include "harness/generate/story_example.h"
#include "suites/story_case.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

using generate::StoryExample;
using StoryTree = rc::Shrinkable<StoryExample>;

constexpr std::size_t most_smaller_stories = 400;

struct StoryAsk {
  CaseBuilder builder;
  std::string id, title;
};

Case story_case(const std::shared_ptr<const StoryAsk>& ask, const StoryTree& tree, const std::string& id);

std::vector<Case> smaller_stories(const std::shared_ptr<const StoryAsk>& ask, const StoryTree& tree,
                                  const std::string& id) {
  std::vector<Case> all;
  rc::Seq<StoryTree> shrinks = tree.shrinks();
  for (auto next = shrinks.next(); next && all.size() < most_smaller_stories; next = shrinks.next())
    all.push_back(story_case(ask, *next, id + "." + std::to_string(all.size())));
  return all;
}

Case story_case(const std::shared_ptr<const StoryAsk>& ask, const StoryTree& tree, const std::string& id) {
  // Which requirement is blamed depends on what happens.
  Case c = CaseBuilder::start(id, ask->title, "", Kind::valid);
  Story story;
  // The Id of one begins with that of another.
  for (const char* ending : {"", "1", "12"}) story.sessions.push_back(ask->builder.token(c) + ending);
  story.turns = tree.value().turns;
  become_story(ask->builder, c, std::move(story));
  c.smaller = [ask, tree, id] { return smaller_stories(ask, tree, id); };
  c.anew = [ask, tree, id] { return story_case(ask, tree, id + ".again"); };
  return c;
}

Case story_property(const CaseBuilder& b, std::uint64_t seed, const std::string& id, const std::string& title,
                    const rc::Gen<StoryExample>& gen, int size, std::uint64_t share) {
  auto ask = std::make_shared<const StoryAsk>(StoryAsk{b, id, title});
  auto made = std::make_shared<Property>();
  made->share = share;
  made->example = [ask, gen, seed, size](std::uint64_t index) {
    return story_case(ask, gen(generate::random_of(seed, ask->id, index), size), ask->id + "." + std::to_string(index));
  };
  Case c = made->example(0);
  c.id = id;
  c.area = id.substr(0, id.rfind('.'));
  c.smaller = nullptr;
  c.anew = nullptr;
  c.story = nullptr;
  c.property = std::move(made);
  return c;
}

}  // namespace

std::vector<Case> generated_stories(const CaseBuilder& b, std::uint64_t seed) {
  constexpr int most_calls = 16, most_overlaps = 3;
  return {
      story_property(b, seed, "generated.session.sequence", "any sequence of create, get, list, stop and delete",
                     generate::sequences(), most_calls, 1),
      story_property(b, seed, "generated.session.overlap", "any creations, deletions and gets of one session at once",
                     generate::overlaps(), most_overlaps, 4)};
}

}  // namespace conformance::suites
