#include "harness/run/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "harness/judge/classify.h"
#include "harness/text/escape.h"

namespace conformance {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds poll_interval{20};

}  // namespace

struct Executor::Wave {
  struct Entry {
    std::size_t index;
    const Case* test;
    Observation seen;
  };
  std::vector<Entry> entries;

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
      factory_(config_.endpoint, table.content_type, config_.signer),
      client_(std::make_unique<wire::Client>(config_.endpoint, config_.client)),
      resource_(std::make_unique<Resource>(table, factory_, *client_)),
      ledger_(config_.ledger_path.empty() ? Ledger() : Ledger(config_.ledger_path)) {}

Executor::~Executor() = default;

std::size_t Executor::requests() const { return requests_ + resource_->requests(); }

void Executor::interrupt() noexcept {
  interrupted_ = true;
  client_->interrupt();
}

std::string Executor::prepare() {
  using wire::TransportFailure;
  ++requests_;
  const wire::Exchange probe_exchange = client_->exchange(
      factory_.bytes(table_.target, "{\"" + table_.identifier + "\":\"" + config_.prefix + "-missing\"}"));
  const Answer missing = classify(probe_exchange, table_);
  baseline_.missing = missing;
  switch (probe_exchange.failure) {
    case TransportFailure::resolve:
    case TransportFailure::connect:
    case TransportFailure::tls:
    case TransportFailure::timeout:
      return "no answer to a valid request: " + missing.body_fault;
    default:
      break;  // whatever else is wrong with an answer is for the cases to say
  }
  if (missing.outcome == spec::Outcome::unauthenticated && missing.type != "AccessDeniedException")
    return "the endpoint refuses the credentials: " + summary_of(missing);

  if (config_.sessions == SessionMode::none) {
    no_sessions_ = "sessions are not created (--sessions none)";
    return {};
  }
  const std::string probe = config_.prefix + "-probe";
  ledger_.creating({probe});
  const Created created = resource_->create({probe}).front();
  if (!created.ok) {
    if (!created.lost) ledger_.not_created(probe);
    no_sessions_ = "the endpoint creates no session: " + text::elide(text::visible(created.answer), 200);
    return config_.sessions == SessionMode::create ? no_sessions_ : std::string();
  }
  create_ = true;
  if (const auto listed = resource_->list(); listed && listed->contains(probe)) {
    sight_ = Sight::list;
  } else if (const auto got = resource_->get({probe}); got && got->contains(probe)) {
    sight_ = Sight::get;
  }
  if (created.pending) await_ready({probe});
  (void)clean_up();
  return {};
}

std::string Executor::sessions_in_words() const {
  if (!create_) return "none: " + no_sessions_;
  switch (sight_) {
    case Sight::list:
      return "created, effects seen by listing";
    case Sight::get:
      return "created, effects seen one by one";
    case Sight::none:
      return "created, effects cannot be seen: the endpoint neither lists nor gets a session";
  }
  return {};
}

std::optional<std::map<std::string, std::string>> Executor::see(const std::vector<std::string>& ids) {
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

std::vector<std::string> Executor::run(const std::vector<std::size_t>& selected,
                                       const std::function<void(std::size_t, CaseResult)>& done) {
  for (std::size_t from = 0; from < selected.size(); from += config_.wave) {
    Wave wave;
    for (std::size_t i = from; i < std::min(selected.size(), from + config_.wave); ++i)
      wave.entries.push_back({selected[i], &cases_[selected[i]], {}});
    if (!interrupted_) {
      guard_foreign(wave);
      create_sessions(wave);
    }
    if (!interrupted_) {
      send_stimuli(wave);
      see_effects(wave);
      send_controls(wave);
    }
    judge_all(wave, done);
    (void)clean_up();
  }
  return clean_up();
}

void Executor::create_sessions(Wave& wave) {
  std::vector<std::string> ids;
  std::vector<std::pair<Wave::Entry*, bool>> owners;  // and whether it is the session itself
  for (Wave::Entry& entry : wave.entries) {
    if (entry.test->session.empty() || !entry.seen.not_sent.empty()) continue;
    if (!create_) {
      entry.seen.no_session = no_sessions_;
      continue;
    }
    ids.push_back(entry.test->session);
    owners.emplace_back(&entry, true);
    for (const std::string& bystander : entry.test->bystanders) {
      ids.push_back(bystander);
      owners.emplace_back(&entry, false);
    }
  }
  ledger_.creating(ids);
  const std::vector<Created> created = resource_->create(ids);
  std::vector<std::string> pending;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Observation& seen = owners[i].first->seen;
    if (created[i].pending) pending.push_back(ids[i]);
    if (created[i].ok) {
      if (owners[i].second) seen.session_created = true;
      continue;
    }
    // An answer that was lost leaves the identifier in the ledger: the cleaning tries it.
    if (!created[i].lost) ledger_.not_created(ids[i]);
    const std::string answer = text::elide(text::visible(created[i].answer), 200);
    if (!owners[i].second) {
      seen.blocked = true;
      seen.not_sent = fmt::format("its neighbour \"{}\" could not be created: {}", text::visible(ids[i]), answer);
    } else if (created[i].taken) {
      // An identifier of the run's own that is taken means that the endpoint takes two for one, or a run before left
      // it.
      seen.blocked = ids[i].find(config_.prefix) != std::string::npos;
      seen.not_sent = fmt::format("\"{}\" exists already and is not this run's", text::visible(ids[i]));
    } else {
      seen.no_session = fmt::format("\"{}\" could not be created: {}", text::elide(text::visible(ids[i]), 60), answer);
    }
  }
  if (!pending.empty()) await_ready(pending);
}

void Executor::await_ready(const std::vector<std::string>& ids) {
  const auto deadline = steady_clock::now() + config_.ready_wait;
  while (!interrupted_ && steady_clock::now() < deadline) {
    const auto states = see(ids);
    if (!states) return;
    const bool waiting = std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
      const auto found = states->find(id);
      return found != states->end() && resource_->pending(found->second);
    });
    if (!waiting) return;
    std::this_thread::sleep_for(poll_interval);
  }
}

