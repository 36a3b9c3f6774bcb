#include "harness/run/story_teller.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <utility>

#include "harness/judge/classify.h"

namespace conformance {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds first_story_poll{5}, longest_story_poll{250}, least_story_patience{50};

bool is_look(Verb verb) { return verb == Verb::get || verb == Verb::list; }

// What is asked again changes nothing but what is asked for.
bool may_be_repeated(const Turn& turn) {
  const bool looks = std::all_of(turn.begin(), turn.end(), [](const StoryCall& call) { return is_look(call.verb); });
  return looks || (turn.size() == 1 && turn.front().verb == Verb::create);
}

// Beside others its calls would not overlap, or come too late for what passes.
bool goes_alone(const Story& story) {
  return is_concurrent(story) || std::any_of(story.turns.begin(), story.turns.end(), [](const Turn& turn) {
           return std::any_of(turn.begin(), turn.end(), [](const StoryCall& call) { return !call.waits; });
         });
}

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

struct StoryTeller::Telling {
  Telling(const Case& told, const spec::SpecTable& table) : test(&told), judge(*told.story, table) {}

  const Case* test;
  StoryJudge judge;
  StoryOutcome outcome;
  std::size_t turn = 0;
  std::int64_t begun = 0;
  std::set<std::size_t> created;  // sessions of which a creation was asked for
  std::optional<Blame> blame;
  std::string late;  // the requirement that would be blamed for what may only be late
  bool over = false;

