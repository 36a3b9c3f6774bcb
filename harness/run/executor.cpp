#include "harness/run/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "harness/case/case_builder.h"
#include "harness/judge/accepted.h"
#include "harness/judge/classify.h"
#include "harness/judge/sdk_view.h"
#include "harness/run/budget.h"
#include "harness/run/bulk_examples.h"
#include "harness/run/bulk_sweep.h"
#include "harness/text/escape.h"
#include "harness/text/numbers.h"

namespace conformance {
namespace {

using std::chrono::steady_clock;
using wire::TransportFailure;

// For an endpoint to do what it will with a request whose client has gone: no answer tells.
constexpr std::chrono::milliseconds left_wait{50};
constexpr std::size_t largest_for_sdks = 65536;  // bytes: as JSON it may take a hundred times as many
constexpr std::chrono::milliseconds first_poll{10}, longest_poll{500};
constexpr std::chrono::milliseconds least_patience{50};
constexpr std::size_t most_made_bytes = 4U << 20U;  // of bodies that were made for one wave
constexpr int sendings = 3;  // of a request whose answer is lost: a flake is not a finding, and what repeats is

Presence presence(const std::optional<std::map<std::string, std::string>>& sight, const std::string& id) {
  if (!sight) return Presence::unknown;
  return sight->contains(id) ? Presence::present : Presence::absent;
}

// A control that several cases have in common (see send_controls) is one answer.
bool shares_control(const Case& test) { return test.session.empty(); }

// What is wrong is with the case, or with the harness: nothing is known of the endpoint.
CaseResult broken(const Case& test, const std::string& why) {
  CaseResult result;
  result.test = test;
  result.judgement.requirement = test.requirement;
  result.judgement.verdict = Verdict::error;
  result.judgement.reason = "the harness failed: " + why;
  return result;
}

CaseResult over_budget(const Case& test, const std::string& why) {
  CaseResult result;
  result.test = test;
  result.judgement.requirement = test.requirement;
  result.judgement.verdict = Verdict::skipped;
  result.judgement.reason = why;
  result.out_of_bounds = true;
  return result;
}

bool is_lost(const wire::Exchange& exchange) {
  switch (exchange.failure) {
    case TransportFailure::connect:
      return true;
    case TransportFailure::timeout:
    case TransportFailure::closed:
      return !broke_off(exchange);  // that is judged
    default:
      return false;
  }
}

// A type says it, or a status alone: what stands before a service, and moto, refuse in HTML or XML.
bool refuses_the_client(const Answer& answer, const spec::SpecTable& table) {
  constexpr int unauthorized = 401, forbidden = 403;
  if (answer.type.empty()) return answer.status == unauthorized || answer.status == forbidden;
  return answer.outcome == spec::Outcome::unauthenticated && !table.may_be_missing(answer.type);
}

// Does not run while the endpoint says that it is to be asked later.
class Deadline {
 public:
  Deadline(Sender& sender, std::chrono::milliseconds time)
      : backoff_(sender.backoff()), end_(steady_clock::now() + time), before_(backoff_.waited()) {}
  [[nodiscard]] steady_clock::duration left() const {
    return end_ + (backoff_.waited() - before_) - steady_clock::now();
  }
  [[nodiscard]] bool passed() const { return left() <= steady_clock::duration::zero(); }

 private:
  const Backoff& backoff_;
  steady_clock::time_point end_;
  std::chrono::milliseconds before_;
};

// Of a case that reached nobody: one whose session brings the endpoint down would be asked for ever.
constexpr int most_times_alone = 3;

}  // namespace

struct Executor::WaveEntry {
  std::size_t index;
  const Case* test;
  Observation seen;
  std::optional<StoryOutcome> told;                 // of a story
  std::shared_ptr<const Case> rewritten = nullptr;  // `test`, with a provided session
  std::shared_ptr<const Case> made = nullptr;       // `test` with its body, where that was made for the wave
  bool out_of_bounds = false;
  bool throttled = false;                                // when its session was to be created
  bool unreached = false;                                // then or later nobody could be connected to
  std::optional<wire::Exchange> hung_up = std::nullopt;  // a sending that the endpoint took, and did not answer
  bool deferred = false;                                 // to another wave
  int times_alone = 0;                                   // in a wave
  bool doubted = false;                                  // once already, see perform_safely

  [[nodiscard]] bool was_hung_up_on() const { return hung_up || (told && told->hung_up); }

  // Of one that was alone with an endpoint that fell over: not if it is known to be the reason, and not for ever.
  [[nodiscard]] bool may_be_asked_again() const {
    return !was_hung_up_on() && (!seen.stimulus || !seen.stimulus->response) && times_alone < most_times_alone;
  }

  // After each sending of the stimulus. One that reached nobody says less than one before that did.
  void note_sending() {
    if (seen.stimulus->failure == TransportFailure::closed && !broke_off(*seen.stimulus)) hung_up = seen.stimulus;
    if (seen.stimulus->failure != TransportFailure::connect) return;
    unreached = true;
    if (hung_up) seen.stimulus = hung_up;
  }
};

struct Executor::Wave {
  using Entry = WaveEntry;
  std::vector<Entry> entries;
  std::size_t refused_before = 0;  // requests, for the bound
  bool may_defer = false;

