// What a deletion is worth: before it, after it, beside others.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <utility>

#include "harness/text/json_string.h"
#include "suites/story_case.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

// Both looks, one after the other.
Story& look(Story& story, std::size_t session = 0) {
  return story.then({Verb::get, session}).then({Verb::list, session});
}

Story with_sessions(const CaseBuilder& b, const Case& c, const std::vector<std::string>& endings) {
  Story story;
  for (const std::string& ending : endings) story.sessions.push_back(b.token(c) + ending);
  return story;
}

class Stories {
 public:
  explicit Stories(const CaseBuilder& b) : b_(b), checks_(b.table().story_checks) {}

  std::vector<Case> all() {
    sights();
    again();
    recreations();
    states();
    options();
    neighbours();
    deletions_at_once();
    others_at_once();
    many_at_once();
    return std::move(cases_);
  }

 private:
  template <typename Tell>
  void add(const std::string& id, const std::string& title, const std::string& requirement,
           const std::vector<std::string>& endings, Tell tell) {
    Case c = CaseBuilder::start("session." + id, title, requirement, Kind::valid);
    Story story = with_sessions(b_, c, endings);
    tell(story);
    become_story(b_, c, std::move(story));
    cases_.push_back(std::move(c));
  }

  void sights() {
    add("deleted.got_no_more", "a deleted session is got no more", checks_.ungettable, {""},
        [](Story& s) { s.then({Verb::create}).then({Verb::get}).then({Verb::remove}).then({Verb::get}); });
    add("deleted.listed_no_more", "a deleted session is listed no more", checks_.unlisted, {""},
        [](Story& s) { s.then({Verb::create}).then({Verb::list}).then({Verb::remove}).then({Verb::list}); });
    add("deleted.stays_away", "a deleted session stays away while others come and go", checks_.permanent, {"", "1"},
        [](Story& s) {
          look(s.then({Verb::create}).then({Verb::remove}));
          look(s.then({Verb::create, 1}));
          look(s.then({Verb::remove, 1}));
          look(look(s), 1);
        });
  }

  void again() {
    add("deleted.twice", "a second deletion", checks_.again, {""},
        [](Story& s) { look(look(s.then({Verb::create}).then({Verb::remove})).then({Verb::remove})); });
    add("deleted.twice.at_once", "a second deletion right after the first", checks_.again, {""},
        [](Story& s) { look(s.then({Verb::create}).then({Verb::remove}).then({Verb::remove})); });
    add("deleted.many_times", "ten more deletions", checks_.again, {""}, [](Story& s) {
      s.then({Verb::create}).then({Verb::remove});
      for (int i = 0; i < 10; ++i) s.then({Verb::remove});
      look(s);
    });
    add("deleted.without_creation", "a deletion of what never was leaves nothing", b_.table().checks.not_refused, {""},
        [](Story& s) { look(s.then({Verb::remove})); });
  }

  void recreations() {
    add("recreated.after_a_look", "created again once it is gone", checks_.recreate, {""}, [](Story& s) {
      look(look(s.then({Verb::create}).then({Verb::remove})).then({Verb::create}));
      look(s.then({Verb::remove}));
    });
    add("recreated.at_once", "created again right after the deletion", checks_.recreate, {""}, [](Story& s) {
      look(s.then({Verb::create}).then({Verb::remove}).then({Verb::create}));
      look(s.then({Verb::remove}));
    });
    add("recreated.five_times", "five lives", checks_.recreate, {""}, [](Story& s) {
      for (int life = 0; life < 5; ++life) look(look(s.then({Verb::create})).then({Verb::remove}));
    });
    add("recreated.after_two_deletions", "created again after two deletions", checks_.recreate, {""}, [](Story& s) {
      look(s.then({Verb::create}).then({Verb::remove}).then({Verb::remove}).then({Verb::create}));
      look(s.then({Verb::remove}));
    });
  }