  [[nodiscard]] const Story& story() const { return *test->story; }
  [[nodiscard]] const Turn& calls() const { return story().turns[turn]; }
  void go_on() { over = ++turn == story().turns.size(); }
};

struct StoryTeller::Call {
  Telling* telling;
  std::string id;  // of the session
  std::string target, body;
  Told told;
  wire::Exchange exchange;
  bool owned_before = false;  // the ledger had it before it was created
  bool first_creation = false;
};

StoryTeller::StoryTeller(const spec::SpecTable& table, const RequestFactory& factory, Sender& sender,
                         Resource& resource, Ledger& ledger, TellerOptions options)
    : table_(table),
      factory_(factory),
      sender_(sender),
      resource_(resource),
      ledger_(ledger),
      options_(std::move(options)) {}

StoryTeller::~StoryTeller() = default;

std::vector<StoryOutcome> StoryTeller::tell(const std::vector<const Case*>& tests) {
  std::vector<Telling> all;
  all.reserve(tests.size());
  for (const Case* test : tests) all.emplace_back(*test, table_);
  std::vector<Telling*> together;
  for (Telling& telling : all) {
    telling.over = telling.story().turns.empty();
    if (!goes_alone(telling.story())) together.push_back(&telling);
  }
  tell_together(together);
  for (Telling& telling : all) {
    if (goes_alone(telling.story())) tell_together({&telling});
  }
  std::vector<StoryOutcome> outcomes;
  for (Telling& telling : all) {
    telling.outcome.judgement = telling.judge.conclude(*telling.test, telling.blame);
    outcomes.push_back(std::move(telling.outcome));
  }
  return outcomes;
}

void StoryTeller::tell_together(std::vector<Telling*> tellings) {
  for (Telling* telling : tellings) telling->begun = now_us();
  for (;;) {
    std::erase_if(tellings, [](const Telling* telling) { return telling->over; });
    if (tellings.empty()) return;
    const auto begun = steady_clock::now();
    std::vector<Telling*> left = take_turn(tellings, false, true);
    for (auto pause = first_story_poll; !left.empty(); pause = std::min(2 * pause, longest_story_poll)) {
      const auto deadline = begun + patience_with(left);
      const auto now = steady_clock::now();
      if (now < deadline) std::this_thread::sleep_for(std::min<steady_clock::duration>(pause, deadline - now));
      // The last look is believed.
      const bool last = steady_clock::now() >= deadline;
      const std::vector<Telling*> waited = left;
      left = take_turn(left, true, !last);
      if (!last) continue;
      // An endpoint that is wrong in one way must not cost the whole patience each time that it is.
      for (const Telling* telling : waited) {
        if (!telling->blame) continue;
        const auto found = patience_.emplace(telling->late, options_.patience).first;
        found->second = std::max(found->second / 2, least_story_patience);
        break;
      }
    }
  }
}

// The longest that any of them is given.
std::chrono::milliseconds StoryTeller::patience_with(const std::vector<Telling*>& tellings) const {
  std::chrono::milliseconds longest{0};
  for (const Telling* telling : tellings) {
    const auto found = patience_.find(telling->late);
    longest = std::max(longest, found == patience_.end() ? options_.patience : found->second);
  }
  return longest;
}

std::vector<StoryTeller::Telling*> StoryTeller::take_turn(const std::vector<Telling*>& tellings, bool again,
                                                          bool may_wait) {
  std::vector<Call> calls;
  for (Telling* telling : tellings) {
    for (const StoryCall& call : telling->calls()) {
      Call& made = calls.emplace_back();
      made.telling = telling;
      if (call.verb != Verb::list) made.id = telling->story().sessions[call.session];
      made.target = call_of(call.verb).target;
      made.body = body_of(telling->story(), call);
      made.told.call = call;
      made.told.waited = again;
    }
  }
  make_calls(calls);
  wait_where_wanted(calls);
  std::vector<Telling*> left;
  std::size_t at = 0;
  for (Telling* telling : tellings) {
    std::vector<Told> told;
    const std::size_t first = at;
    for (; at < calls.size() && calls[at].telling == telling; ++at) {
      calls[at].told.begun -= telling->begun;
      calls[at].told.ended -= telling->begun;
      keep(*telling, calls[at], again);
      told.push_back(calls[at].told);
    }
    StoryJudge judge = telling->judge;
    std::optional<Blame> blame = judge.take(told);
    if (blame && blame->may_pass) telling->late = blame->requirement;
    if (blame && blame->may_pass && may_wait && may_be_repeated(telling->calls()) && options_.goes_on()) {
      left.push_back(telling);
      continue;
    }
    if (!blame) {
      telling->judge = std::move(judge);
      telling->go_on();
      continue;
    }
    const Call& blamed = calls[first + blame->call];
    telling->outcome.target = blamed.target;
    telling->outcome.body = blamed.body;
    telling->outcome.exchange.reset();
    if (blamed.told.call.verb != Verb::list) telling->outcome.exchange = blamed.exchange;
    if (blame->second && options_.goes_on()) look_otherwise(*telling, *blame);
    telling->blame = std::move(blame);
    telling->over = true;
  }
  note_in_ledger(calls);
  return left;
}

const spec::LifecycleCall& StoryTeller::call_of(Verb verb) const {
  const spec::Lifecycle& calls = table_.lifecycle;
  switch (verb) {
    case Verb::create:
      return calls.create;
    case Verb::get:
      return calls.get;
    case Verb::list:
      return calls.list;
    case Verb::stop:
      return calls.stop;
    case Verb::remove:
      break;
  }
  return calls.remove;
}

std::string StoryTeller::body_of(const Story& story, const StoryCall& call) const {
  const spec::LifecycleCall& how = call_of(call.verb);
  if (call.verb == Verb::list) return how.body;
  std::string body = resource_.body(how, story.sessions[call.session]);
  if (call.option.empty() || table_.option() == nullptr) return body;
  json document = json::parse(body);
  document[table_.option()->name] = call.option;
  return document.dump(-1, ' ', /*ensure_ascii=*/true);
}

void StoryTeller::make_calls(std::vector<Call>& calls) {
  std::vector<Call*> jobs;
  std::vector<std::string> ids;
  bool lists = false;
  for (Call& call : calls) {
    if (call.told.call.verb == Verb::list) {
      lists = true;
      continue;
    }
    jobs.push_back(&call);
    if (call.told.call.verb != Verb::create) continue;
    call.owned_before = ledger_.owns(call.id);
    call.first_creation = call.telling->created.insert(call.told.call.session).second;
    ids.push_back(call.id);
  }
  if (!ids.empty()) ledger_.creating(ids);
  // A creation that is broken off might be carried out after the cleaning that looked for what it left.
  std::optional<wire::Client::Finishing> finishing;
  if (!ids.empty()) finishing.emplace(sender_.client());
  sender_.exchange_all(
      jobs.size(),
      [&](std::size_t i) {
        jobs[i]->told.begun = now_us();
        return wire::Outgoing(factory_.bytes(jobs[i]->target, jobs[i]->body));
      },
      [&](std::size_t i, wire::Exchange exchange, const std::string& throttled) {
        Call& call = *jobs[i];
        call.told.ended = now_us();
        refuse_excess(exchange);
        call.told.answer = classify(exchange, table_);
        call.told.resent = exchange.resent || !throttled.empty();
        call.exchange = std::move(exchange);
        understand(call);
        if (!broke_off(call.exchange)) note_outage(call.telling->outcome, call.exchange.failure);
        if (call.told.call.verb == Verb::remove) options_.heard(*call.telling->test, call.exchange);
        keep_what_is_shown(call.exchange);
      });
  if (lists) list_for(calls);
}

// One listing for all that ask for one at this moment.
void StoryTeller::list_for(std::vector<Call>& calls) {
  const auto blind = options_.blind.find(Verb::list);
  const std::int64_t begun = now_us();
  std::optional<std::map<std::string, std::string>> all;
  if (blind == options_.blind.end()) all = resource_.list();
  const std::int64_t ended = now_us();
  for (Call& call : calls) {
    Told& told = call.told;
    if (told.call.verb != Verb::list) continue;
    told.begun = begun;
    told.ended = ended;
    if (blind != options_.blind.end()) {
      told.illegible = blind->second;
      told.answer.outcome = spec::Outcome::unrecognised;
      continue;
    }
    told.answer = resource_.last_seen();
    told.interrupted = !all && !options_.goes_on();
    if (!all) {
      note_outage(call.telling->outcome, resource_.last_failure());
      told.illegible = summary_of(told.answer);
      continue;
    }
    const std::vector<std::string>& sessions = call.telling->story().sessions;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      if (const auto found = all->find(sessions[i]); found != all->end()) told.seen[i] = found->second;
    }
  }
}

