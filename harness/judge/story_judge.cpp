#include "harness/judge/story_judge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "harness/judge/accepted.h"
#include "harness/text/escape.h"

namespace conformance {
namespace {

using spec::Outcome;

constexpr Possible there{.absent = false, .present = true};
constexpr Possible gone{.absent = true, .present = false};
constexpr Possible nothing_explains{};

bool is_look(Verb verb) { return verb == Verb::get || verb == Verb::list; }

Blame failure(std::string requirement, std::string expected, std::string actual) {
  Blame blame;
  blame.requirement = std::move(requirement);
  blame.expected = std::move(expected);
  blame.actual = std::move(actual);
  return blame;
}

Blame open_end(Verdict verdict, std::string reason) {
  Blame blame;
  blame.verdict = verdict;
  blame.reason = std::move(reason);
  return blame;
}

Blame late(Blame blame) {
  blame.may_pass = true;
  return blame;
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// "200 to one, 400 EntityNotFoundException to the others": the same for any number of them.
std::string in_words_of_all(const std::vector<const Told*>& removals) {
  std::set<std::string> successes, others;
  std::size_t done = 0;
  for (const Told* told : removals) {
    const bool is_success = told->answer.outcome == Outcome::success;
    done += is_success ? 1U : 0U;
    (is_success ? successes : others).insert(kind_of(told->answer));
  }
  if (others.empty()) return fmt::format("{} to all", fmt::join(successes, " or "));
  if (done == 0) return fmt::format("{} to all", fmt::join(others, " or "));
  return fmt::format("{} to {}, {} to the others", fmt::join(successes, " or "), done == 1 ? "one" : "some",
                     fmt::join(others, " or "));
}

}  // namespace

StoryJudge::StoryJudge(const Story& story, const spec::SpecTable& table)
    : story_(&story), table_(&table), known_(story.sessions.size()) {
  if (story.given_state.empty() || known_.empty()) return;
  Known& given = known_.front();
  given.by_effect = given.by_order = there;
  given.state = story.given_state;
  given.lives = 1;
}

std::string StoryJudge::quoted(std::size_t session) const {
  return "\"" + text::elide(text::visible(story_->sessions[session]), 80) + "\"";
}

const std::string& StoryJudge::operation(Verb verb) const {
  const spec::Lifecycle& calls = table_->lifecycle;
  switch (verb) {
    case Verb::create:
      return calls.create.target;
    case Verb::get:
      return calls.get.target;
    case Verb::list:
      return calls.list.target;
    case Verb::stop:
      return calls.stop.target;
    case Verb::remove:
      break;
  }
  return calls.remove.target;
}

bool StoryJudge::is_taken(const Answer& answer) const {
  return answer.outcome != Outcome::success && contains(table_->lifecycle.already_exists, answer.type);
}

bool StoryJudge::is_passing(const Known& known) const {
  return contains(table_->lifecycle.pending_states, known.state) ||
         contains(table_->lifecycle.stopping_states, known.state);
}

std::optional<Blame> StoryJudge::take(const std::vector<Told>& turn) {
  std::optional<Blame> blame = judge_turn(turn);
  if (blame && turn[blame->call].call.verb == Verb::remove) blame->answer = turn[blame->call].answer;
  return blame;
}

std::optional<Blame> StoryJudge::judge_turn(const std::vector<Told>& turn) {
  std::map<std::size_t, std::vector<const Told*>> by_session;
  for (std::size_t i = 0; i < turn.size(); ++i) {
    if (auto blame = unanswered(turn[i])) {
      blame->call = i;
      return blame;
    }
    if (turn[i].call.verb != Verb::list) by_session[turn[i].call.session].push_back(&turn[i]);
  }
  for (const auto& [session, calls] : by_session) {
    if (calls.size() < 2) continue;
    if (auto blame = overlapped(calls)) {
      blame->call = static_cast<std::size_t>(calls[blame->call] - turn.data());
      return blame;
    }
  }
  for (std::size_t i = 0; i < turn.size(); ++i) {
    const Told& told = turn[i];
    if (told.call.verb != Verb::list && by_session[told.call.session].size() > 1) continue;
    std::optional<Blame> blame = is_look(told.call.verb)          ? looked(told)
                                 : told.call.verb == Verb::create ? created(told)
                                 : told.call.verb == Verb::stop   ? stopped(told)
                                                                  : removed(told);
    if (!blame) continue;
    blame->call = i;
    return blame;
  }
  return std::nullopt;
}

std::optional<Blame> StoryJudge::unanswered(const Told& told) const {
  const Answer& answer = told.answer;
  const std::string& what = operation(told.call.verb);
  if (told.interrupted) return open_end(Verdict::skipped, "the run was interrupted");
  if (answer.outcome == Outcome::no_response) {
    if (told.no_http && told.call.verb == Verb::remove)
      return failure(table_->checks.http, "a well-formed HTTP/1.1 response", summary_of(answer));
    return open_end(Verdict::error, what + ": " + summary_of(answer));
  }
  if (answer.outcome == Outcome::throttled) return open_end(Verdict::inconclusive, what + " was throttled");
  if (answer.outcome == Outcome::unauthenticated && !table_->may_be_missing(answer.type))
    return open_end(Verdict::inconclusive, what + " refused the credentials: " + summary_of(answer));
  return std::nullopt;
}

// What only a look decided may have been a look that was late.
void StoryJudge::doubt(Known& known) {
  if (!known.by_look) return;
  known.by_effect = known.by_order = {.absent = true, .present = true};
  known.by_look = false;
}

bool StoryJudge::is_known_to_be_gone(std::size_t session) const {
  const Known& known = known_[session];
  return known.deleted && known.by_effect == gone && !known.by_look && !known.overlapped && !known.gone_by.empty();
}

std::optional<Blame> StoryJudge::created(const Told& told) {
  Known& known = known_[told.call.session];
  doubt(known);
  const Answer& answer = told.answer;
  if (answer.outcome == Outcome::success) {
    if (known.by_effect == there) {
      known.replaces = true;
      return std::nullopt;  // of creations, and not of deletions
    }
    if (known.deleted) hold(table_->story_checks.recreate);
    Known anew;
    anew.by_effect = anew.by_order = there;
    anew.lives = known.lives + 1;
    anew.option = told.call.option;
    anew.unsettled = told.unsettled;
    anew.replaces = known.replaces;
    const auto state = told.seen.find(told.call.session);
    if (state != told.seen.end()) anew.state = state->second;
    known = std::move(anew);
    return std::nullopt;
  }
  if (known.by_effect == there) return std::nullopt;
  if (is_taken(answer) && known.by_effect.present) {
    known.by_effect = there;
    return std::nullopt;
  }
  const bool may_be_made = answer.outcome == Outcome::server_fault || answer.outcome == Outcome::unrecognised;
  if (known.deleted && !may_be_made)
    return late(failure(table_->story_checks.recreate,
                        fmt::format("the deleted session {} is created again", quoted(told.call.session)),
                        summary_of(answer)));
  const std::string why = fmt::format("{} of {}: {}", operation(Verb::create), quoted(told.call.session),
                                      text::elide(text::visible(summary_of(answer)), 200));
  return open_end(answer.outcome == Outcome::unknown_operation ? Verdict::skipped : Verdict::inconclusive, why);
}

std::optional<Blame> StoryJudge::stopped(const Told& told) {
  Known& known = known_[told.call.session];
  if (known.by_effect != there) return std::nullopt;
  if (told.answer.outcome == Outcome::success) {
    known.stopped = true;
    known.unsettled = told.unsettled || !told.call.waits;
    known.state.clear();
  } else if (unseen_.empty()) {
    unseen_ = fmt::format("{}: {}", operation(Verb::stop), text::elide(text::visible(summary_of(told.answer)), 200));
  }
  return std::nullopt;
}

void StoryJudge::note_deletion(std::size_t session) {
  for (std::size_t i = 0; i < known_.size(); ++i) known_[i].other_deleted = known_[i].other_deleted || i != session;
}

// That of a deletion by itself.
std::optional<Blame> StoryJudge::whole_success(const Told& told) {
  const Answer& answer = told.answer;
  const std::string& id = story_->sessions[told.call.session];
  if (answer.status != table_->success_status)
    return failure(table_->checks.success, fmt::format("status {}", table_->success_status),
                   fmt::format("status {}", answer.status));
  // What a success for a session that is not there must carry is not documented.
  if (known_[told.call.session].by_effect != there || (answer.echo && *answer.echo == id)) return std::nullopt;
  return failure(table_->checks.echo, fmt::format("{} is {}", table_->echo, quoted(told.call.session)),
                 answer.echo ? fmt::format("{} is \"{}\"", table_->echo, text::visible(*answer.echo))
                             : fmt::format("no string {} in the answer", table_->echo));
}

const std::string& StoryJudge::blamed_for_refusal(const Known& known, const Told& told) const {
  const spec::StoryChecks& checks = table_->story_checks;
  if (!story_->given_state.empty() && told.call.session == 0 && known.lives == 1) return checks.ended;
  if (known.stopped) return checks.stopped;
  if (known.option != told.call.option) return checks.option;
  return known.lives > 1 ? checks.recreate : table_->checks.success;
}

std::optional<Blame> StoryJudge::removed_while_there(const Told& told, Known& known) {
  const Answer& answer = told.answer;
  const bool may_be_passing = known.unsettled && answer.outcome == Outcome::wrong_state;
  const bool is_seen_passing = is_passing(known);
  const bool passing = is_seen_passing || may_be_passing;
  const bool stopping = is_seen_passing && contains(table_->lifecycle.stopping_states, known.state);
  const std::string requirement = passing ? table_->story_checks.passing : blamed_for_refusal(known, told);
  if (stopping && unseen_.empty()) unseen_ = fmt::format("{} was still in {}", quoted(told.call.session), known.state);
  if (may_be_passing && unseen_.empty())
    unseen_ = fmt::format("{} may still have been being made or stopped", quoted(told.call.session));
  if (is_seen_passing)
    readings_.emplace_back(stopping ? table_->story_checks.stopping_answer : table_->story_checks.provisioning_answer,
                           kind_of(answer));
  if (answer.outcome == Outcome::unauthenticated)
    return open_end(Verdict::inconclusive, "the endpoint refused the credentials: " + summary_of(answer));
  const std::vector<std::string>& accept = table_->requirement(requirement).accept;
  if (!is_named(accept, answer)) {
    if (told.resent && (answer.outcome == Outcome::not_found || table_->may_be_missing(answer.type)))
      return open_end(Verdict::inconclusive, "answered " + kind_of(answer) +
                                                 ", but it was sent twice, and the first may have deleted the session");
    return failure(requirement, in_words(accept, *table_), summary_of(answer));
  }
  hold(requirement);
  if (answer.outcome != Outcome::success) {
    known.refused_to_go = true;
    return std::nullopt;
  }
  if (auto blame = whole_success(told)) return blame;
  hold(table_->checks.success);
  hold(table_->checks.echo);
  known.by_effect = known.by_order = gone;
  known.deleted = true;
  known.overlapped = known.by_look = false;
  known.gone_by.clear();
  note_deletion(told.call.session);
  return std::nullopt;
}

std::optional<Blame> StoryJudge::removed(const Told& told) {
  Known& known = known_[told.call.session];
  const Answer& answer = told.answer;
  last_removal_ = answer;
  doubt(known);
  if (known.by_effect == there) return removed_while_there(told, known);
  known.asked_to_go = true;
  const std::vector<std::string>& accept = table_->requirement(table_->story_checks.again).accept;
  const std::string& requirement = known.deleted ? table_->story_checks.again : table_->checks.not_refused;
  if (!is_named(accept, answer)) return failure(requirement, in_words(accept, *table_), summary_of(answer));
  if (known.deleted && known.by_effect == gone)
    readings_.emplace_back(table_->story_checks.again_answer, kind_of(answer));
  hold(requirement);
  if (answer.outcome == Outcome::success) {
    known.by_effect = known.by_order = gone;
    note_deletion(told.call.session);
  }
  return std::nullopt;
}

std::optional<Blame> StoryJudge::looked(const Told& told) {
  if (!told.illegible.empty()) {
    if (unseen_.empty()) unseen_ = fmt::format("{}: {}", operation(told.call.verb), told.illegible);
    return std::nullopt;
  }
  for (std::size_t session = 0; session < known_.size(); ++session) {
    if (told.call.verb == Verb::get && session != told.call.session) continue;
    auto blame = told.seen.contains(session) ? seen_there(session, told) : seen_gone(session, told);
    if (!blame) continue;
    blame->session = session;
    return blame;
  }
  return std::nullopt;
}

// A look that is late may have decided wrongly what calls at once left: no order explains both looks, and it may be
// either again.
void StoryJudge::decided_otherwise(Known& known, const Told& told, Possible seen) {
  if (!known.by_look || known.by_effect == seen) return;
  not_in_one_order({&told});
  known.by_effect = known.by_order = {.absent = true, .present = true};
  known.overlapped = true;
  known.gone_by.clear();
}

std::optional<Blame> StoryJudge::seen_there(std::size_t session, const Told& told) {
  Known& known = known_[session];
  const spec::StoryChecks& checks = table_->story_checks;
  const Verb verb = told.call.verb;
  const std::string shown = fmt::format("{} shows {}", operation(verb), quoted(session));
  decided_otherwise(known, told, there);
  if (known.by_effect == gone) {
    const Verb other = verb == Verb::get ? Verb::list : Verb::get;
    if (known.overlapped && known.overlapped_creation) {
      Blame blame = late(
          failure(checks.order, fmt::format("{} is gone: no order of the calls leaves it", quoted(session)), shown));
      blame.second = other;
      return blame;
    }
    if (known.gone_by.contains(verb))
      return failure(checks.permanent, fmt::format("the deleted session {} stays away", quoted(session)),
                     shown + " again, though it was gone");
    if (!known.deleted && !known.asked_to_go)
      return late(open_end(Verdict::inconclusive, shown + ", which this story has not created"));
    Blame blame = late(
        failure(table_->checks.effect, fmt::format("the session {} is gone after a success", quoted(session)), shown));
    if (known.deleted) blame.second = other;
    return blame;
  }
  if (known.overlapped) {
    hold(checks.order);
    if (!known.by_order.present) not_in_one_order({&told});
    known.by_look = known.by_effect.absent;
  }
  if (known.other_deleted) hold(table_->checks.identity);
  known.by_effect = known.by_order = there;
  known.overlapped = false;
  known.other_deleted = false;
  known.state = told.seen.at(session);
  known.unsettled = known.unsettled && (known.state.empty() || is_passing(known));
  if (known.refused_to_go) hold(checks.passing);
  return std::nullopt;
}

std::optional<Blame> StoryJudge::seen_gone(std::size_t session, const Told& told) {
  Known& known = known_[session];
  const spec::StoryChecks& checks = table_->story_checks;
  const Verb verb = told.call.verb;
  const std::string missed = fmt::format("{} does not show {}", operation(verb), quoted(session));
  decided_otherwise(known, told, gone);
  if (known.by_effect == there) {
    if (known.overlapped)
      return late(failure(checks.order, fmt::format("{} is there: every order of the calls leaves it", quoted(session)),
                          missed));
    if (known.refused_to_go)
      return late(failure(checks.passing,
                          fmt::format("the session {} stays, as its deletion was refused", quoted(session)), missed));
    if (known.other_deleted)
      return late(failure(table_->checks.identity,
                          fmt::format("the session {} stays, as another was deleted", quoted(session)), missed));
    return late(open_end(Verdict::inconclusive, missed + ", which it created"));
  }
  if (known.overlapped) {
    hold(checks.order);
    if (!known.by_order.absent) not_in_one_order({&told});
    known.by_look = known.by_effect.present;
  }
  if (known.deleted) {
    any_look_ = true;
    any_delay_ = any_delay_ || (told.waited && !known.gone_by.contains(verb));
    hold(table_->checks.effect);
    hold(verb == Verb::get ? checks.ungettable : checks.unlisted);
    if (known.gone_by.contains(verb)) hold(checks.permanent);
  }
  known.by_effect = known.by_order = gone;
  known.overlapped = false;
  known.gone_by.insert(verb);
  return std::nullopt;
}

Blame StoryJudge::seen_otherwise(Blame blame, const Told& look) const {
  blame.second.reset();
  if (!look.illegible.empty() || look.answer.outcome == Outcome::no_response) return blame;
  const bool by_get = look.call.verb == Verb::get;
  if (look.seen.contains(blame.session)) {
    blame.actual += fmt::format(", and so does {}", operation(look.call.verb));
    return blame;
  }
  blame.requirement = by_get ? table_->story_checks.unlisted : table_->story_checks.ungettable;
  blame.actual += fmt::format(", and {} does not", operation(look.call.verb));
  return blame;
}

// What each may be answered, whatever the order.
std::optional<Blame> StoryJudge::allowed_at_once(const std::vector<const Told*>& calls) {
  const std::string& requirement = table_->story_checks.concurrent;
  const std::vector<std::string>& accept = table_->requirement(requirement).accept;
  std::size_t done = 0, created = 0;
  std::vector<const Told*> removals;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Told& told = *calls[i];
    created += told.call.verb == Verb::create ? 1U : 0U;
    if (told.call.verb != Verb::remove) continue;
    last_removal_ = told.answer;
    removals.push_back(&told);
    if (!is_named(accept, told.answer)) {
      Blame blame = failure(requirement, in_words(accept, *table_),
                            fmt::format("{}, {} calls at once", summary_of(told.answer), calls.size()));
      blame.call = i;
      return blame;
    }
    done += told.answer.outcome == Outcome::success ? 1U : 0U;
  }
  if (removals.size() < 2) return std::nullopt;
  const std::string answers = in_words_of_all(removals);
  readings_.emplace_back(table_->story_checks.concurrent_answers, answers);
  const Known& known = known_[calls.front()->call.session];
  const bool all_wait = known.unsettled && std::all_of(removals.begin(), removals.end(), [](const Told* told) {
                          return told->answer.outcome == Outcome::wrong_state;
                        });
  if (known.by_effect == there && created == 0 && done == 0 && !all_wait)
    return failure(known.stopped ? table_->story_checks.stopped : requirement,
                   fmt::format("one of {} deletions at once is a success", removals.size()), answers);
  hold(requirement);
  return std::nullopt;
}

std::optional<Blame> StoryJudge::overlapped(const std::vector<const Told*>& calls) {
  const std::size_t session = calls.front()->call.session;
  Known& known = known_[session];
  doubt(known);
  if (auto blame = allowed_at_once(calls)) return blame;
  std::vector<Overlapping> all, effects;
  bool any_deleted = false, any_created = false;
  for (const Told* told : calls) {
    const Verb verb = told->call.verb;
    if (verb == Verb::stop || (verb == Verb::get && !told->illegible.empty())) continue;
    const Answer& answer = told->answer;
    Says says = Says::nothing;
    if (verb == Verb::get)
      says = told->seen.contains(session) ? Says::done : Says::not_so;
    else if (told->resent || answer.outcome == Outcome::server_fault || answer.outcome == Outcome::unrecognised)
      says = Says::perhaps;
    else if (answer.outcome == Outcome::success)
      says = verb == Verb::create && known.replaces ? Says::made : Says::done;
    else if (verb == Verb::create ? is_taken(answer) : answer.outcome == Outcome::not_found)
      says = Says::not_so;
    const Overlapping one{verb, says, told->begun, told->ended};
    all.push_back(one);
    if (verb != Verb::get) effects.push_back(one);
    any_created = any_created || verb == Verb::create;
    any_deleted = any_deleted || (verb == Verb::remove && says == Says::done);
  }
  any_overlap_ = true;
  Possible by_effect = orders(effects, known.by_effect);
  // Of creations that cannot both have been successes a deletion is not to blame: it is measured, and nothing is known.
  const bool unexplained = by_effect == nothing_explains;
  if (unexplained) by_effect = {.absent = true, .present = true};
  known.by_order = orders(all, known.by_order);
  if (unexplained || known.by_order == nothing_explains) {
    not_in_one_order(calls);
    known.by_order = by_effect;
  }
  known.by_effect = by_effect;
  known.overlapped = true;
  known.by_look = false;
  known.overlapped_creation =
      std::any_of(calls.begin(), calls.end(), [](const Told* told) { return told->call.verb == Verb::create; });
  known.gone_by.clear();
  known.deleted = any_deleted || (known.deleted && !any_created);
  if (any_deleted) note_deletion(session);
  return std::nullopt;
}

void StoryJudge::not_in_one_order(const std::vector<const Told*>& calls) {
  if (!disordered_.empty()) return;
  std::vector<std::string> parts;
  for (const Told* told : calls)
    parts.push_back(
        fmt::format("{} {} [{}..{} µs]", operation(told->call.verb), kind_of(told->answer), told->begun, told->ended));
  disordered_ = fmt::format("no one order explains {}", fmt::join(parts, ", "));
}

Judgement StoryJudge::conclude(const Case& test, const std::optional<Blame>& blame) const {
  Judgement judgement;
  judgement.requirement = test.requirement;
  if (last_removal_) judgement.answer = *last_removal_;
  if (blame && blame->answer) judgement.answer = *blame->answer;
  for (const std::string& requirement : held_) judgement.checks.push_back({requirement, true});
  if (blame) {
    judgement.verdict = blame->verdict;
    judgement.reason = blame->reason;
    if (blame->verdict != Verdict::fail) return judgement;
    judgement.requirement = blame->requirement;
    judgement.expected = blame->expected;
    judgement.actual = blame->actual;
    judgement.checks.push_back({blame->requirement, false});
    return judgement;
  }
  judgement.readings = readings_;
  if (any_look_) judgement.readings.emplace_back(table_->story_checks.delay, any_delay_ ? "later" : "at once");
  if (any_overlap_)
    judgement.readings.emplace_back(table_->story_checks.order_of_all, disordered_.empty() ? "yes" : "no");
  judgement.note = disordered_.empty() ? unseen_ : disordered_;
  const bool asked = test.requirement.empty() ? !held_.empty() : held_.contains(test.requirement);
  judgement.verdict = asked ? Verdict::pass : Verdict::skipped;
  if (asked) return judgement;
  judgement.reason = !unseen_.empty()                                   ? unseen_
                     : test.requirement == table_->story_checks.passing ? "no session was seen in such a state"
                                                                        : "nothing of the story could show it";
  return judgement;
}

}  // namespace conformance