  [[nodiscard]] std::vector<std::string> session_ids() const {
    std::vector<std::string> ids;
    for (const Entry& entry : entries) {
      if (entry.seen.session_created) ids.push_back(entry.test->session);
      if (entry.seen.stimulus) ids.insert(ids.end(), entry.test->bystanders.begin(), entry.test->bystanders.end());
    }
    return ids;
  }
};

Executor::Executor(RunConfig config, const spec::SpecTable& table, const std::vector<Case>& cases)
    : config_(std::move(config)),
      table_(table),
      cases_(cases),
      factory_(config_.endpoint, table.content_type, config_.signer, config_.headers),
      client_(std::make_unique<wire::Client>(config_.endpoint, config_.client)),
      sender_(std::make_unique<Sender>(*client_, table, config_.sending,
                                       real_time([this] { return interrupted_ && !sender_->unbounded(); }))),
      resource_(std::make_unique<Resource>(table, factory_, *sender_, config_.create_body)),
      ledger_(config_.ledger_path.empty() ? Ledger() : Ledger(config_.ledger_path, config_.ledger_run)),
      gathering_(table),
      patience_(config_.effect_wait),
      sight_patience_(config_.effect_wait),
      revival_(
          [this] {
            client_->resume();
            if (interrupted_) client_->interrupt();  // it may have been meanwhile
            return ask_alone(probe_body());
          },
          [this] { return interrupted_.load(); }, config_.revival) {}

Executor::~Executor() = default;

void Executor::interrupt() noexcept {
  interrupted_ = true;
  client_->interrupt();
}

// A well-formed request for a session that does not exist: whoever answers anything answers this.
std::string Executor::probe_body() const {
  return "{\"" + table_.identifier + "\":\"" + config_.prefix + "-missing" + config_.shard + "\"}";
}

std::string Executor::prepare() {
  // Before the first deletion: it could be of one of them.
  if (std::string fault = find_others(); !fault.empty()) return fault;
  const std::string body = probe_body();
  std::optional<wire::Exchange> answer;
  bool hung_up = false;
  for (int sending = 0; sending < sendings && (!answer || is_lost(*answer)) && !interrupted_; ++sending) {
    send({{&body, &answer}});
    hung_up |= answer->failure == TransportFailure::closed;
  }
  // Somebody was there.
  if (hung_up && is_lost(*answer) && revival_.look() == Life::back) send({{&body, &answer}});
  if (!answer) return "interrupted before anything was sent";
  if (const auto skew = skew_of_refusal(*answer)) {
    config_.signer->correct_clock(config_.signer->clock_correction() + *skew);
    send({{&body, &answer}});
  }
  const Answer missing = classify(*answer, table_);
  if (!answer->response &&
      (is_lost(*answer) || answer->failure == TransportFailure::resolve || answer->failure == TransportFailure::tls))
    return "no answer to a valid request: " + missing.body_fault;
  // Whatever else is wrong with an answer is for the cases to say.
  if (answer->response) baseline_.missing = missing;
  baseline_.first_elapsed = answer->elapsed;
  if (!is_throttled(*answer, table_)) gathering_.add("the first request of the run", *answer);
  if (refuses_the_client(missing, table_)) {
    std::string refused = "the endpoint refuses the credentials: " + summary_of(missing);
    if (!config_.refusal_is_an_answer) return refused;
    no_sessions_ = std::move(refused);
    sessions_failed_ = true;
    engage_teller();
    return {};
  }

  find_out_authentication();
  if (config_.sessions == SessionMode::none) {
    no_sessions_ = "sessions are not created (--sessions none)";
    engage_teller();
    return {};
  }
  if (config_.provider) {
    find_sight_without_creating();
    no_sessions_ = "this makes its own, and sessions are provided (--sessions create)";
    engage_teller();
    return {};
  }
  const std::string probe = config_.prefix + "-probe" + config_.shard;
  ledger_.creating({probe});
  ++created_;
  Created created = create({probe}).front();
  if (created.lost && !interrupted_ && revival_.look() == Life::back) {
    created = create({probe}).front();
    created.ok |= created.taken;  // by the first attempt
  }
  if (!created.ok) {
    if (!created.lost && !created.unsure) ledger_.not_created(probe);
    if (created.taken)
      return fmt::format(
          "\"{}\" exists already, left by an earlier run with this seed: delete it, or choose another seed", probe);
    no_sessions_ = "the endpoint creates no session: " + text::elide(created.answer, 200);
    // Only one that has no such operation is asked less; another fails to do what it is asked.
    sessions_failed_ = !created.unknown;
    if (sessions_failed_) no_sessions_ += " (--sessions none asks what needs no session)";
    engage_teller();
    return config_.sessions == SessionMode::create ? no_sessions_ : std::string();
  }
  create_ = true;
  // A listing may lag behind.
  for (const Sight sight : {Sight::list, Sight::get}) {
    sight_ = sight;
    const Sighting sighting = see_until({probe}, sight_patience_, [&](const Sighting& s) {
      const bool again = s ? !s->contains(probe) : !is_unknown_operation(resource_->last_seen());
      return std::size_t{again ? 1U : 0U};
    });
    if (presence(sighting, probe) == Presence::present) break;
    sight_failed_ = sight_failed_ || sighting || !is_unknown_operation(resource_->last_seen());
    sight_ = Sight::none;
  }
  if (sight_ != Sight::none) sight_failed_ = false;
  find_blind_looks(probe);
  engage_teller();
  if (created.pending) (void)await_ready({probe}, While::not_interrupted);
  (void)clean_up(Cleaning::wave);
  return {};
}

// Whatever it says of the credentials: a clock that is far from ours is reason enough to sign by it.
std::optional<std::chrono::seconds> Executor::skew_of_refusal(const wire::Exchange& answer) const {
  if (!config_.signer || !answer.response || !refuses_the_client(classify(answer, table_), table_)) return std::nullopt;
  return wire::clock_skew(*answer.response, config_.signer->now());
}

// Each forgery once, for a session that does not exist, so that nothing can come of those that are taken.
void Executor::find_out_authentication() {
  std::vector<Case> probes;
  for (const Case& test : cases_) {
    if (!test.forgery || !why_not_forged(test).empty()) continue;
    probes.push_back(test);
    probes.back().body = probe_body();
  }
  if (probes.empty()) return;
  // What the specification leaves open may be taken by one that verifies.
  std::size_t must_be_refused = 0, refused = 0;
  // An answer is let go of as soon as it is read: any may be as large as answers may be.
  sender_->exchange_all(
      probes.size(), [&](std::size_t i) { return factory_.outgoing(table_.target, probes[i]); },
      [&](std::size_t i, const wire::Exchange& exchange, const std::string&) {
        if (probes[i].kind != Kind::malformed) return;
        const Answer a = classify(exchange, table_);
        // Of authorisation, it may be what this endpoint says of any session that does not exist.
        const bool also_of_missing =
            baseline_.missing && baseline_.missing->type == a.type && baseline_.missing->status == a.status;
        ++must_be_refused;
        refused += is_named({"unauthenticated"}, a) && !also_of_missing ? 1U : 0U;
      });
  baseline_.authenticates = config_.require_auth || refused > 0;
  baseline_.authentication = refused == 0 ? "does not authenticate"
                             : refused == must_be_refused
                                 ? "verifies signatures"
                                 : fmt::format("refuses {} of {} forged requests", refused, must_be_refused);
}

std::string Executor::why_not_forged(const Case& test) const {
  if (!config_.signer) return "needs signed requests (--no-sign)";
  if (test.forgery->of_token && config_.signer->signing().credentials.session_token.empty())
    return "needs temporary credentials: these have no session token";
  if (!baseline_.authentication.empty() && !baseline_.authenticates)
    return "the endpoint does not authenticate: it refuses no forged request (--require-auth holds it to that)";
  return {};
}

std::string Executor::find_others() {
  if (!config_.spare_others) return {};
  const auto listed = resource_->list();
  if (!listed)
    return fmt::format("{} must show which sessions are there, so that none of them is touched: {}",
                       table_.lifecycle.list.target, summary_of(resource_->last_seen()));
  std::vector<std::string> ids;
  for (const auto& [id, state] : *listed) {
    if (id.find(config_.prefix) != std::string::npos)
      return fmt::format("\"{}\" is there, a session of another run with this seed: sweep it, or choose another seed",
                         text::visible(id));
    ids.push_back(id);
  }
  others_ = Spared(ids);
  return {};
}

void Executor::spare_others(Wave& wave) {
  if (others_.empty()) return;
  const auto names_one = [this](const Case& test) {
    const auto is_named_by = [this](const Companion& other) { return others_.may_name(other.body); };
    return others_.may_name(test.body) || (test.control_body && others_.may_name(*test.control_body)) ||
           std::any_of(test.companions.begin(), test.companions.end(), is_named_by);
  };
  for (Wave::Entry& entry : wave.entries) {
    if (!entry.seen.not_sent.empty() || !names_one(*entry.test)) continue;
    entry.seen.not_sent = "may name a session that is there and is not this run's";
    entry.seen.not_sent_verdict = Verdict::inconclusive;
  }
}

// Before a session is made for it.
void Executor::withhold_forged(Wave& wave) {
  for (Wave::Entry& entry : wave.entries)
    if (entry.test->forgery && entry.seen.not_sent.empty()) entry.seen.not_sent = why_not_forged(*entry.test);
}

// A story needs both looks where both are to be had.
void Executor::find_blind_looks(const std::string& probe) {
  const auto reason = [this] {
    return is_unknown_operation(resource_->last_seen())
               ? "the endpoint has no such operation: " + summary_of(resource_->last_seen())
               : std::string("it does not show a session that the endpoint created");
  };
  if (sight_ != Sight::list) {
    (void)resource_->list();
    blind_[Verb::list] = reason();
  }
  if (sight_ == Sight::get) return;
  const auto got = resource_->get({probe});
  if (presence(got, probe) != Presence::present) blind_[Verb::get] = reason();
}

// Whoever answers well to a question for what is not there shows what is.
void Executor::find_sight_without_creating() {
  const std::string nobody = config_.prefix + "-missing" + config_.shard;
  for (const Sight sight : {Sight::list, Sight::get}) {
    sight_ = sight;
    if (see({nobody})) return;
  }
  sight_ = Sight::none;
}

// What is lost is tried again.
std::vector<Created> Executor::create(const std::vector<std::string>& ids) {
  std::vector<Created> all = resource_->create(ids);
  for (int sending = 1; sending < sendings && !interrupted_; ++sending) {
    std::vector<std::size_t> places;
    std::vector<std::string> again;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!all[i].lost) continue;
      places.push_back(i);
      again.push_back(ids[i]);
    }
    if (again.empty()) break;
    std::vector<Created> created = resource_->create(again);
    for (std::size_t i = 0; i < again.size(); ++i) {
      // Only its answer had been lost; and while it is not known, it may be there.
      if (!created[i].ok) (created[i].taken ? created[i].ok : created[i].lost) = true;
      all[places[i]] = std::move(created[i]);
    }
  }
  return all;
}