void StoryTeller::understand(Call& call) const {
  using wire::TransportFailure;
  Told& told = call.told;
  const wire::Exchange& exchange = call.exchange;
  told.no_http = exchange.failure == TransportFailure::malformed || exchange.failure == TransportFailure::too_large;
  told.interrupted = exchange.failure == TransportFailure::interrupted;
  const Verb verb = told.call.verb;
  if (verb == Verb::create) {
    const auto& taken = table_.lifecycle.already_exists;
    const bool is_taken = std::find(taken.begin(), taken.end(), told.answer.type) != taken.end();
    // It is the run's own: left by the sending before, or by the telling before.
    const bool own = exchange.resent || (call.owned_before && call.first_creation);
    if (is_taken && own) told.answer.outcome = spec::Outcome::success;
  }
  const bool found = told.answer.outcome == spec::Outcome::success;
  if (found && (verb == Verb::create || verb == Verb::get))
    told.seen[told.call.session] = Resource::state_in(exchange, call_of(verb), table_);
  if (verb != Verb::get) return;
  if (const auto blind = options_.blind.find(Verb::get); blind != options_.blind.end())
    told.illegible = blind->second;
  else if (!found && told.answer.outcome != spec::Outcome::not_found)
    told.illegible = summary_of(told.answer);
}

void StoryTeller::note_outage(StoryOutcome& outcome, wire::TransportFailure failure) {
  outcome.unreached |= failure == wire::TransportFailure::connect;
  outcome.hung_up |= failure == wire::TransportFailure::closed;
}

