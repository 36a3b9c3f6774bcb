// Carries out a plan: prepares what cases need, sends, looks at the effects, sends the controls, has it all judged, and
// deletes what it created.
//
// Cases go in waves. In a wave everything of one kind is concurrent: all sessions are created, all stimuli sent, the
// effects of all of them seen by one listing, then all controls sent. So a wave costs a handful of round trips however
// many cases it has, and memory does not grow with the plan.
//
//     Executor executor(config, table, cases);
//     if (const std::string why = executor.prepare(); !why.empty()) …  // it cannot be tested
//     left = executor.run(selected, [](std::size_t index, CaseResult result) { … });
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/case/case.h"
#include "harness/judge/judge.h"
#include "harness/run/campaign.h"
#include "harness/run/events.h"
#include "harness/run/gathering.h"
#include "harness/run/ledger.h"
#include "harness/run/performer.h"
#include "harness/run/provider.h"
#include "harness/run/request_factory.h"
#include "harness/run/resource.h"
#include "harness/run/revival.h"
#include "harness/run/sender.h"
#include "harness/run/spared.h"
#include "harness/run/story_teller.h"
#include "harness/wire/client.h"

namespace conformance {

enum class SessionMode {
  automatic,  // create if the endpoint can, else none
  create,     // create, or the endpoint could not be tested
  none,       // create nothing
  provided,   // use those of RunConfig::provider
};

struct RunConfig {
  wire::Url endpoint;
  wire::ClientOptions client{.max_response_bytes = largest_answer};
  std::optional<wire::Signer> signer;
  HeaderSet headers = HeaderSet::botocore;
  bool spare_others = false;  // sends nothing that may name a session which is there before the run
  bool require_auth = false;  // an endpoint that takes every forged request is held to them all the same
  SessionMode sessions = SessionMode::automatic;
  std::shared_ptr<SessionProvider> provider;
  std::string create_body;       // in place of the life cycle's own, unless empty
  std::size_t max_sessions = 0;  // that are created; 0: no bound
  std::string prefix;            // run_prefix(seed)
  std::string shard;             // of a run in parts: tells the side calls of one from those of another
  std::string ledger_path;       // empty: in memory
  LedgerRun ledger_run;
  spec::Level fail_level = spec::Level::should;
  std::size_t wave = 256;  // cases
  CampaignLimits limits;
  // A refusal of the credentials is for the cases to show, not a reason to send none.
  bool refusal_is_an_answer = false;
  // Told of each result of a single request before its messages are shortened to what is shown.
  std::function<void(const CaseResult&)> in_full = {};
  SendLimits sending;                            // how throttling is waited out, and --max-requests
  std::chrono::milliseconds effect_wait{2000};   // for a created session to be seen, a deleted one no more
  std::chrono::milliseconds ready_wait{120000};  // for a created session to become usable; halved when it was in vain
  RevivalOptions revival = {};                   // for an endpoint that fell over to come back
  std::chrono::milliseconds stop_wait{10000};  // for a stopped session to have ended; a tenth of it when it was in vain
};

class Executor : public Performer {
 public:
  // `table` and `cases` must outlive it. Throws wire::UsageError (CA bundle) or LedgerError.
  Executor(RunConfig config, const spec::SpecTable& table, const std::vector<Case>& cases);
  ~Executor() override;

  [[nodiscard]] std::string prepare() override;
  std::vector<std::string> run(const std::vector<std::size_t>& selected, const Done& done) override;
  std::vector<std::string> finish() noexcept override;
  [[nodiscard]] bool left_nothing() const override { return ledger_.open().empty(); }
  [[nodiscard]] std::string sessions_in_words() const override;
  [[nodiscard]] std::size_t requests() const override { return sender_->requests(); }
  void interrupt() noexcept override;
  [[nodiscard]] bool interrupted() const noexcept override { return interrupted_; }

  [[nodiscard]] const Baseline& baseline() const { return baseline_; }
  // As RunConfig::require_auth; before prepare().
  void require_auth() { config_.require_auth = true; }
  // Sends the stimulus of `test` with the body of the request for a session that does not exist, by itself.
  [[nodiscard]] Answer ask(Case test);
  // Sessions of this run that another executor created: finish() deletes them too.
  void adopt(const std::vector<std::string>& ids) { ledger_.adopt(ids); }
  // That another executor deleted.
  void note_gone(const std::string& id) { ledger_.gone(id); }

 private:
  enum class Sight { list, get, none };
  struct Wave;
  struct WaveEntry;