// Promise 5: an identifier that does not carry the run's prefix may be somebody's session. It is created or sent only
// if it is seen, by itself, not to exist: a listing may leave out what it likes, and a create may overwrite.
void Executor::guard_foreign(Wave& wave) {
  std::vector<std::string> foreign;
  for (const Wave::Entry& entry : wave.entries) {
    const std::string& id = entry.test->session;
    if (!id.empty() && id.find(config_.prefix) == std::string::npos) foreign.push_back(id);
  }
  if (foreign.empty()) return;
  const auto known = resource_->get(foreign);
  for (Wave::Entry& entry : wave.entries) {
    const std::string& id = entry.test->session;
    if (std::find(foreign.begin(), foreign.end(), id) == foreign.end()) continue;
    if (!known) {
      entry.seen.not_sent = "cannot tell whether \"" + id + "\" is somebody's session: the endpoint gets no session";
    } else if (known->contains(id)) {
      entry.seen.not_sent = "\"" + id + "\" exists already and is not this run's";
    }
  }
}

void Executor::send(const std::vector<std::pair<const std::string*, std::optional<wire::Exchange>*>>& jobs) {
  requests_ += jobs.size();
  client_->exchange_all(
      jobs.size(), [&](std::size_t i) { return factory_.bytes(table_.target, *jobs[i].first); },
      [&jobs](std::size_t i, wire::Exchange exchange) { *jobs[i].second = std::move(exchange); });
}