std::string Executor::sessions_in_words() const {
  if (config_.provider)
    return config_.provider->in_words() + (sight_ == Sight::list  ? ", effects seen by listing"
                                           : sight_ == Sight::get ? ", effects seen one by one"
                                                                  : ", and not used: " + no_sight());
  if (!create_) return "none: " + no_sessions_;
  switch (sight_) {
    case Sight::list:
      return "created, effects seen by listing";
    case Sight::get:
      return "created, effects seen one by one";
    case Sight::none:
      return "created, effects cannot be seen: " + no_sight();
  }
  return {};
}

std::string Executor::no_sight() const {
  if (sight_ != Sight::none) return "the endpoint did not answer when it was asked";
  return sight_failed_ ? "the endpoint does not show a session that it created"
                       : "the endpoint neither lists nor gets a session";
}

Executor::Sighting Executor::see(const std::vector<std::string>& ids) {
  switch (sight_) {
    case Sight::list:
      return resource_->list();
    case Sight::get:
      return resource_->get(ids);
    case Sight::none:
      break;
  }
  return std::nullopt;
}

Executor::Sighting Executor::see_until(const std::vector<std::string>& ids, std::chrono::milliseconds& patience,
                                       const std::function<std::size_t(const Sighting&)>& waiting) {
  const Deadline deadline(*sender_, patience);
  Sighting sighting = see(ids);
  const std::size_t at_first = waiting(sighting);
  std::size_t left = at_first;
  for (auto pause = first_poll; left > 0 && (cleaning_ || !interrupted_); pause = std::min(2 * pause, longest_poll)) {
    const auto time = deadline.left();
    if (time <= time.zero()) break;
    std::this_thread::sleep_for(std::min<steady_clock::duration>(pause, time));
    sighting = see(ids);
    left = waiting(sighting);
  }
  if (left > 0 && left == at_first) patience = std::max(patience / 2, least_patience);
  return sighting;
}

Executor::Sighting Executor::without_shadows(Sighting sighting, const std::vector<std::string>& ids) {
  if (sight_ != Sight::list || !sighting || blind_.contains(Verb::get) || (interrupted_ && !cleaning_)) return sighting;
  std::vector<std::string> listed;
  for (const std::string& id : ids)
    if (sighting->contains(id)) listed.push_back(id);
  if (listed.empty()) return sighting;
  const Sighting got = resource_->get(listed);
  if (!got) return sighting;
  for (const std::string& id : listed)
    if (!got->contains(id)) sighting->erase(id);
  return sighting;
}

Answer Executor::ask(Case test) {
  test.body = probe_body();
  std::optional<wire::Exchange> answer;
  send({{&test.body, &answer, &test}});
  return classify(*answer, table_);
}

std::vector<std::string> Executor::run(const std::vector<std::size_t>& selected, const Done& done) {
  baseline_.gathered.clear();
  for (const std::size_t index : selected)
    if (cases_[index].gathers) baseline_.gathered.insert(cases_[index].requirement);
  std::vector<std::size_t> gathering, looking_back;
  Wave wave;
  std::size_t takers = 0;  // of provided sessions, in the wave
  std::size_t made_bytes = 0;
  bool any_asked = false;
  const auto finish_wave = [&] {
    perform_safely(wave, done);
    wave.entries.clear();
    takers = 0;
    made_bytes = 0;
  };
  for (const std::size_t index : by_need(within_budget(selected, done))) {
    const Case& test = cases_[index];
    if (test.gathers) {
      gathering.push_back(index);
      continue;
    }
    if (test.looks_back) {
      looking_back.push_back(index);
      continue;
    }
    any_asked = true;
    // One that is not used up may be used again, by the next wave.
    const bool takes = config_.provider && takes_provided(test);
    if (takes && takers > 0 && takers == config_.provider->remaining()) finish_wave();
    if (test.property || test.sweep) {
      finish_wave();
      done(index, carry_out_safely(test));
      continue;
    }
    if (test.alone) finish_wave();
    wave.entries.push_back({index, &test, {}, {}});
    if (test.complete) {
      Wave::Entry& entry = wave.entries.back();
      entry.made = std::make_shared<const Case>(made_whole(test));
      entry.test = entry.made.get();
      made_bytes += entry.made->body.size();
    }
    takers = takes ? takers + 1 : takers;
    if (test.alone || wave.entries.size() >= config_.wave || made_bytes >= most_made_bytes) finish_wave();
  }
  finish_wave();
  // Without an answer to any case there is none to gather from.
  const bool nothing_fits = !any_asked && gathering.size() < selected.size();
  for (const std::size_t index : looking_back) done(index, looked_back(cases_[index]));
  for (const std::size_t index : gathering)
    done(index, nothing_fits ? over_budget(cases_[index], "no case that asks something fits into the bounds of the run")
                             : gathered(cases_[index]));
  return finish();
}

std::vector<std::size_t> Executor::within_budget(const std::vector<std::size_t>& selected, const Done& done) {
  if (config_.sending.max_requests == 0 && config_.max_sessions == 0) return selected;
  const bool makes = create_ || (config_.provider && config_.provider->makes_them());
  const Prices prices{.creates = create_ || config_.provider,
                      .lists = sight_ == Sight::list,
                      .pages = resource_->pages(),
                      .wave = config_.wave,
                      .examples = config_.limits.examples,
                      .prefix = config_.prefix};
  Cost budget{no_bound, no_bound};
  if (config_.sending.max_requests > 0) budget.requests = sender_->left();
  if (config_.max_sessions > 0 && makes)
    budget.sessions = config_.max_sessions - std::min(created_, config_.max_sessions);
  std::vector<const Case*> cases;
  for (const std::size_t index : selected) cases.push_back(&cases_[index]);
  const std::vector<bool> fits = choose(cases, prices, budget).fits;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < selected.size(); ++i) {
    if (fits[i]) {
      chosen.push_back(selected[i]);
      continue;
    }
    const bool for_sessions =
        config_.sending.max_requests == 0 || cost_of(*cases[i], prices).sessions > budget.sessions;
    done(selected[i], over_budget(*cases[i], for_sessions ? sessions_bound_in_words() : sender_->bound_in_words()));
  }
  return chosen;
}

std::string Executor::sessions_bound_in_words() const {
  return fmt::format("does not fit into --max-sessions {}", config_.max_sessions);
}