  void states() {
    add("stopped.then_deleted", "deleted after it was stopped", checks_.stopped, {""},
        [](Story& s) { look(s.then({Verb::create}).then({Verb::stop}).then({Verb::get}).then({Verb::remove})); });
    add("stopped.twice_then_deleted", "deleted after it was stopped twice", checks_.stopped, {""},
        [](Story& s) { look(s.then({Verb::create}).then({Verb::stop}).then({Verb::stop}).then({Verb::remove})); });
    add("stopped.beside_another", "deleted after it was stopped, beside one that was stopped too",
        b_.table().checks.identity, {"", "1"}, [](Story& s) {
          s.then({Verb::create}).then({Verb::create, 1}).then({Verb::stop}).then({Verb::stop, 1});
          look(look(s.then({Verb::remove})), 1);
        });
    add("stopped.recreated", "created again after it was stopped and deleted", checks_.recreate, {""}, [](Story& s) {
      s.then({Verb::create}).then({Verb::stop}).then({Verb::remove});
      look(look(s.then({Verb::create})).then({Verb::remove}));
    });
    add("passing.provisioning", "deleted while it is being made", checks_.passing, {""}, [](Story& s) {
      look(s.then({Verb::create, 0, "", false}).then({Verb::remove}));
    });
    add("passing.stopping", "deleted while it is being stopped", checks_.passing, {""}, [](Story& s) {
      look(s.then({Verb::create}).then({Verb::stop, 0, "", false}).then({Verb::get}).then({Verb::remove}));
    });
    for (const auto& [name, state] : {std::pair{"failed", "FAILED"}, {"timeout", "TIMEOUT"}, {"stopped", "STOPPED"}}) {
      add(fmt::format("ended.{}", name), fmt::format("deleted in {}", state), checks_.ended, {""},
          [state = state](Story& s) {
            s.given_state = state;
            look(s.then({Verb::remove}));
          });
      cases_.back().alone = true;  // it has the first choice among the sessions that are given
    }
  }

  void options() {
    const std::string one(CaseBuilder::plain_option), other = one + ".other";
    struct Pair {
      const char* name;
      std::string created, deleted;
    };
    for (const Pair& pair : {Pair{"none_then_one", "", one}, Pair{"one_then_none", one, ""},
                             Pair{"one_then_another", one, other}, Pair{"one_then_its_beginning", other, one}}) {
      add(fmt::format("origin.{}", pair.name),
          fmt::format("created {}, deleted {}", origin_in_words(pair.created), origin_in_words(pair.deleted)),
          checks_.option, {""}, [&pair](Story& s) {
            look(s.then({Verb::create, 0, pair.created}).then({Verb::remove, 0, pair.deleted}));
          });
    }
  }

  [[nodiscard]] std::string origin_in_words(const std::string& option) const {
    return option.empty() ? "without a " + b_.option().name : fmt::format("with {} {}", b_.option().name, option);
  }

  // One by one: those that are left must be there after each deletion.
  void neighbours() {
    const std::vector<std::string> endings = {"",   "1",      "12",      "A",      "a",      " ",      "\t",
                                              "1 ", "\u00C9", "E\u0301", "\u00E9", "\u212B", "\u00C5", "\uFEFF"};
    add("neighbours.one_by_one", "of many sessions with like Ids each goes by itself", b_.table().checks.identity,
        endings, [&endings](Story& s) {
          for (std::size_t i = 0; i < endings.size(); ++i) s.then({Verb::create, i});
          s.then({Verb::list});
          for (std::size_t i = 0; i < endings.size(); ++i) s.then({Verb::remove, i}).then({Verb::list, i});
        });
    add("neighbours.last_first", "of sessions the last that was created goes first", b_.table().checks.identity,
        {"1", "2", "3"}, [](Story& s) {
          for (const std::size_t i : {0U, 1U, 2U}) s.then({Verb::create, i});
          s.then({Verb::list});
          for (const std::size_t i : {2U, 1U, 0U}) look(s.then({Verb::remove, i}), i == 0 ? 0 : i - 1);
        });
    add("neighbours.first_first", "of sessions the first that was created goes first", b_.table().checks.identity,
        {"1", "2", "3"}, [](Story& s) {
          for (const std::size_t i : {0U, 1U, 2U}) s.then({Verb::create, i});
          s.then({Verb::list});
          for (const std::size_t i : {0U, 1U, 2U}) look(s.then({Verb::remove, i}), i == 2 ? 2 : i + 1);
        });
  }

