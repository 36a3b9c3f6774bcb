// Carries out stories: makes their calls, looks again at what may only be late, and has each judged.
//
// Stories of one call a turn go side by side, turn by turn, and share the listings; one whose calls overlap goes alone,
// so that they do.
//
//     StoryTeller teller(table, factory, sender, resource, ledger, {.patience = 2s, .await = …, .heard = …});
//     std::vector<StoryOutcome> outcomes = teller.tell({&test});
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/story_judge.h"
#include "harness/run/events.h"
#include "harness/run/ledger.h"
#include "harness/run/request_factory.h"
#include "harness/run/resource.h"
#include "harness/run/sender.h"

namespace conformance {

struct StoryOutcome {
  Judgement judgement;
  std::vector<Deed> deeds;
  std::string target, body;                // of the call that is blamed, else of the last deletion
  std::optional<wire::Exchange> exchange;  // of that call, if it was no listing
  bool unreached = false;                  // for one of its calls nobody could be connected to
  bool hung_up = false;                    // one was taken, and not answered
};

struct TellerOptions {
  // With what may only be late; of each requirement that would be blamed halved when it was in vain.
  std::chrono::milliseconds patience{2000};
  std::map<Verb, std::string> blind;  // looks that are of no use here, and why
  // Returns when none of these is being made or stopped, or patience ends: then, and where it cannot be seen, false.
  std::function<bool(const std::vector<std::string>& ids)> await;
  // Each answer to a deletion, with the case that asked.
  std::function<void(const Case& test, const wire::Exchange& exchange)> heard;
  std::function<bool()> goes_on;  // false: nothing more is sent
};

class StoryTeller {
 public:
  // All must outlive it.
  StoryTeller(const spec::SpecTable& table, const RequestFactory& factory, Sender& sender, Resource& resource,
              Ledger& ledger, TellerOptions options);
  ~StoryTeller();

  // One outcome for each case, in order; each has a story, and no two name the same session. What is created and not
  // seen to be gone stays open in the ledger.
  [[nodiscard]] std::vector<StoryOutcome> tell(const std::vector<const Case*>& tests);

 private:
  struct Telling;
  struct Call;

  void tell_together(std::vector<Telling*> tellings);
  // Those that are to be looked at again.
  [[nodiscard]] std::vector<Telling*> take_turn(const std::vector<Telling*>& tellings, bool again, bool may_wait);
  void make_calls(std::vector<Call>& calls);
  void list_for(std::vector<Call>& calls);
  void understand(Call& call) const;
  static void note_outage(StoryOutcome& outcome, wire::TransportFailure failure);
  void note_in_ledger(const std::vector<Call>& calls);
  [[nodiscard]] std::chrono::milliseconds patience_with(const std::vector<Telling*>& tellings) const;
  void wait_where_wanted(std::vector<Call>& calls);
  void look_otherwise(Telling& telling, Blame& blame);
  void keep(Telling& telling, const Call& call, bool again) const;
  [[nodiscard]] const spec::LifecycleCall& call_of(Verb verb) const;
  [[nodiscard]] std::string body_of(const Story& story, const StoryCall& call) const;

  const spec::SpecTable& table_;
  const RequestFactory& factory_;
  Sender& sender_;
  Resource& resource_;
  Ledger& ledger_;
  TellerOptions options_;
  std::map<std::string, std::chrono::milliseconds> patience_;  // by the requirement; where it is not the whole
};

}  // namespace conformance