// Provided sessions are few: what cannot be asked without one comes first, then what deletes, then what must not.
std::vector<std::size_t> Executor::by_need(std::vector<std::size_t> selected) const {
  if (!config_.provider) return selected;
  const auto rank = [this](std::size_t index) {
    const Case& test = cases_[index];
    if (test.story && !test.story->given_state.empty()) return -1;
    if (!takes_provided(test)) return 3;
    return test.needs_session ? 0 : test.kind == Kind::valid ? 1 : 2;
  };
  std::stable_sort(selected.begin(), selected.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return selected;
}

bool Executor::takes_provided(const Case& test) const {
  if (test.complete) return takes_provided(made_whole(test));
  return sight_ != Sight::none && with_identifier(test, CaseBuilder(table_, config_.prefix), "x").has_value();
}

// A provided session is used only if it is seen to be there, and can be deleted.
void Executor::provide_sessions(Wave& wave) {
  if (!config_.provider) return;
  std::vector<std::string> ids;
  std::vector<Wave::Entry*> owners;
  for (Wave::Entry& entry : wave.entries) {
    if (entry.test->session.empty() || entry.test->without_session || !entry.seen.not_sent.empty()) continue;
    if (sight_ == Sight::none) {
      entry.seen.no_session = "a provided session cannot be seen to be there: " + no_sight();
      continue;
    }
    if (!takes_provided(*entry.test)) {
      entry.seen.no_session = "asks for an Id of its own, which a provided session does not have";
      continue;
    }
    SessionProvider::Given given = config_.provider->next();
    if (given.id.empty()) {
      entry.seen.no_session = given.why_not;
      entry.seen.session_failed = given.failed;
      continue;
    }
    if (config_.provider->makes_them()) {
      ++created_;
      ledger_.creating({given.id});
    }
    entry.rewritten = std::make_shared<const Case>(
        with_identifier(*entry.test, CaseBuilder(table_, config_.prefix), given.id).value());
    entry.test = entry.rewritten.get();
    ids.push_back(std::move(given.id));
    owners.push_back(&entry);
  }
  if (ids.empty()) return;
  const auto missing = [&ids](const Sighting& s) {
    return static_cast<std::size_t>(
        std::count_if(ids.begin(), ids.end(), [&s](const std::string& id) { return s && !s->contains(id); }));
  };
  const Sighting sighting = see_until(ids, sight_patience_, missing);
  std::vector<std::string> pending;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Observation& seen = owners[i]->seen;
    seen.session_created = presence(sighting, ids[i]) == Presence::present;
    if (seen.session_created && resource_->pending(sighting->at(ids[i]))) pending.push_back(ids[i]);
    if (seen.session_created) continue;
    seen.not_sent_verdict = Verdict::inconclusive;
    seen.not_sent = fmt::format("the provided session \"{}\" {}", text::visible(ids[i]),
                                sighting ? "is not there" : "cannot be seen to be there");
  }
  await_ready_for(wave, pending);
}

// What was refused as it should have been, and whose control did not delete it either.
void Executor::keep_unused(const Wave& wave) {
  if (!config_.provider || config_.provider->makes_them()) return;
  std::vector<std::string> ids;
  for (const Wave::Entry& entry : wave.entries)
    if (entry.rewritten && entry.seen.session_created) ids.push_back(entry.test->session);
  if (ids.empty()) return;
  const Sighting sighting = see(ids);
  for (const std::string& id : ids)
    if (presence(sighting, id) == Presence::present) config_.provider->give_back(id);
}

const Case* Executor::find_case(const std::string& id) const {
  const auto found = std::find_if(cases_.begin(), cases_.end(), [&id](const Case& c) { return c.id == id; });
  return found == cases_.end() ? nullptr : &*found;
}

CaseResult Executor::gathered(const Case& test) {
  CaseResult result = gathering_.conclude(test);
  // One of many stimuli of a case has an id that selects nothing.
  std::erase_if(result.met_in, [this](const std::string& id) { return find_case(id) == nullptr; });
  result.request =
      factory_.request(table_.target, result.met_in.empty() ? test : made_whole(*find_case(result.met_in.front())));
  result.warning = result.judgement.verdict == Verdict::fail &&
                   !fails_run(table_.requirement(result.judgement.requirement).level, config_.fail_level);
  if (goes_on() || result.judgement.verdict != Verdict::pass) return result;
  // What was not asked cannot have failed.
  result.judgement.verdict = interrupted_ ? Verdict::skipped : Verdict::error;
  result.judgement.reason = interrupted_ ? "the run was interrupted" : "the endpoint answers no more";
  result.judgement.checks.clear();
  return result;
}

// Of all that the run deleted and that was gone: it must still be.
CaseResult Executor::looked_back(const Case& test) {
  CaseResult result;
  result.test = test;
  result.request = factory_.request(table_.target, test);
  Judgement& judgement = result.judgement;
  judgement.requirement = test.requirement;
  judgement.verdict = Verdict::skipped;
  const std::vector<std::string> ids(ledger_.deleted().begin(), ledger_.deleted().end());
  if (!goes_on() || ids.empty()) {
    judgement.reason = interrupted_ ? "the run was interrupted" : ids.empty() ? "nothing was deleted" : "given up";
    return result;
  }
  const auto back = [&ids](const Sighting& sighting) {
    std::vector<std::string> seen;
    for (const std::string& id : ids)
      if (presence(sighting, id) == Presence::present) seen.push_back(id);
    return seen;
  };
  const Sighting sighting =
      without_shadows(see_until(ids, patience_, [&back](const Sighting& s) { return back(s).size(); }), ids);
  if (!sighting) {
    judgement.reason = "the effect could not be seen: " + no_sight();
    return result;
  }
  const std::vector<std::string> seen = back(sighting);
  judgement.checks.push_back({test.requirement, seen.empty()});
  judgement.verdict = seen.empty() ? Verdict::pass : Verdict::fail;
  judgement.note = fmt::format("{} deleted sessions were looked for", text::with_commas(ids.size()));
  if (seen.empty()) return result;
  judgement.expected = "no session that was deleted is there again";
  judgement.actual = fmt::format("{} of {} are, one is \"{}\"", seen.size(), ids.size(), text::visible(seen.front()));
  result.warning = !fails_run(table_.requirement(test.requirement).level, config_.fail_level);
  ledger_.creating(seen);  // to be deleted once more
  return result;
}

void Executor::see_whether_it_lives() {
  if (!interrupted_ && !gave_up_ && client_->gave_up()) gave_up_ = revival_.look_after_silence() == Life::gone;
}

// What one that came back remembers of the wave is not known: all of it is asked again.
void Executor::defer_unreached(Wave& wave) {
  bool any_refused = false, any_hung_up = false;
  for (const Wave::Entry& entry : wave.entries) {
    if (entry.deferred) continue;
    any_refused |= entry.unreached || (entry.told && entry.told->unreached);
    any_hung_up |= entry.was_hung_up_on() &&
                   (entry.told || (entry.seen.stimulus && entry.seen.stimulus->failure == TransportFailure::closed));
  }
  if (!any_refused && !any_hung_up) return see_whether_it_lives();
  if (gave_up_ || sender_->refused() > wave.refused_before) return;
  const Life life = any_refused ? revival_.look_after_outage() : revival_.look();
  if (interrupted_) return forget_unanswered(wave);
  gave_up_ = life == Life::gone;
  const bool was_away = any_refused || life == Life::back;
  if (gave_up_ || !was_away || !wave.may_defer) return;
  if (wave.entries.size() == 1 && !wave.entries.front().may_be_asked_again()) return revival_.progress();
  for (Wave::Entry& entry : wave.entries) {
    entry.deferred = true;
    entry.seen.stimulus.reset();
    entry.seen.not_sent = "deferred";
  }
}

// What an interrupt leaves without an answer would have been asked again.
void Executor::forget_unanswered(Wave& wave) {
  for (Wave::Entry& entry : wave.entries)
    if (entry.seen.stimulus && !entry.seen.stimulus->response && !broke_off(*entry.seen.stimulus))
      entry.seen.stimulus.reset();
}

void Executor::perform(Wave& wave) {
  if (wave.entries.empty()) return;
  wave.refused_before = sender_->refused();
  if (goes_on()) {
    guard_foreign(wave);
    spare_others(wave);
    withhold_forged(wave);
    provide_sessions(wave);
    create_sessions(wave);
    see_whether_it_lives();
  }
  if (goes_on()) {
    see_before(wave);
    send_stimuli(wave);
    defer_unreached(wave);
    see_effects(wave);
    send_controls(wave);
    defer_unreached(wave);
    tell_stories(wave);
    defer_unreached(wave);
    keep_unused(wave);
  }
  if (std::any_of(wave.entries.begin(), wave.entries.end(), [](const Wave::Entry& entry) {
        return entry.told || (entry.seen.stimulus && entry.seen.stimulus->response);
      }))
    revival_.progress();
  // An endpoint that is given up is asked once more, at the end, not once a wave.
  if (!gave_up_) (void)clean_up(Cleaning::wave);
  see_whether_it_lives();
}