  void deletions_at_once() {
    for (const std::size_t count : {2U, 4U, 8U, 16U}) {
      add(fmt::format("at_once.deletions_{}", count), fmt::format("{} deletions of one session at once", count),
          checks_.concurrent, {""},
          [count](Story& s) { look(s.then({Verb::create}).at_once(Turn(count, {Verb::remove}))); });
    }
    add("at_once.deletions_of_nothing", "4 deletions at once of a session that was deleted", checks_.concurrent, {""},
        [](Story& s) { look(s.then({Verb::create}).then({Verb::remove}).at_once(Turn(4, {Verb::remove}))); });
    add("at_once.deletions_with_origins", "4 deletions of one session at once, each with another RequestOrigin",
        checks_.concurrent, {""}, [](Story& s) {
          s.then({Verb::create});
          look(s.at_once({{Verb::remove, 0, "a"}, {Verb::remove, 0, "b"}, {Verb::remove, 0, "c"}, {Verb::remove}}));
        });
    add("at_once.deletions_after_stop", "4 deletions at once of a session that was stopped", checks_.concurrent, {""},
        [](Story& s) { look(s.then({Verb::create}).then({Verb::stop}).at_once(Turn(4, {Verb::remove}))); });
    add("at_once.recreated", "created again after 4 deletions at once", checks_.recreate, {""}, [](Story& s) {
      look(s.then({Verb::create}).at_once(Turn(4, {Verb::remove}))).then({Verb::create});
      look(look(s).then({Verb::remove}));
    });
  }

  void others_at_once() {
    const auto mixed = [](std::size_t creations, std::size_t removals, std::size_t gets) {
      Turn turn;
      for (std::size_t i = 0; i < std::max({creations, removals, gets}); ++i) {
        if (i < removals) turn.push_back({Verb::remove});
        if (i < creations) turn.push_back({Verb::create});
        if (i < gets) turn.push_back({Verb::get});
      }
      return turn;
    };
    struct Mix {
      std::size_t creations, removals, gets;
    };
    // The second creation shows whether one replaces another: then more orders are possible.
    for (const Mix& mix : {Mix{1, 1, 0}, Mix{1, 1, 2}, Mix{4, 1, 0}, Mix{1, 4, 2}, Mix{4, 4, 4}}) {
      const std::string name = fmt::format("c{}_d{}_g{}", mix.creations, mix.removals, mix.gets);
      const std::string title = fmt::format("creations: {}, deletions: {}, gets: {}, at once and of one session",
                                            mix.creations, mix.removals, mix.gets);
      const Turn turn = mixed(mix.creations, mix.removals, mix.gets);
      add("at_once.of_one." + name, title, checks_.order, {""},
          [&turn](Story& s) { look(s.then({Verb::create}).then({Verb::create}).at_once(turn)); });
      add("at_once.of_none." + name, title + ", that is not there", checks_.order, {""}, [&turn](Story& s) {
        look(s.then({Verb::create}).then({Verb::create}).then({Verb::remove})).at_once(turn);
        look(s);
      });
    }
    // More than there are connections: the last begin when the first have ended.
    add("at_once.gets_19", "a deletion and 19 gets at once", checks_.order, {""}, [](Story& s) {
      Turn turn(20, {Verb::get});
      turn.front().verb = Verb::remove;
      look(s.then({Verb::create}).at_once(turn));
    });
    add("at_once.stop", "a stop and a deletion at once", checks_.order, {""}, [](Story& s) {
      look(s.then({Verb::create}).at_once({{Verb::stop}, {Verb::remove}}));
    });
  }

  void many_at_once() {
    constexpr std::size_t count = 64;
    std::vector<std::string> endings;
    for (std::size_t i = 0; i < count; ++i) endings.push_back(fmt::format("{:02}", i));
    const auto create_all = [](Story& s) -> Story& {
      Turn turn;
      for (std::size_t i = 0; i < count; ++i) turn.push_back({Verb::create, i});
      return s.at_once(turn).then({Verb::list});
    };
    add("at_once.many_sessions", "64 sessions deleted at once", b_.table().checks.effect, endings, [&](Story& s) {
      Turn turn;
      for (std::size_t i = 0; i < count; ++i) turn.push_back({Verb::remove, i});
      create_all(s).at_once(turn).then({Verb::list});
    });
    add("at_once.every_other_session", "every other one of 64 sessions deleted at once", b_.table().checks.identity,
        endings, [&](Story& s) {
          Turn turn;
          for (std::size_t i = 0; i < count; i += 2) turn.push_back({Verb::remove, i});
          create_all(s).at_once(turn).then({Verb::list});
        });
  }

  const CaseBuilder& b_;
  const spec::StoryChecks& checks_;
  std::vector<Case> cases_;
};

}  // namespace

std::vector<Case> stories(const CaseBuilder& b) { return Stories(b).all(); }

Case deleted_for_good(const CaseBuilder& b) {
  const std::string& requirement = b.table().story_checks.permanent;
  Case c =
      CaseBuilder::start("every." + requirement, "all deletions of the run: none comes back", requirement, Kind::valid);
  c.looks_back = true;
  c.body = b.body(text::quote_raw(b.token(c)));
  return c;
}

}  // namespace conformance::suites