  // The indices that fit into the bounds, those that take a provided session first; the others are done.
  [[nodiscard]] std::vector<std::size_t> within_budget(const std::vector<std::size_t>& selected, const Done& done);
  [[nodiscard]] std::vector<std::size_t> by_need(std::vector<std::size_t> selected) const;
  [[nodiscard]] std::string sessions_bound_in_words() const;
  void find_sight_without_creating();
  // By how much the clock is off for which this may be refused; nothing if it is not.
  [[nodiscard]] std::optional<std::chrono::seconds> skew_of_refusal(const wire::Exchange& answer) const;
  void find_out_authentication();
  // Why this forged request is not sent; empty if it is.
  [[nodiscard]] std::string why_not_forged(const Case& test) const;
  void withhold_forged(Wave& wave);
  // Why the sessions of others cannot be told; empty if they can.
  [[nodiscard]] std::string find_others();
  void spare_others(Wave& wave);
  [[nodiscard]] bool takes_provided(const Case& test) const;
  void provide_sessions(Wave& wave);
  void keep_unused(const Wave& wave);
  void create_sessions(Wave& wave);
  void defer_throttled(Wave& wave);
  [[nodiscard]] std::vector<Created> create(const std::vector<std::string>& ids);
  [[nodiscard]] std::string no_sight() const;
  enum class While { not_interrupted, always };
  [[nodiscard]] bool wait_while(const std::vector<std::string>& ids,
                                const std::function<bool(const std::string&)>& state_is, std::chrono::milliseconds time,
                                While condition);
  // Each false if it was in vain.
  bool await_ready(const std::vector<std::string>& ids, While condition);
  bool await_settled(const std::vector<std::string>& ids);
  void await_ready_for(Wave& wave, const std::vector<std::string>& pending);
  void guard_foreign(Wave& wave);
  void send_stimuli(Wave& wave);
  void see_before(Wave& wave);
  void see_effects(Wave& wave);
  void send_controls(Wave& wave);
  void ask_next(Wave& wave, const std::string& probe);
  void tell_stories(Wave& wave);
  // After what the endpoint may not have survived: waits for it, or gives it up.
  void see_whether_it_lives();
  // While the endpoint was away, as far as the wave shows; nothing that could be sent now.
  void defer_unreached(Wave& wave);
  static void forget_unanswered(Wave& wave);
  void perform(Wave& wave);
  // The same and judge_all, and whatever a case throws is its own verdict: the run goes on, and cleans up. What the
  // wave defers is performed after it, and what may have been the end of the endpoint by itself.
  void perform_safely(Wave& wave, const Done& done);
  [[nodiscard]] bool may_have_been_started_again(const Wave& wave, std::size_t ended_before) const;
  [[nodiscard]] CaseResult carry_out_safely(const Case& test);
  void judge_all(Wave& wave, const std::function<void(std::size_t, CaseResult)>& done);
  [[nodiscard]] CaseResult carry_out(const Case& test);
  [[nodiscard]] CaseResult gathered(const Case& test);
  [[nodiscard]] CaseResult looked_back(const Case& test);
  void find_blind_looks(const std::string& probe);
  void engage_teller();
  // Why the story of this entry is not told; empty if it is.
  [[nodiscard]] std::string why_not_told(WaveEntry& entry);
  [[nodiscard]] std::string give_session(WaveEntry& entry);
  // Of this plan; nullptr if it is none.
  [[nodiscard]] const Case* find_case(const std::string& id) const;
  [[nodiscard]] wire::Exchange ask_alone(const std::string& body);
  [[nodiscard]] bool may_ask_in_bulk(const Property& property) const;
  [[nodiscard]] CaseResult judge_answered(const Case& test, wire::Exchange answered);
  // Of an example that is sent without a session.
  void note_lacking(Observation& seen) const;
  using Sighting = std::optional<std::map<std::string, std::string>>;  // identifier to state; nullopt: cannot be seen
  [[nodiscard]] Sighting see(const std::vector<std::string>& ids);
  // Looks again and again while `waiting` says how many it waits for, until there are none or `patience` ends.
  [[nodiscard]] Sighting see_until(const std::vector<std::string>& ids, std::chrono::milliseconds& patience,
                                   const std::function<std::size_t(const Sighting&)>& waiting);
  // A listing without those of `ids` that it shows and that are not got: what it still shows is a fault of the listing,
  // of which the stories ask.
  [[nodiscard]] Sighting without_shadows(Sighting sighting, const std::vector<std::string>& ids);
  [[nodiscard]] bool goes_on() const { return !interrupted_ && !gave_up_ && !client_->gave_up(); }
  enum class Cleaning { wave, all };
  [[nodiscard]] std::vector<std::string> clean_up(Cleaning cleaning);
  void clean(const std::vector<std::string>& left);
  [[nodiscard]] std::vector<std::string> clean_in_parts(std::vector<std::string> left);
  [[nodiscard]] std::string probe_body() const;
  struct Job {
    const std::string* body;
    std::optional<wire::Exchange>* answer;
    const Case* stimulus = nullptr;    // whose message it is, if not the plain one around `body`
    std::string* throttled = nullptr;  // what was answered before it was sent again, if anything
  };
  void send(const std::vector<Job>& jobs);

  RunConfig config_;
  const spec::SpecTable& table_;
  const std::vector<Case>& cases_;
  RequestFactory factory_;
  std::unique_ptr<wire::Client> client_;
  std::unique_ptr<Sender> sender_;
  std::unique_ptr<Resource> resource_;
  Ledger ledger_;
  std::unique_ptr<StoryTeller> teller_;  // since the endpoint is known to create sessions
  Baseline baseline_;
  Spared others_;
  Gathering gathering_;
  bool create_ = false;
  std::size_t created_ = 0;                                         // sessions, or asked to be
  std::string no_sessions_ = "the endpoint was not asked for one";  // why nothing is created
  bool sessions_failed_ = false;                                    // though the endpoint has the operation
  // How long a sight is waited for. Halved when a wait was all in vain, so that an endpoint that never shows an effect
  // does not cost the whole wait in every wave.
  std::chrono::milliseconds patience_;        // with a deletion
  std::chrono::milliseconds sight_patience_;  // with a creation
  Sight sight_ = Sight::none;
  std::map<Verb, std::string> blind_;       // looks that do not show what was created, and why
  bool sight_failed_ = false;               // it can be asked, and does not show what it created
  std::set<std::string> stuck_;             // sessions that were asked to go and did not
  std::size_t unanswered_by_cleaning_ = 0;  // of the last deletions of sessions that were left
  bool cleaning_ = false;                   // an interrupt does not end this
  bool provisioning_ = false;               // the endpoint gives sessions that are not ready at once
  bool takes_pipelines_ = true;             // as far as it is known
  Revival revival_;
  bool gave_up_ = false;  // the endpoint answers no more: nothing more is sent
  std::atomic<bool> interrupted_{false};
};

}  // namespace conformance