void Executor::engage_teller() {
  teller_ = std::make_unique<StoryTeller>(
      table_, factory_, *sender_, *resource_, ledger_,
      TellerOptions{.patience = config_.effect_wait,
                    .blind = blind_,
                    .await = [this](const std::vector<std::string>& ids) { return await_settled(ids); },
                    .heard =
                        [this](const Case& test, const wire::Exchange& exchange) {
                          if (!is_throttled(exchange, table_)) gathering_.add(test.id, exchange);
                        },
                    .goes_on = [this] { return goes_on(); }});
}

std::string Executor::why_not_told(WaveEntry& entry) {
  const Story& story = *entry.test->story;
  if (!story.given_state.empty()) return give_session(entry);
  if (create_) {
    const Cost cost = cost_of(*entry.test, {.creates = true});
    if (config_.max_sessions > 0 && created_ + cost.sessions > config_.max_sessions) {
      entry.out_of_bounds = true;
      return sessions_bound_in_words();
    }
    created_ += cost.sessions;
    return {};
  }
  if (!creates_any(story)) return {};
  if (sessions_failed_) entry.seen.not_sent_verdict = Verdict::inconclusive;
  return "needs a session: " + no_sessions_;
}

// Of the provided sessions the first that is in the state that the story is about.
std::string Executor::give_session(WaveEntry& entry) {
  const std::string& state = entry.test->story->given_state;
  const std::string lacking = fmt::format("needs a session in {}, which no call makes", state);
  if (!config_.provider || sight_ == Sight::none) return lacking + " (--sessions file:PATH)";
  const std::size_t tries = config_.provider->makes_them() ? 1 : config_.provider->remaining();
  for (std::size_t i = 0; i < tries; ++i) {
    const SessionProvider::Given given = config_.provider->next();
    if (given.id.empty()) return given.why_not;
    if (config_.provider->makes_them()) {
      ++created_;
      ledger_.creating({given.id});
    }
    const Sighting sighting = see({given.id});
    if (presence(sighting, given.id) != Presence::present || sighting->at(given.id) != state) {
      config_.provider->give_back(given.id);
      continue;
    }
    Story story = *entry.test->story;
    story.sessions.front() = given.id;
    auto rewritten = std::make_shared<Case>(*entry.test);
    rewritten->story = std::make_shared<const Story>(std::move(story));
    entry.rewritten = std::move(rewritten);
    entry.test = entry.rewritten.get();
    return {};
  }
  return fmt::format("{}, and none that is provided is in", lacking);
}

void Executor::tell_stories(Wave& wave) {
  std::vector<Wave::Entry*> entries;
  std::vector<const Case*> tests;
  for (Wave::Entry& entry : wave.entries) {
    if (!entry.test->story || entry.deferred) continue;
    entry.seen.not_sent = why_not_told(entry);
    if (!entry.seen.not_sent.empty()) continue;
    entries.push_back(&entry);
    tests.push_back(entry.test);
  }
  if (tests.empty() || !goes_on()) return;
  std::vector<StoryOutcome> outcomes = teller_->tell(tests);
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i]->told = std::move(outcomes[i]);
}

// What ended a connection meanwhile may have been the end of the process: it knows nothing of what was there before.
bool Executor::may_have_been_started_again(const Wave& wave, std::size_t ended_before) const {
  if (interrupted_ || gave_up_) return false;
  return client_->ended_silently() > ended_before ||
         std::any_of(wave.entries.begin(), wave.entries.end(),
                     [](const Wave::Entry& entry) { return entry.was_hung_up_on(); });
}

// What fails beside the signs of such an end is asked once more, and that counts.
void Executor::perform_safely(Wave& wave, const Done& done) {
  std::vector<Wave::Entry> again = wave.entries;  // as they are before anything was sent
  std::set<std::size_t> reported, alone;
  std::set<std::size_t> doubted;
  const std::size_t ended_before = client_->ended_silently();
  const auto report = [&](std::size_t index, CaseResult result) {
    const Verdict verdict = result.judgement.verdict;
    if (doubted.contains(index) && verdict != Verdict::pass && verdict != Verdict::skipped) return;
    reported.insert(index);
    done(index, std::move(result));
  };
  std::size_t at_once = 1;
  try {
    wave.may_defer = true;
    perform(wave);
    for (const Wave::Entry& entry : wave.entries)
      if (entry.deferred && entry.was_hung_up_on()) alone.insert(entry.index);
    std::erase_if(wave.entries, [](const Wave::Entry& entry) { return entry.deferred; });
    // Where nothing says which of them it was, it is in one half.
    const std::size_t next = wave.entries.empty() && alone.empty() ? (again.size() + 1) / 2 : config_.wave;
    if (may_have_been_started_again(wave, ended_before)) {
      for (const Wave::Entry& entry : wave.entries)
        if (!entry.doubted) doubted.insert(entry.index);
    }
    judge_all(wave, report);
    at_once = next;
  } catch (const std::exception& error) {
    if (!gave_up_) (void)clean_up(Cleaning::wave);
    if (again.size() == 1) return done(again.front().index, broken(*again.front().test, error.what()));
    // One of them it was. The others are performed without it.
  }
  std::erase_if(again, [&reported](const Wave::Entry& entry) { return reported.contains(entry.index); });
  for (Wave::Entry& entry : again) entry.doubted |= doubted.contains(entry.index);
  const auto rest = std::stable_partition(again.begin(), again.end(),
                                          [&alone](const Wave::Entry& entry) { return alone.contains(entry.index); });
  for (auto from = again.begin(); from != again.end();) {
    const auto end = from < rest ? from + 1 : from + std::min(static_cast<std::ptrdiff_t>(at_once), again.end() - from);
    Wave next;
    next.entries.assign(from, end);
    if (next.entries.size() == 1) ++next.entries.front().times_alone;
    perform_safely(next, done);
    from = end;
  }
}

// An endpoint may have room for fewer sessions at once than a wave asks for: what was left without one takes its turn
// when the others are gone, and later waves are as small as that.
void Executor::defer_throttled(Wave& wave) {
  const auto ready = std::count_if(wave.entries.begin(), wave.entries.end(), [](const Wave::Entry& entry) {
    return entry.seen.session_created && !entry.throttled;
  });
  if (ready == 0) return;
  bool any = false;
  for (Wave::Entry& entry : wave.entries) {
    if (!entry.throttled) continue;
    any = entry.deferred = true;
    entry.seen.session_created = false;
    entry.seen.not_sent = "deferred";
  }
  if (any) config_.wave = static_cast<std::size_t>(ready);
}

CaseResult Executor::carry_out_safely(const Case& test) {
  try {
    return carry_out(test);
  } catch (const std::exception& error) {
    if (!gave_up_) (void)clean_up(Cleaning::wave);
    return broken(test, error.what());
  }
}