void StoryTeller::wait_where_wanted(std::vector<Call>& calls) {
  std::vector<std::string> ids;
  for (const Call& call : calls) {
    const bool changes = call.told.call.verb == Verb::create || call.told.call.verb == Verb::stop;
    if (!changes || !call.told.call.waits || call.told.answer.outcome != spec::Outcome::success) continue;
    const auto state = call.told.seen.find(call.told.call.session);
    const bool unknown = state == call.told.seen.end() || state->second.empty();
    if (unknown || resource_.pending(state->second)) ids.push_back(call.id);
  }
  if (ids.empty()) return;
  const bool settled = options_.await(ids);
  for (Call& call : calls) {
    if (std::find(ids.begin(), ids.end(), call.id) == ids.end() || !call.told.call.waits) continue;
    call.told.unsettled = !settled;
    if (call.told.call.verb == Verb::create) call.told.seen[call.told.call.session].clear();
  }
}

// What may be there stays open: only a clear refusal says that nothing was made, and only a look after a deletion that
// it is gone.
void StoryTeller::note_in_ledger(const std::vector<Call>& calls) {
  std::set<std::string> maybe_there, refused;
  for (const Call& call : calls) {
    if (call.told.call.verb != Verb::create) continue;
    const bool unsent = call.exchange.failure == wire::TransportFailure::given_up;
    const bool refusal = (unsent || surely_made_nothing(call.told.answer)) && !call.owned_before;
    (refusal ? refused : maybe_there).insert(call.id);
  }
  for (const std::string& id : refused) {
    if (!maybe_there.contains(id)) ledger_.not_created(id);
  }
  for (const Call& call : calls) {
    const Story& story = call.telling->story();
    for (std::size_t i = 0; is_look(call.told.call.verb) && i < story.sessions.size(); ++i) {
      if (call.telling->judge.is_known_to_be_gone(i) && ledger_.owns(story.sessions[i]))
        ledger_.gone(story.sessions[i]);
    }
  }
}

void StoryTeller::look_otherwise(Telling& telling, Blame& blame) {
  std::vector<Call> look(1);
  Call& call = look.front();
  call.telling = &telling;
  call.told.call = {*blame.second, blame.session};
  call.id = telling.story().sessions[blame.session];
  call.target = call_of(*blame.second).target;
  call.body = body_of(telling.story(), call.told.call);
  make_calls(look);
  call.told.begun -= telling.begun;
  call.told.ended -= telling.begun;
  keep(telling, call, false);
  blame = telling.judge.seen_otherwise(std::move(blame), call.told);
}

// In the story as it is reported.
void StoryTeller::keep(Telling& telling, const Call& call, bool again) const {
  std::vector<Deed>& deeds = telling.outcome.deeds;
  const Told& told = call.told;
  std::string answer = summary_of(told.answer);
  if (told.call.verb == Verb::list && told.illegible.empty()) {
    answer += told.seen.empty() ? ", none of them" : ", with ";
    std::size_t named = 0;
    for (const auto& [session, state] : told.seen)
      answer += (named++ == 0 ? "" : ", ") + telling.story().sessions[session];
  }
  if (told.call.verb == Verb::remove) {
    telling.outcome.target = call.target;
    telling.outcome.body = call.body;
    telling.outcome.exchange = call.exchange;
  }
  if (again && !deeds.empty()) {
    const auto same = std::find_if(deeds.rbegin(), deeds.rend(), [&](const Deed& deed) {
      return deed.turn == telling.turn && deed.target == call.target && deed.body == call.body;
    });
    if (same != deeds.rend()) {
      same->answer = std::move(answer);
      same->ended = told.ended;
      ++same->times;
      return;
    }
  }
  deeds.push_back({telling.turn, call.target, call.body, std::move(answer), told.begun, told.ended, 1});
}

}  // namespace conformance
