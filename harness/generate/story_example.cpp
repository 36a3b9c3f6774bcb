#include "harness/generate/story_example.h"

#include <rapidcheck/state.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace conformance::generate {
namespace {

struct Model {
  struct Session {
    bool there = false, stopped = false, touched = false;
  };
  std::array<Session, most_sessions> sessions;
};

using Command = rc::state::Command<Model, StoryExample>;
using Commands = rc::state::Commands<Command>;

// One turn; where its calls do not overlap, it makes sense only at some states.
class TurnCommand : public Command {
 public:
  explicit TurnCommand(Turn turn) : turn_(std::move(turn)) {}

  void checkPreconditions(const Model& model) const override {
    if (turn_.size() > 1) return;
    const StoryCall& call = turn_.front();
    const Model::Session& session = model.sessions.at(call.session);
    RC_PRE(call.verb != Verb::create || !session.there);
    RC_PRE(call.verb != Verb::stop || (session.there && !session.stopped));
    // Before anything was created there is little to ask.
    RC_PRE(call.verb == Verb::create || call.verb == Verb::list || session.touched);
  }

  void apply(Model& model) const override {
    for (const StoryCall& call : turn_) {
      Model::Session& session = model.sessions.at(call.session);
      if (call.verb == Verb::list) continue;
      session.touched = true;
      if (call.verb == Verb::create) session = {.there = true, .stopped = false, .touched = true};
      if (call.verb == Verb::stop) session.stopped = true;
      if (call.verb == Verb::remove) session.there = false;
    }
  }

  void run(const Model& /*model*/, StoryExample& example) const override { example.turns.push_back(turn_); }

 private:
  Turn turn_;
};

using CommandGen = rc::Gen<std::shared_ptr<const Command>>;

std::shared_ptr<const Command> command(Turn turn) { return std::make_shared<const TurnCommand>(std::move(turn)); }

// Ranges grow with RapidCheck's size, which is the length of the story here.
constexpr int full_range = 100;

rc::Gen<std::size_t> some_session() {
  return rc::gen::resize(full_range, rc::gen::inRange<std::size_t>(0, most_sessions));
}

rc::Gen<std::string> some_option() {
  return rc::gen::weightedElement<std::string>({{4, ""}, {1, "a"}, {1, "glue-conformance"}});
}

CommandGen some_call(const Model& /*model*/) {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::weightedElement<Verb>(
                         {{4, Verb::create}, {4, Verb::remove}, {2, Verb::get}, {1, Verb::list}, {1, Verb::stop}}),
                     some_session(), some_option()),
      [](const std::tuple<Verb, std::size_t, std::string>& drawn) {
        const auto& [verb, session, option] = drawn;
        const bool has_option = verb == Verb::create || verb == Verb::remove;
        return command({{verb, verb == Verb::list ? 0 : session, has_option ? option : std::string()}});
      });
}

rc::Gen<Verb> some_overlapping_verb() {
  return rc::gen::weightedElement<Verb>({{3, Verb::remove}, {3, Verb::create}, {2, Verb::get}});
}

CommandGen some_overlap(const Model& /*model*/) {
  constexpr std::size_t most_calls = 8;
  const auto count = rc::gen::resize(full_range, rc::gen::inRange<std::size_t>(2, most_calls + 1));
  const auto verbs = rc::gen::mapcat(
      count, [](std::size_t drawn) { return rc::gen::container<std::vector<Verb>>(drawn, some_overlapping_verb()); });
  return rc::gen::map(verbs, [](const std::vector<Verb>& drawn) {
    Turn turn;
    for (const Verb verb : drawn) turn.push_back({verb});
    return command(std::move(turn));
  });
}

StoryExample run(const Commands& commands) {
  StoryExample example;
  rc::state::runAll(commands, Model{}, example);
  return example;
}

void look_at(StoryExample& example, std::size_t session) {
  example.turns.push_back({{Verb::get, session}});
  example.turns.push_back({{Verb::list, session}});
}

}  // namespace

rc::Gen<StoryExample> sequences() {
  return rc::gen::map(rc::state::gen::commands(Model{}, some_call), [](const Commands& commands) {
    StoryExample example = run(commands);
    Model end;
    rc::state::applyAll(commands, end);
    for (std::size_t i = 0; i < most_sessions; ++i) {
      if (end.sessions.at(i).there) example.turns.push_back({{Verb::remove, i}});
    }
    for (std::size_t i = 0; i < most_sessions; ++i) {
      if (end.sessions.at(i).touched) example.turns.push_back({{Verb::get, i}});
    }
    example.turns.push_back({{Verb::list}});
    return example;
  });
}

rc::Gen<StoryExample> overlaps() {
  return rc::gen::map(rc::state::gen::commands(Model{}, some_overlap), [](const Commands& commands) {
    // The second creation shows whether one replaces another: then more orders are possible.
    StoryExample example{.turns = {{{Verb::create}}, {{Verb::create}}}};
    for (Turn& turn : run(commands).turns) {
      example.turns.push_back(std::move(turn));
      look_at(example, 0);
    }
    return example;
  });
}

}  // namespace conformance::generate