void Executor::send_stimuli(Wave& wave) {
  std::vector<std::pair<const std::string*, std::optional<wire::Exchange>*>> jobs;
  for (Wave::Entry& entry : wave.entries) {
    if (entry.seen.not_sent.empty() && !entry.test->session.empty() && !entry.seen.session_created) {
      // What is asked of these is an effect, or an answer that only a deletion gives.
      const std::string& r = entry.test->requirement;
      if (r == "delete.effect" || r == "delete.echo" || r == "id.identity" || r == "id.encoding")
        entry.seen.not_sent = "needs a session: " + entry.seen.no_session;
    }
    if (entry.seen.not_sent.empty()) jobs.emplace_back(&entry.test->body, &entry.seen.stimulus);
  }
  send(jobs);
  // A lost answer is asked for once more: a flake is not a finding, and what repeats is.
  std::erase_if(jobs, [](const auto& job) {
    const auto failure = (*job.second)->failure;
    return failure != wire::TransportFailure::closed && failure != wire::TransportFailure::connect;
  });
  if (!jobs.empty() && !interrupted_) send(jobs);
}

void Executor::see_effects(Wave& wave) {
  const auto deadline = steady_clock::now() + config_.effect_wait;
  const std::vector<std::string> ids = wave.session_ids();
  if (ids.empty()) return;
  for (bool again = true; again;) {
    const auto known = see(ids);
    again = false;
    for (Wave::Entry& entry : wave.entries) {
      Observation& seen = entry.seen;
      if (!seen.stimulus) continue;
      const auto presence = [&known](const std::string& id) {
        if (!known) return Presence::unknown;
        return known->contains(id) ? Presence::present : Presence::absent;
      };
      if (!known) seen.presence_unknown = "the effect could not be seen: the endpoint neither lists nor gets a session";
      if (seen.session_created) seen.session_after = presence(entry.test->session);
      seen.bystanders_after.clear();
      for (const std::string& id : entry.test->bystanders) seen.bystanders_after.push_back(presence(id));
      // Nothing documents that a deletion shows at once: a success is given time.
      if (entry.test->kind == Kind::valid && seen.session_after == Presence::present && seen.stimulus->response &&
          seen.stimulus->response->status == table_.success_status)
        again = true;
    }
    again = again && !interrupted_ && steady_clock::now() < deadline;
    if (again) std::this_thread::sleep_for(poll_interval);
  }
  for (const Wave::Entry& entry : wave.entries) {
    if (entry.seen.session_created && entry.seen.session_after == Presence::absent) ledger_.gone(entry.test->session);
  }
}

void Executor::send_controls(Wave& wave) {
  std::vector<std::pair<const std::string*, std::optional<wire::Exchange>*>> jobs;
  for (Wave::Entry& entry : wave.entries) {
    if (entry.seen.stimulus && entry.test->control_body)
      jobs.emplace_back(&*entry.test->control_body, &entry.seen.control);
  }
  send(jobs);
}

void Executor::judge_all(Wave& wave, const std::function<void(std::size_t, CaseResult)>& done) {
  for (Wave::Entry& entry : wave.entries) {
    if (!entry.seen.stimulus && entry.seen.not_sent.empty()) entry.seen.not_sent = "the run was interrupted";
    CaseResult result;
    result.test = *entry.test;
    result.judgement = judge(*entry.test, entry.seen, baseline_, table_, config_.fail_level);
    result.request = factory_.request(table_.target, entry.test->body);
    if (entry.seen.stimulus) result.elapsed = entry.seen.stimulus->elapsed;
    result.stimulus = std::move(entry.seen.stimulus);
    result.control = std::move(entry.seen.control);
    result.warning = result.judgement.verdict == Verdict::fail &&
                     !fails_run(table_.requirement(result.judgement.requirement).level, config_.fail_level);
    done(entry.index, std::move(result));
  }
}

std::vector<std::string> Executor::clean_up() {
  const std::vector<std::string> left = ledger_.open();
  if (left.empty()) return {};
  client_->resume();  // an interrupt stops the cases, not the cleaning
  const std::vector<Answer> answers = resource_->remove(left);
  const auto known = see(left);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const bool answered =
        answers[i].outcome == spec::Outcome::success || answers[i].outcome == spec::Outcome::not_found;
    if (known ? !known->contains(left[i]) : answered) ledger_.gone(left[i]);
  }
  if (interrupted_) client_->interrupt();
  return ledger_.open();
}

}  // namespace conformance