// A case of many stimuli, batch by batch.
CaseResult Executor::carry_out(const Case& test) {
  const std::unique_ptr<Campaign> campaign = start_campaign(test, config_.limits);
  std::optional<BulkExamples> examples_in_bulk;
  if (test.property && may_ask_in_bulk(*test.property))
    examples_in_bulk.emplace(
        *test.property, factory_.writer(table_.target), *sender_, table_, gathering_,
        [this](const Case& example, wire::Exchange answered) { return judge_answered(example, std::move(answered)); },
        config_.client.connections);
  std::optional<BulkSweep> sweep_in_bulk;
  if (test.sweep && test.sweep->body && config_.client.rate <= 0 && !config_.spare_others)
    sweep_in_bulk.emplace(test, factory_.writer(table_.target), *sender_, table_, gathering_,
                          [this](const std::string& body) { return ask_alone(body); });
  const std::size_t refused = sender_->refused();
  // The first few examples by themselves: they teach what passes, and what fails is mostly among them. The first few
  // points of a sweep are all of one kind, and teach little.
  const std::size_t few = std::min(config_.wave, 2 * std::max<std::size_t>(config_.client.connections, 1));
  for (bool first = true; goes_on() && sender_->refused() == refused; first = false) {
    const bool by_bulk = examples_in_bulk && examples_in_bulk->is_worth_it();
    const Campaign::Examples unasked = by_bulk ? campaign->unasked_examples() : Campaign::Examples{};
    if (unasked.first > 0 && unasked.count > 0 && sender_->left() > 0) {
      campaign->settle_examples(examples_in_bulk->ask(unasked));
      takes_pipelines_ = takes_pipelines_ && examples_in_bulk->is_worth_it();
      continue;
    }
    const std::vector<Case> batch =
        campaign->next((first && test.property) || (by_bulk && unasked.count > 0) ? few : config_.wave);
    if (batch.empty()) break;
    Wave wave;
    for (std::size_t i = 0; i < batch.size(); ++i) wave.entries.push_back({i, &batch[i], {}, {}});
    std::vector<CaseResult> results(batch.size());
    perform_safely(wave, [&results](std::size_t i, CaseResult result) { results[i] = std::move(result); });
    for (const CaseResult& result : results) {
      if (examples_in_bulk) examples_in_bulk->learn(result);
      if (sweep_in_bulk) sweep_in_bulk->learn(result);
    }
    campaign->take(std::move(results));
    while (sweep_in_bulk && sweep_in_bulk->is_worth_it() && goes_on() && !campaign->unasked().empty())
      campaign->settle(sweep_in_bulk->ask(campaign->unasked()));
  }
  CaseResult result = campaign->conclude();
  if (sender_->refused() > refused && result.judgement.verdict != Verdict::fail)
    return over_budget(test, sender_->bound_in_words());
  // What was not decided is no pass.
  if (!goes_on() && result.judgement.verdict != Verdict::fail) {
    result.judgement.verdict = interrupted_ ? Verdict::skipped : Verdict::error;
    result.judgement.reason = interrupted_ ? "the run was interrupted" : "the endpoint answers no more";
    result.judgement.checks.clear();
  }
  return result;
}

// Where each example is a request by itself, of which nothing else is to be told.
bool Executor::may_ask_in_bulk(const Property& property) const {
  return property.valid_body && takes_pipelines_ && !create_ && !config_.provider && !config_.in_full &&
         !config_.spare_others && config_.client.rate <= 0 && config_.limits.examples >= BulkExamples::least_examples;
}

void Executor::note_lacking(Observation& seen) const {
  seen.no_session = no_sessions_;
  seen.session_failed = sessions_failed_;
}

// As if it had been sent in a wave.
CaseResult Executor::judge_answered(const Case& test, wire::Exchange answered) {
  Wave wave;
  wave.refused_before = sender_->refused();
  wave.entries.push_back({0, &test, {}, {}});
  Observation& seen = wave.entries.back().seen;
  if (!test.session.empty()) note_lacking(seen);
  seen.stimulus = std::move(answered);
  CaseResult judged;
  judge_all(wave, [&judged](std::size_t, CaseResult result) { judged = std::move(result); });
  return judged;
}

// The plain request around it.
wire::Exchange Executor::ask_alone(const std::string& body) {
  std::optional<wire::Exchange> answer;
  send({{&body, &answer}});
  return std::move(*answer);
}

void Executor::create_sessions(Wave& wave) {
  std::vector<std::string> ids;
  std::vector<std::pair<Wave::Entry*, bool>> owners;  // and whether it is the session itself
  for (Wave::Entry& entry : wave.entries) {
    if (entry.test->session.empty() || !entry.seen.not_sent.empty()) continue;
    if (config_.provider && !entry.test->without_session) continue;
    if (entry.test->without_session) {
      entry.seen.no_session = "sent without a session";
      continue;
    }
    if (!create_) {
      note_lacking(entry.seen);
      continue;
    }
    // Examples that are made smaller are beyond what was reckoned with.
    const std::size_t more = 1 + entry.test->bystanders.size();
    if (config_.max_sessions > 0 && created_ + more > config_.max_sessions) {
      entry.seen.not_sent = sessions_bound_in_words();
      entry.out_of_bounds = true;
      continue;
    }
    created_ += more;
    ids.push_back(entry.test->session);
    owners.emplace_back(&entry, true);
    for (const std::string& bystander : entry.test->bystanders) {
      ids.push_back(bystander);
      owners.emplace_back(&entry, false);
    }
  }
  // What this run created before and could not delete is still its own.
  std::vector<bool> own;
  for (const std::string& id : ids) own.push_back(ledger_.owns(id));
  ledger_.creating(ids);
  const std::vector<Created> created = create(ids);
  std::vector<std::string> pending;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Observation& seen = owners[i].first->seen;
    if (created[i].throttled) {
      owners[i].first->throttled = true;
      --created_;  // it was not
    }
    if (created[i].unreached || (created[i].unsent && client_->gave_up())) owners[i].first->unreached = true;
    if (created[i].pending) pending.push_back(ids[i]);
    if (created[i].ok || (created[i].taken && own[i])) {
      if (owners[i].second) seen.session_created = true;
      continue;
    }
    // What may be there stays in the ledger, so that the cleaning tries it: one whose answer was lost or is no clear
    // refusal, and one of before that would not go.
    if (!created[i].lost && !created[i].unsure && !own[i]) ledger_.not_created(ids[i]);
    const std::string answer = text::elide(created[i].answer, 200);
    if (created[i].unsent && !client_->gave_up()) {
      seen.not_sent = sender_->bound_in_words();
      owners[i].first->out_of_bounds = true;
    } else if (!owners[i].second) {
      seen.not_sent_verdict = Verdict::inconclusive;
      seen.not_sent = fmt::format("its neighbour \"{}\" could not be created: {}", text::visible(ids[i]), answer);
    } else if (created[i].taken) {
      // An identifier of the run's own that is taken means that the endpoint takes two for one, or a run before left
      // it.
      if (ids[i].find(config_.prefix) != std::string::npos) seen.not_sent_verdict = Verdict::inconclusive;
      seen.not_sent = fmt::format("\"{}\" exists already and is not this run's", text::visible(ids[i]));
    } else {
      seen.no_session = fmt::format("\"{}\" could not be created: {}", text::elide(text::visible(ids[i]), 60), answer);
      // One that is refused as invalid is refused before it is there: what that says is for the stimulus to show.
      seen.session_failed = !created[i].refused && !created[i].unknown;
    }
  }
  if (wave.may_defer) defer_throttled(wave);
  await_ready_for(wave, pending);
}

// What could not be seen to be ready may be refused for that.
void Executor::await_ready_for(Wave& wave, const std::vector<std::string>& pending) {
  if (pending.empty() || await_ready(pending, While::not_interrupted)) return;
  for (Wave::Entry& entry : wave.entries) {
    if (std::find(pending.begin(), pending.end(), entry.test->session) == pending.end()) continue;
    entry.seen.not_ready =
        fmt::format("\"{}\" could not be seen to be ready", text::elide(text::visible(entry.test->session), 60));
  }
}

// False if they were still so when the time was over, or if that cannot be seen.
bool Executor::wait_while(const std::vector<std::string>& ids, const std::function<bool(const std::string&)>& state_is,
                          std::chrono::milliseconds time, While condition) {
  const Deadline deadline(*sender_, time);
  for (auto pause = first_poll; condition == While::always || !interrupted_;
       pause = std::min(2 * pause, longest_poll)) {
    if (deadline.passed()) return false;
    const auto states = see(ids);
    if (!states) return false;
    const bool waiting = std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
      const auto found = states->find(id);
      return found != states->end() && state_is(found->second);
    });
    if (!waiting) return true;
    std::this_thread::sleep_for(std::min<steady_clock::duration>(pause, deadline.left()));
  }
  return true;
}

bool Executor::await_ready(const std::vector<std::string>& ids, While condition) {
  provisioning_ = true;
  const auto pending = [this](const std::string& state) { return resource_->pending(state); };
  const bool ready = wait_while(ids, pending, config_.ready_wait, condition);
  // One that makes no session usable must not cost the whole wait in every wave.
  if (!ready) config_.ready_wait /= 2;
  return ready;
}

