// Holds what came of a story against the life cycle that is documented. Pure: no network, no clock.
//
// The model is small: a session is there from its creation to its deletion, whatever else is asked. What may be
// answered meanwhile is in the spec table, and so is which requirement each finding breaks. Where calls overlap, any
// order that their times allow is right (orders.h); whether one order explains every answer is not documented, and only
// measured.
//
//     StoryJudge judge(story, table);
//     while (…) if (auto blame = judge.take(told)) break;    // turn by turn
//     Judgement j = judge.conclude(test, blame);
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/case/case.h"
#include "harness/judge/orders.h"
#include "harness/judge/verdict.h"
#include "harness/spec/spec_table.h"

namespace conformance {

// What came of one call.
struct Told {
  StoryCall call;
  Answer answer;
  bool no_http = false;      // without an answer: what came was none
  bool interrupted = false;  // without an answer: the run was
  std::string illegible;     // get and list: why it does not say what is there; empty if it does
  std::map<std::size_t, std::string>
      seen;                           // get and list: those of the story's sessions that are there, with the state
  std::int64_t begun = 0, ended = 0;  // microseconds, of one clock
  bool waited = false;                // not the first look
  bool unsettled = false;             // create and stop: it may still be being made or stopped, as far as could be seen
  bool resent = false;                // sent twice, as its connection ended before any of its answer
};

// Why a story ends before its end.
struct Blame {
  Verdict verdict = Verdict::fail;
  std::string requirement;       // of a failure
  std::string expected, actual;  // of a failure
  std::string reason;            // of any other
  std::size_t call = 0;          // of the turn
  std::size_t session = 0;       // of a look: the one that it is about
  bool may_pass = false;         // it may only be late: the turn is worth repeating before this is believed
  std::optional<Verb> second;    // what the other look shows decides what is to blame
  std::optional<Answer> answer;  // of a deletion: what it was answered
};

class StoryJudge {
 public:
  // Both must outlive it.
  StoryJudge(const Story& story, const spec::SpecTable& table);

  // The next turn, one entry for each of its calls, in their order. After a blame the judge is to be thrown away, and
  // a copy of the one before takes the repeated turn.
  [[nodiscard]] std::optional<Blame> take(const std::vector<Told>& turn);

  // `blame` with what the other look at the same session shows.
  [[nodiscard]] Blame seen_otherwise(Blame blame, const Told& look) const;

  // `blame`: why the story ended early, if it did.
  // True if it was deleted, and a look has shown that it is gone.
  [[nodiscard]] bool is_known_to_be_gone(std::size_t session) const;

  [[nodiscard]] Judgement conclude(const Case& test, const std::optional<Blame>& blame) const;

 private:
  struct Known {
    Possible by_effect{.absent = true, .present = false};  // by what creations and deletions answered
    Possible by_order{.absent = true, .present = false};   // by all that was answered
    bool deleted = false;                                  // a deletion was a success, and none was created since
    bool asked_to_go = false;                              // a deletion was answered while it was not there
    bool refused_to_go = false;                            // a deletion was refused while it was there
    bool overlapped = false;                               // what it may be comes of calls at once
    bool overlapped_creation = false;                      // one of them a creation
    bool unsettled = false;                                // it may be being made or stopped
    bool by_look = false;  // the calls at once could have left either, and a look decided
    bool stopped = false;
    bool other_deleted = false;  // another session's deletion was a success, since it was last seen
    std::size_t lives = 0;       // creations
    std::string option;          // that it was created with
    std::string state;           // as last told
    bool replaces = false;       // a creation was a success while it was there
    std::set<Verb> gone_by;
  };

  [[nodiscard]] std::optional<Blame> judge_turn(const std::vector<Told>& turn);
  [[nodiscard]] std::optional<Blame> unanswered(const Told& told) const;
  [[nodiscard]] std::optional<Blame> created(const Told& told);
  [[nodiscard]] std::optional<Blame> stopped(const Told& told);
  [[nodiscard]] std::optional<Blame> removed(const Told& told);
  [[nodiscard]] std::optional<Blame> removed_while_there(const Told& told, Known& known);
  [[nodiscard]] std::optional<Blame> looked(const Told& told);
  static void doubt(Known& known);
  void decided_otherwise(Known& known, const Told& told, Possible seen);
  [[nodiscard]] std::optional<Blame> seen_there(std::size_t session, const Told& told);
  [[nodiscard]] std::optional<Blame> seen_gone(std::size_t session, const Told& told);
  [[nodiscard]] std::optional<Blame> overlapped(const std::vector<const Told*>& calls);
  [[nodiscard]] std::optional<Blame> allowed_at_once(const std::vector<const Told*>& calls);
  [[nodiscard]] std::optional<Blame> whole_success(const Told& told);
  [[nodiscard]] const std::string& blamed_for_refusal(const Known& known, const Told& told) const;
  [[nodiscard]] bool is_passing(const Known& known) const;
  void note_deletion(std::size_t session);
  void not_in_one_order(const std::vector<const Told*>& calls);
  void hold(const std::string& requirement) { held_.insert(requirement); }
  [[nodiscard]] bool is_taken(const Answer& answer) const;
  [[nodiscard]] std::string quoted(std::size_t session) const;
  [[nodiscard]] const std::string& operation(Verb verb) const;

  const Story* story_;
  const spec::SpecTable* table_;
  std::vector<Known> known_;
  std::set<std::string> held_;
  std::vector<std::pair<std::string, std::string>> readings_;
  std::string unseen_;      // why something could not be checked, the first
  std::string disordered_;  // answers that no one order explains
  std::optional<Answer> last_removal_;
  bool any_overlap_ = false, any_look_ = false, any_delay_ = false;
};

}  // namespace conformance