// One that is being stopped may stay so for ever, and can be deleted all the same.
bool Executor::await_settled(const std::vector<std::string>& ids) {
  if (!await_ready(ids, While::not_interrupted)) return false;
  const auto passing = [this](const std::string& state) { return resource_->passing(state); };
  const bool settled = wait_while(ids, passing, config_.stop_wait, While::not_interrupted);
  if (!settled) config_.stop_wait /= 10;
  return settled;
}

// Promise 5: an identifier that does not carry the run's prefix may be somebody's session. It is created or sent only
// if it is seen not to exist, by every way that the endpoint has: a listing may leave out what it likes, and a create
// may overwrite.
void Executor::guard_foreign(Wave& wave) {
  std::vector<std::string> foreign;
  for (const Wave::Entry& entry : wave.entries) {
    const std::string& id = entry.test->session;
    if (!id.empty() && id.find(config_.prefix) == std::string::npos) foreign.push_back(id);
  }
  if (foreign.empty()) return;
  Sighting known = resource_->list();
  if (Sighting got = resource_->get(foreign)) {
    if (known)
      known->merge(*got);
    else
      known = std::move(got);
  }
  for (Wave::Entry& entry : wave.entries) {
    const std::string& id = entry.test->session;
    if (std::find(foreign.begin(), foreign.end(), id) == foreign.end()) continue;
    if (!known) {
      entry.seen.not_sent =
          "cannot tell whether \"" + id + "\" is somebody's session: the endpoint neither lists nor gets a session";
    } else if (known->contains(id) && !ledger_.owns(id)) {
      entry.seen.not_sent = "\"" + id + "\" exists already and is not this run's";
    }
  }
}

void Executor::send(const std::vector<Job>& jobs) {
  sender_->exchange_all(
      jobs.size(),
      [&](std::size_t i) {
        const Job& job = jobs[i];
        return job.stimulus ? factory_.outgoing(table_.target, *job.stimulus)
                            : wire::Outgoing(factory_.bytes(table_.target, *job.body));
      },
      [&jobs](std::size_t i, wire::Exchange exchange, const std::string& throttled) {
        refuse_excess(exchange);
        keep_what_is_shown(exchange);
        *jobs[i].answer = std::move(exchange);
        if (jobs[i].throttled && !throttled.empty()) *jobs[i].throttled = throttled;
      },
      [&jobs](std::size_t i) { return 1 + (jobs[i].stimulus ? jobs[i].stimulus->companions.size() : 0); });
}

// What an effect is measured against: a session that was never seen cannot be seen to go.
void Executor::see_before(Wave& wave) {
  std::vector<std::string> ids;
  for (const Wave::Entry& entry : wave.entries) {
    if (!entry.seen.session_created) continue;
    ids.push_back(entry.test->session);
    ids.insert(ids.end(), entry.test->bystanders.begin(), entry.test->bystanders.end());
  }
  if (ids.empty()) return;
  const Sighting sighting = see_until(ids, sight_patience_, [&ids](const Sighting& s) {
    if (!s) return std::size_t{0};
    return static_cast<std::size_t>(
        std::count_if(ids.begin(), ids.end(), [&s](const std::string& id) { return !s->contains(id); }));
  });
  for (Wave::Entry& entry : wave.entries) {
    Observation& seen = entry.seen;
    if (!seen.session_created) continue;
    seen.session_before = presence(sighting, entry.test->session);
    for (const std::string& id : entry.test->bystanders) seen.bystanders_before.push_back(presence(sighting, id));
    if (seen.session_before == Presence::unknown) seen.presence_unknown = "the effect could not be seen: " + no_sight();
    seen.sight_failed = sight_failed_ || (sight_ != Sight::none && seen.session_before == Presence::unknown);
    if (seen.session_before == Presence::absent)
      seen.presence_unknown =
          fmt::format("the effect could not be seen: the session was created, but {} does not show it",
                      sight_ == Sight::list ? "the listing" : "asking for it");
  }
}

void Executor::send_stimuli(Wave& wave) {
  std::vector<Job> jobs;
  std::vector<Wave::Entry*> owners;
  for (Wave::Entry& entry : wave.entries) {
    Observation& seen = entry.seen;
    if (seen.not_sent.empty() && entry.test->needs_session && !seen.session_created) {
      seen.not_sent = "needs a session: " + seen.no_session;
      if (seen.session_failed) seen.not_sent_verdict = Verdict::inconclusive;
    }
    if (!seen.not_sent.empty() || entry.test->story) continue;
    // A throttled sending may have been carried out, as one whose answer is lost.
    jobs.push_back({&entry.test->body, &seen.stimulus, entry.test, &seen.lost});
    owners.push_back(&entry);
  }
  for (int sending = 1; !jobs.empty(); ++sending) {
    send(jobs);
    for (std::size_t i = 0; i < jobs.size(); ++i) owners[i]->note_sending();
    if (sending == sendings || interrupted_) return;
    std::vector<Job> again;
    std::vector<Wave::Entry*> their_owners;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const wire::Exchange& exchange = **jobs[i].answer;
      // Every further sending that times out costs the whole timeout: one is enough.
      if (!is_lost(exchange) || (exchange.failure == TransportFailure::timeout && sending > 1)) continue;
      owners[i]->seen.lost = fmt::format("{}: {}", wire::name_of(exchange.failure), exchange.detail);
      again.push_back(jobs[i]);
      their_owners.push_back(owners[i]);
    }
    jobs = std::move(again);
    owners = std::move(their_owners);
  }
}

void Executor::see_effects(Wave& wave) {
  const std::vector<std::string> ids = wave.session_ids();
  if (ids.empty()) return;
  // Without an answer nothing says when what was asked has been done.
  const bool any_left = std::any_of(wave.entries.begin(), wave.entries.end(), [](const Wave::Entry& entry) {
    if (!entry.seen.stimulus) return false;
    const TransportFailure failure = entry.seen.stimulus->failure;
    return failure == TransportFailure::left || (failure == TransportFailure::closed && entry.test->speak);
  });
  if (any_left) std::this_thread::sleep_for(left_wait);
  // Nothing documents that a deletion shows at once: a success is given time.
  const auto waits = [this](const Wave::Entry& entry, const Sighting& s) {
    const Observation& seen = entry.seen;
    return entry.test->kind == Kind::valid && seen.session_before == Presence::present && seen.stimulus &&
           seen.stimulus->response && seen.stimulus->response->status == table_.success_status &&
           presence(s, entry.test->session) == Presence::present;
  };
  Sighting sighting = see_until(ids, patience_, [&](const Sighting& s) {
    return static_cast<std::size_t>(std::count_if(wave.entries.begin(), wave.entries.end(),
                                                  [&](const Wave::Entry& entry) { return waits(entry, s); }));
  });
  std::vector<std::string> still_there;
  for (const Wave::Entry& entry : wave.entries)
    if (waits(entry, sighting)) still_there.push_back(entry.test->session);
  sighting = without_shadows(std::move(sighting), still_there);
  for (Wave::Entry& entry : wave.entries) {
    Observation& seen = entry.seen;
    if (!seen.stimulus || !seen.session_created) continue;
    seen.session_after = presence(sighting, entry.test->session);
    for (const std::string& id : entry.test->bystanders) seen.bystanders_after.push_back(presence(sighting, id));
    if (!sighting && seen.presence_unknown.empty())
      seen.presence_unknown = "the effect could not be seen: the endpoint did not answer when it was asked";
    if (seen.session_before == Presence::present && seen.session_after == Presence::absent &&
        ledger_.owns(entry.test->session))
      ledger_.gone(entry.test->session);
  }
}

// Controls that are the same to the byte, and name no session that the first would take from the next, are sent once.
void Executor::send_controls(Wave& wave) {
  const std::string probe = probe_body();
  std::vector<Job> jobs;
  std::map<std::string_view, std::vector<Observation*>> shared;
  const auto share = [&](const std::string& body, Observation& seen) {
    std::vector<Observation*>& owners = shared[body];
    if (owners.empty()) jobs.push_back({&body, &seen.control});
    owners.push_back(&seen);
  };
  for (Wave::Entry& entry : wave.entries) {
    Observation& seen = entry.seen;
    if (!seen.stimulus || is_throttled(*seen.stimulus, table_)) continue;  // that proves nothing with any control
    const auto& control = entry.test->control_body;
    if (control && !shares_control(*entry.test))
      jobs.push_back({&*control, &seen.control});
    else if (control)
      share(*control, seen);
    else if (is_lost(*seen.stimulus) || broke_off(*seen.stimulus))
      share(probe, seen);
  }
  send(jobs);
  std::erase_if(jobs, [](const Job& job) { return !is_lost(**job.answer); });
  if (!jobs.empty() && !interrupted_) send(jobs);
  for (auto& [body, owners] : shared) {
    for (Observation* owner : owners) owner->control = owners.front()->control;
  }
  ask_next(wave, probe);
  for (Wave::Entry& entry : wave.entries) {
    const auto& control = entry.seen.control;
    entry.unreached |= control && (control->failure == TransportFailure::connect ||
                                   (control->failure == TransportFailure::given_up && client_->gave_up()));
  }
}

// Where neither a case nor its control was answered: whether anything is.
void Executor::ask_next(Wave& wave, const std::string& probe) {
  std::vector<Observation*> silent;
  for (Wave::Entry& entry : wave.entries) {
    Observation& seen = entry.seen;
    if (entry.test->control_body && seen.stimulus && is_lost(*seen.stimulus) && seen.control && is_lost(*seen.control))
      silent.push_back(&seen);
  }
  if (silent.empty() || interrupted_) return;
  send({{&probe, &silent.front()->next}});
  for (Observation* seen : silent) seen->next = silent.front()->next;
}

void Executor::judge_all(Wave& wave, const std::function<void(std::size_t, CaseResult)>& done) {
  const auto take_story = [this](StoryOutcome told, CaseResult& result) {
    result.judgement = std::move(told.judgement);
    result.request = factory_.request(told.target.empty() ? table_.target : told.target, std::move(told.body));
    result.stimulus = std::move(told.exchange);
    result.deeds = std::move(told.deeds);
    if (!result.deeds.empty())
      result.elapsed = std::chrono::microseconds(result.deeds.back().ended - result.deeds.front().begun);
  };
  const auto finish = [&](const Wave::Entry& entry, CaseResult result) {
    if (config_.in_full && !entry.test->story) config_.in_full(result);
    for (std::optional<wire::Exchange>* exchange : {&result.stimulus, &result.control}) {
      if (*exchange) keep_what_is_shown_once_judged(**exchange);
    }
    result.warning = result.judgement.verdict == Verdict::fail &&
                     !fails_run(table_.requirement(result.judgement.requirement).level, config_.fail_level);
    // Something was not sent any more, and not all can be told that depends on it. A failure is one all the same.
    const bool cut_short = sender_->refused() > wave.refused_before;
    result.out_of_bounds = entry.out_of_bounds;
    if (cut_short && result.judgement.verdict != Verdict::fail)
      result = over_budget(*entry.test, sender_->bound_in_words());
    done(entry.index, std::move(result));
  };
  for (Wave::Entry& entry : wave.entries) {
    if (!entry.seen.stimulus && !entry.told && entry.seen.not_sent.empty()) {
      entry.seen.not_sent = interrupted_ ? "the run was interrupted" : "not sent: the endpoint answers no more";
      entry.seen.not_sent_verdict = interrupted_ ? Verdict::skipped : Verdict::error;
    }
    const auto& stimulus = entry.seen.stimulus;
    if (stimulus && !may_have_any_form(*entry.test, *stimulus) && !is_throttled(*stimulus, table_))
      gathering_.add(entry.test->id, *entry.seen.stimulus);
    // One answer may be the control of many.
    const bool own_control = entry.test->control_body && !shares_control(*entry.test);
    if (entry.seen.control && own_control && !is_throttled(*entry.seen.control, table_))
      gathering_.add(entry.test->id, *entry.seen.control);
    CaseResult result;
    result.test = *entry.test;
    if (entry.told) {
      take_story(std::move(*entry.told), result);
      finish(entry, std::move(result));
      continue;
    }
    result.judgement = judge(*entry.test, entry.seen, baseline_, table_, config_.fail_level);
    result.request = factory_.request(table_.target, *entry.test);
    if (result.judgement.verdict == Verdict::fail && stimulus && stimulus->response &&
        stimulus->response->body.size() <= largest_for_sdks)
      result.sdks = in_one_line(sdk_views(*stimulus->response, table_));
    if (entry.seen.stimulus) result.elapsed = entry.seen.stimulus->elapsed;
    result.stimulus = std::move(entry.seen.stimulus);
    result.control = std::move(entry.seen.control);
    finish(entry, std::move(result));
  }
}

std::vector<std::string> Executor::finish() noexcept {
  try {
    std::vector<std::string> left = clean_up(Cleaning::all);
    // It may have been away just then.
    if (!left.empty() && revival_.look() != Life::gone) left = clean_up(Cleaning::all);
    return unanswered_by_cleaning_ > 0 ? clean_in_parts(std::move(left)) : left;
  } catch (const std::exception&) {
    return ledger_.open();
  }
}

// One of them may be what the endpoint does not survive: the others must not be lost with it.
std::vector<std::string> Executor::clean_in_parts(std::vector<std::string> left) {
  const Deadline deadline(*sender_, std::chrono::seconds(30));  // each part may cost an outage
  std::vector<std::vector<std::string>> parts{std::move(left)};
  while (!parts.empty() && !deadline.passed() && revival_.look() != Life::gone) {
    std::vector<std::string> part = std::move(parts.back());
    parts.pop_back();
    clean(part);
    std::erase_if(part, [this](const std::string& id) { return !ledger_.owns(id); });
    if (part.size() < 2 || unanswered_by_cleaning_ == 0) continue;
    const auto middle = part.begin() + static_cast<std::ptrdiff_t>(part.size() / 2);
    parts.emplace_back(middle, part.end());
    parts.emplace_back(part.begin(), middle);
  }
  return ledger_.open();
}

std::vector<std::string> Executor::clean_up(Cleaning cleaning) {
  std::vector<std::string> left = ledger_.open();
  // What would not go is tried once more at the end, not in every wave.
  if (cleaning == Cleaning::wave) std::erase_if(left, [this](const std::string& id) { return stuck_.contains(id); });
  unanswered_by_cleaning_ = 0;
  if (left.empty()) return {};
  if (cleaning == Cleaning::all) sender_->backoff().reset();
  clean(left);
  return ledger_.open();
}

// Deletes these, and sees that they are gone.
void Executor::clean(const std::vector<std::string>& left) {
  client_->resume();  // an interrupt stops the cases, not the cleaning
  cleaning_ = true;
  const Sender::Unbounded unbounded(*sender_);
  // One that is still being provisioned may refuse to go.
  if (provisioning_) (void)await_ready(left, While::always);
  const std::vector<Answer> answers = resource_->remove(left);
  unanswered_by_cleaning_ = static_cast<std::size_t>(std::count_if(
      answers.begin(), answers.end(), [](const Answer& a) { return a.outcome == spec::Outcome::no_response; }));
  Sighting sighting = see_until(left, patience_, [&](const Sighting& s) {
    std::size_t still_there = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (answers[i].outcome == spec::Outcome::success && presence(s, left[i]) == Presence::present) ++still_there;
    }
    return still_there;
  });
  if (sighting && std::any_of(left.begin(), left.end(), [&](const std::string& id) { return sighting->contains(id); }))
    sighting = without_shadows(std::move(sighting), left);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const bool answered =
        answers[i].outcome == spec::Outcome::success || answers[i].outcome == spec::Outcome::not_found;
    if (sighting ? !sighting->contains(left[i]) : answered)
      ledger_.gone(left[i]);
    else
      stuck_.insert(left[i]);
  }
  cleaning_ = false;
  if (interrupted_) client_->interrupt();
}

}  // namespace conformance
