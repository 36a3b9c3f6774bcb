#include "harness/judge/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "harness/judge/accepted.h"
#include "harness/judge/answer_checks.h"
#include "harness/judge/classify.h"
#include "harness/text/escape.h"

namespace conformance {
namespace {

using spec::Outcome;

constexpr std::size_t most_cause_bytes = 200;  // endpoints have a say in them

struct Failure {
  std::string requirement, expected, actual, cause;
  bool is_of_form = false;  // what every answer is held to
};

std::string kept_cause(std::string_view cause) { return text::elide(text::visible(cause), most_cause_bytes); }

class Judge {
 public:
  Judge(const Case& test, const Observation& seen, const Baseline& baseline, const spec::SpecTable& table,
        spec::Level fail_level)
      : test_(test), seen_(seen), baseline_(baseline), table_(table), checks_(table.checks), fail_level_(fail_level) {}

  Judgement run() {
    judgement_.requirement = test_.requirement;
    if (test_.forgery && !baseline_.authentication.empty())
      judgement_.readings.emplace_back(table_.authentication, baseline_.authentication);
    if (!seen_.stimulus) return end(seen_.not_sent_verdict, seen_.not_sent);
    judgement_.answer = classify(*seen_.stimulus, table_);
    if (seen_.session_created && seen_.session_before == Presence::present && seen_.session_after != Presence::unknown)
      judgement_.gone = seen_.session_after == Presence::absent;
    if (seen_.stimulus->failure == wire::TransportFailure::interrupted)
      return end(Verdict::skipped, "the run was interrupted before an answer came");
    if (!seen_.stimulus->response) return without_response();
    if (!seen_.lost.empty()) judgement_.note = "answered only when it was sent again, after: " + seen_.lost;
    check(checks_.http, true, "", "");
    if (answer().outcome == Outcome::throttled && !is_too_slow())
      return end(Verdict::inconclusive, "throttled: " + actual());
    if (!test_.companions.empty()) {
      const std::vector<Answer> earlier = answers_of_companions();
      if (std::any_of(earlier.begin(), earlier.end(), [](const Answer& a) { return a.outcome == Outcome::throttled; }))
        return end(Verdict::inconclusive, "a request before it was throttled");
      check_companions(earlier);
      if (failures_.empty() && earlier.size() < test_.companions.size())
        return end(Verdict::skipped, "the endpoint closes the connection after an answer and says so, as HTTP lets it");
    }
    if (test_.must_close && accepted(answer()))
      check(test_.requirement, seen_.stimulus->peer_closed, "the connection is closed after the answer",
            fmt::format("{}, and the connection stays open", actual()), "the connection stays open");
    if (test_.must_continue) check_continue();
    if (answer().outcome == Outcome::unauthenticated && !accepted(answer()) && !test_.forgery)
      return end(Verdict::inconclusive, "the endpoint refused the credentials: " + actual());
    switch (test_.kind) {
      case Kind::valid:
        return judge_valid();
      case Kind::malformed:
        return judge_malformed();
      case Kind::free_form:
        return judge_free();
    }
    return end(Verdict::error, "unknown kind of case");
  }

 private:
  [[nodiscard]] const Answer& answer() const { return judgement_.answer; }
  [[nodiscard]] std::string actual() const { return summary_of(answer()); }

  Judgement end(Verdict verdict, std::string reason) {
    judgement_.verdict = verdict;
    judgement_.reason = std::move(reason);
    return std::move(judgement_);
  }

  // `cause` as in Judgement::causes.
  void check(const std::string& requirement, bool held, std::string expected, std::string actual_text,
             std::string cause = {}) {
    judgement_.checks.push_back({requirement, held});
    if (!held) failures_.push_back({requirement, std::move(expected), std::move(actual_text), std::move(cause)});
  }

  // The verdict of the checks: the first failure that fails the run, else the first at all, else a pass.
  Judgement conclude() {
    // What may have any form is not gathered, nor what was not whole in time.
    const bool late = seen_.stimulus && seen_.stimulus->failure == wire::TransportFailure::timeout;
    const bool gathered = !form_is_free() && !late;
    const bool all_gathered = std::all_of(failures_.begin(), failures_.end(), [this, gathered](const Failure& f) {
      return gathered && baseline_.gathered.contains(f.requirement);
    });
    if (all_gathered) return end(Verdict::pass, "");
    const auto first = std::find_if(failures_.begin(), failures_.end(), [this](const Failure& f) {
      return fails_run(table_.requirement(f.requirement).level, fail_level_);
    });
    const Failure& blamed = first == failures_.end() ? failures_.front() : *first;
    judgement_.requirement = blamed.requirement;
    judgement_.expected = blamed.expected;
    judgement_.actual = blamed.actual;
    if (!blamed.cause.empty()) judgement_.causes = {kept_cause(blamed.cause)};
    if (gathered) tell_form(blamed);
    return end(Verdict::fail, "");
  }

  // Where it is the only thing that is wrong, as far as it is as strong as what is blamed: the run does not fail for
  // the rest.
  void tell_form(const Failure& blamed) {
    if (!std::all_of(failures_.begin(), failures_.end(), [](const Failure& f) { return f.is_of_form; })) return;
    const bool blamed_fails = fails_run(table_.requirement(blamed.requirement).level, fail_level_);
    for (const Failure& f : failures_) {
      if (blamed_fails && !fails_run(table_.requirement(f.requirement).level, fail_level_)) continue;
      judgement_.form.emplace_back(f.requirement, kept_cause(f.cause));
    }
  }

  [[nodiscard]] bool form_is_free() const { return seen_.stimulus && may_have_any_form(test_, *seen_.stimulus); }

  [[nodiscard]] bool weaker() const { return !test_.session.empty() && !seen_.session_created; }

  // 408 where the conversation decides how slowly the request comes: that is the answer to it.
  [[nodiscard]] bool is_too_slow() const { return test_.speak && answer().status == 408; }

  // Without a session to delete only the weaker promise holds: not refused as invalid.
  // Of several faults at once, each may be the one that is named.
  [[nodiscard]] std::vector<std::string> alternatives() const {
    std::vector<std::string> all;
    const auto add = [&all](const std::vector<std::string>& names) {
      for (const std::string& name : names) {
        if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
      }
    };
    if (test_.kind == Kind::valid && weaker()) add(table_.requirement(checks_.not_refused).accept);
    if (test_.faults.empty()) add(table_.requirement(test_.requirement).accept);
    for (const std::string& fault : test_.faults) add(table_.requirement(fault).accept);
    if (test_.oversize) add(table_.too_large_answers);
    return all;
  }

  [[nodiscard]] bool accepted(const Answer& a) const {
    if (test_.requirement.empty()) return false;
    const std::vector<std::string> names = alternatives();
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return is_one_of(name, a); });
  }

  // A 2xx may come from whoever takes the request for another one: a health check, say.
  [[nodiscard]] static bool carried_out(const Answer& a) {
    return a.outcome == Outcome::success && (a.body_is_object || a.body_is_empty);
  }

  // `name` as in Requirement::accept.
  [[nodiscard]] bool is_one_of(const std::string& name, const Answer& a) const {
    if (!is_named({name}, a)) return false;
    // An answer of the operation carries the identifier.
    return name != "foreign_success" || !a.echo || test_.session.empty() || *a.echo != test_.session;
  }

  [[nodiscard]] std::string in_words(const std::vector<std::string>& names) const {
    return conformance::in_words(names, table_);
  }

  Judgement without_response() {
    using wire::TransportFailure;
    const TransportFailure failure = seen_.stimulus->failure;
    if (failure == TransportFailure::left) return judge_left();
    // An answer that breaks off is no HTTP message (RFC 9112 section 8); one that never begins may be the network's.
    // Where none needs to come, half of one is no worse: many a server drops a TLS connection behind a refusal, without
    // the closure alert that would make it whole.
    // One that does not end in time may be slow, unless another is answered meanwhile.
    const bool in_time = failure != TransportFailure::timeout || (seen_.control && seen_.control->response);
    const bool broken_off = !test_.may_be_dropped && broke_off(*seen_.stimulus) && in_time;
    if (failure == TransportFailure::malformed && test_.is_no_http) {
      judgement_.note = "answered by no HTTP/1.1, as such a message may be";
      if (test_.kind != Kind::free_form) check_effect();
      return conclude();
    }
    if (failure == TransportFailure::malformed || failure == TransportFailure::too_large || broken_off) {
      if (const auto http = check_http(*seen_.stimulus, answer(), table_))
        check(*http);
      else
        check(checks_.http, false, "a well-formed HTTP/1.1 response", actual());
      return conclude();
    }
    // The network's fault, unless another request right after it is answered.
    const bool lost = failure == TransportFailure::closed || failure == TransportFailure::timeout;
    const bool control_answered = seen_.control && seen_.control->response;
    const bool lives = control_answered || (seen_.next && seen_.next->response);
    const std::string_view other = control_answered && test_.control_body ? "the control" : "the next request";
    if (lost && lives && !control_answered && test_.kind == Kind::malformed)
      return end(Verdict::inconclusive, fmt::format("{}, nor its control; {} is answered", actual(), other));
    if (lost && lives && test_.requirement.empty())
      return end(Verdict::inconclusive, fmt::format("{}; {} is answered", actual(), other));
    if (lost && lives) {
      if ((test_.oversize || test_.may_be_dropped) && failure == TransportFailure::closed) {
        judgement_.note = test_.oversize ? "closed without an answer, as a server may do to a body that is too large"
                                         : "closed without an answer, as a server may do to such a message";
        if (test_.kind != Kind::free_form || test_.spares_session) check_effect(no_effect_or_weaker());
        return conclude();
      }
      if (failure == TransportFailure::closed && seen_.stimulus->answers_on_connection > 0) {
        check(checks_.close_announced, false, "\"Connection: close\" in the last answer on a connection",
              fmt::format("{}, with nothing said in the {} before", actual(), seen_.stimulus->answers_on_connection));
        return conclude();
      }
      const std::size_t missing = seen_.stimulus->earlier.size();
      if (missing < test_.companions.size() && test_.companions[missing].expected == Companion::Expected::any)
        return end(Verdict::skipped, "a request before it, of which another case asks, got no answer: " + actual());
      check(test_.requirement, false, in_words(alternatives()), fmt::format("{}; {} is answered", actual(), other));
      return conclude();
    }
    return end(Verdict::error, actual());
  }

  // The connection was left before an answer was due: nothing but the effect is to be seen.
  Judgement judge_left() {
    if (!seen_.session_created || seen_.session_before != Presence::present || seen_.session_after == Presence::unknown)
      return end(Verdict::skipped, seen_.presence_unknown.empty() ? seen_.no_session : seen_.presence_unknown);
    judgement_.carried_out = seen_.session_after == Presence::absent;
    if (test_.kind != Kind::free_form)
      check(test_.requirement, !*judgement_.carried_out, "a request that breaks off has no effect",
            fmt::format("the session \"{}\" is gone", text::visible(test_.session)), "the session is gone");
    return conclude();
  }

  // The answers to what was sent before the stimulus on its connection, as many as came.
  [[nodiscard]] std::vector<Answer> answers_of_companions() const {
    std::vector<Answer> all;
    for (const wire::Response& response : seen_.stimulus->earlier) {
      if (all.size() == test_.companions.size()) break;
      wire::Exchange one;
      one.response = response;
      all.push_back(classify(one, table_));
    }
    return all;
  }

  [[nodiscard]] bool is_as_expected(const Companion& companion, const Answer& a) const {
    switch (companion.expected) {
      case Companion::Expected::refused:
        return a.status >= 400 && a.status < 500;
      case Companion::Expected::not_refused: {
        const std::vector<std::string>& names = table_.requirement(checks_.not_refused).accept;
        return is_missing_answer(a) ||
               std::any_of(names.begin(), names.end(), [&](const std::string& name) { return is_one_of(name, a); });
      }
      case Companion::Expected::any:
        break;
    }
    return true;
  }

  // Which of the others `a` is the answer to, if it names one.
  [[nodiscard]] const Companion* owner_of(const Companion& asked, const Answer& a) const {
    if (!a.echo || a.echo->empty() || *a.echo == asked.identifier) return nullptr;
    const auto found = std::find_if(test_.companions.begin(), test_.companions.end(),
                                    [&a](const Companion& other) { return other.identifier == *a.echo; });
    return found == test_.companions.end() ? nullptr : &*found;
  }

  // Up to the first that is not as it must be: what is out of step stays so.
  void check_companions(const std::vector<Answer>& answers) {
    std::map<std::string_view, const Answer*> first;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const Companion& companion = test_.companions[i];
      const Answer& a = answers[i];
      const std::string which = fmt::format("request {} of {} in the conversation", i + 1, test_.companions.size() + 1);
      const bool refused = companion.expected == Companion::Expected::refused;
      const bool held = is_as_expected(companion, a);
      check(test_.requirement, held,
            fmt::format("{} is answered as it is alone: {}", which, refused ? "a 4xx" : "not refused"), summary_of(a),
            "an answer before it: " + kind_of(a));
      if (!held) return;
      if (const Companion* owner = owner_of(companion, a)) {
        check(test_.requirement, false, which + " gets its own answer",
              fmt::format("that of the request for \"{}\"", text::visible(owner->identifier)),
              "an answer before it is that to another");
        return;
      }
      const Answer& before = *first.emplace(companion.body, &a).first->second;
      const bool same = before.status == a.status && before.type == a.type;
      check(test_.requirement, same,
            fmt::format("{} is answered as the same request before: {}", which, summary_of(before)), summary_of(a),
            "an answer before it: " + kind_of(a));
      if (!same) return;
    }
  }

  // RFC 9110 section 10.1.1: 100 (Continue), or the answer, while the body is held back.
  void check_continue() {
    const std::vector<int>& interim = seen_.stimulus->response->interim;
    const bool asked = std::find(interim.begin(), interim.end(), 100) != interim.end();
    // What speaks HTTP/1.0 knows no interim answer.
    if (seen_.stimulus->received.starts_with("HTTP/1.0 ")) return;
    const bool body_sent = seen_.stimulus->sent.ends_with(test_.body);
    check(test_.requirement, asked || !body_sent, "100 (Continue) or the answer, before the body is sent",
          "neither, until the body was sent all the same", "no 100 (Continue)");
  }

  void check(const AnswerCheck& one) {
    check(one.requirement, one.held, one.expected, one.actual, one.cause);
    if (!one.held) failures_.back().is_of_form = true;
  }

  void check_content_type() {
    if (!form_is_free()) check(check_media_type(*seen_.stimulus->response, table_));
  }

  void check_shape() {
    if (form_is_free()) return;
    for (const AnswerCheck& one : check_error_shape(answer(), table_)) check(one);
  }

  // After the shape, which may be the reason that the type is not known: then that is blamed, if it fails the run.
  bool check_primary() {
    const bool held = accepted(answer());
    check(test_.requirement, held, in_words(alternatives()), actual(),
          answer().type.empty() ? answer().body_fault : "");
    return held;
  }

  // True if it is what this endpoint says of a resource that does not exist, by an error that the sources name for
  // that. An endpoint that refuses everything with another has no such excuse.
  [[nodiscard]] bool is_missing_answer(const Answer& a) const {
    return baseline_.missing && baseline_.missing->outcome == Outcome::rejected_as_invalid &&
           baseline_.missing->type == a.type && table_.may_be_missing(a.type);
  }

  // True if it may say that the session is gone already.
  [[nodiscard]] bool may_mean_gone(const Answer& a) const {
    return a.outcome == Outcome::not_found || table_.may_be_missing(a.type);
  }

  // Weaker promises are for endpoints that have no sessions to give, not for those that fail to give one.
  Judgement precondition_failed() { return end(Verdict::inconclusive, seen_.no_session); }

  void check_echo(bool holds, std::string_view or_else = "") {
    const Answer& a = answer();
    const std::string lacking = a.body_is_object ? "no string " + table_.echo : a.body_fault;
    check(checks_.echo, holds, fmt::format("{} is \"{}\"{}", table_.echo, text::visible(test_.expected_echo), or_else),
          a.echo             ? fmt::format("{} is \"{}\"", table_.echo, text::visible(*a.echo))
          : a.body_is_object ? lacking + " in the answer"
                             : lacking,
          a.echo ? "another " + table_.echo : lacking);
  }

  // Whether a success for a session that never was must name it is not documented: but another it must not, and what it
  // carries is JSON, with an identifier that is a string if there is one.
  void check_echo_of_nothing() {
    const Answer& a = answer();
    constexpr std::string_view or_else = ", or left out of a JSON object";
    if (a.echo && !test_.expected_echo.empty()) return check_echo(*a.echo == test_.expected_echo, or_else);
    if (a.echo_is_no_string || (!a.body_is_object && !seen_.stimulus->response->body.empty()))
      check_echo(false, or_else);
  }

  Judgement judge_valid() {
    const Answer& a = answer();
    if (a.outcome == Outcome::wrong_state && !seen_.not_ready.empty())
      return end(Verdict::inconclusive, fmt::format("{}, and its deletion gets {}", seen_.not_ready, kind_of(a)));
    if (!seen_.session_created) {
      if (judgement_.note.empty()) judgement_.note = seen_.no_session;
      if (is_missing_answer(a))
        return end(test_.session.empty() ? Verdict::skipped : Verdict::inconclusive,
                   fmt::format("{} is also what this endpoint says of a missing session", a.type));
    }
    if (a.outcome != Outcome::success) {
      if ((!seen_.lost.empty() || seen_.stimulus->resent) && seen_.session_created && may_mean_gone(a))
        return end(Verdict::inconclusive,
                   fmt::format("answered {}, but an earlier sending got no answer ({}) and may have deleted it",
                               actual(), seen_.lost.empty() ? "the connection ended" : seen_.lost));
      check_shape();
      check_primary();
      check_content_type();
      return conclude();
    }
    check_primary();
    check(checks_.success, a.status == table_.success_status, fmt::format("status {}", table_.success_status),
          fmt::format("status {}", a.status));
    check_content_type();
    if (!seen_.session_created) {
      check_echo_of_nothing();
      check_liveness();
      return seen_.session_failed && failures_.empty() ? precondition_failed() : conclude();
    }
    check_echo(a.echo && *a.echo == test_.expected_echo);
    check_bystanders();
    check_liveness();
    return check_deletion();
  }

  // Of a success: that the session is gone. Where it was never seen, that it is not there now says nothing.
  Judgement check_deletion() {
    const std::string& blamed = test_.asks_which_session ? test_.requirement : checks_.effect;
    const bool is_the_question = test_.requirement == blamed;
    if (seen_.session_before == Presence::present && seen_.session_after != Presence::unknown) {
      check(blamed, seen_.session_after == Presence::absent, "the session is gone after a success",
            "the session is still there", "the session is still there");
    } else if (is_the_question && failures_.empty()) {
      const bool cannot = seen_.session_before == Presence::unknown && !seen_.sight_failed;
      return end(cannot ? Verdict::skipped : Verdict::inconclusive, seen_.presence_unknown);
    } else if (judgement_.note.empty()) {
      judgement_.note = seen_.presence_unknown;
    }
    return conclude();
  }

  void check_liveness() {
    if (!test_.liveness) return;
    const auto bound =
        baseline_.first_elapsed * table_.liveness.factor + std::chrono::milliseconds(table_.liveness.slack_ms);
    check(checks_.alive, seen_.stimulus->elapsed <= bound,
          fmt::format("an answer within {} ms: {} times what the first took and {} ms", bound.count() / 1000,
                      table_.liveness.factor, table_.liveness.slack_ms),
          fmt::format("{} ms", seen_.stimulus->elapsed.count() / 1000));
  }

  void check_bystanders() {
    for (std::size_t i = 0; i < seen_.bystanders_after.size(); ++i) {
      if (seen_.bystanders_before.at(i) != Presence::present || seen_.bystanders_after[i] == Presence::unknown)
        continue;
      check(checks_.identity, seen_.bystanders_after[i] == Presence::present,
            fmt::format("the session \"{}\" is untouched", text::visible(test_.bystanders[i])), "it is gone",
            "another session is gone");
    }
  }

  // Why the control does not vouch for the stimulus; empty if it does.
  [[nodiscard]] std::string control_fault() const {
    if (!test_.control_body) return {};
    if (!seen_.control) return "the control was not sent";
    const Answer control = classify(*seen_.control, table_);
    if (control.outcome == Outcome::success) return {};
    if (control.outcome == Outcome::not_found && !seen_.session_created) return {};
    return "the control, the same request without its mutation, was answered " + summary_of(control);
  }

  // A request that need not be refused may be carried out, and its answer be lost with the connection.
  [[nodiscard]] const std::string& no_effect_or_weaker() const {
    const bool weaker = table_.requirement(test_.requirement).level > table_.requirement(checks_.no_effect).level;
    return weaker ? test_.requirement : checks_.no_effect;
  }

  void check_effect() { check_effect(checks_.no_effect); }

  void check_effect(const std::string& blamed) {
    if (!seen_.session_created) return;
    if (seen_.session_before != Presence::present || seen_.session_after == Presence::unknown) {
      if (judgement_.note.empty()) judgement_.note = seen_.presence_unknown;
      return;
    }
    check(blamed, seen_.session_after == Presence::present,
          answer().outcome == Outcome::success ? "only a session that the request names is deleted"
                                               : "no session is deleted by a refused request",
          fmt::format("{}, and the session \"{}\" is gone", actual(), text::visible(test_.session)),
          blamed == checks_.no_effect ? "" : "the session is gone");
  }

  // The effect was seen before the control was sent, and may be the very reason that the control finds no session.
  Judgement without_control(const std::string& fault) {
    check_effect();
    if (!failures_.empty()) return conclude();
    const bool interrupted = !seen_.control || seen_.control->failure == wire::TransportFailure::interrupted;
    return end(interrupted ? Verdict::skipped : Verdict::inconclusive,
               interrupted ? "the run was interrupted before the control was answered" : fault);
  }

  Judgement judge_malformed() {
    const Answer& a = answer();
    if (a.outcome == Outcome::success && !accepted(a)) {
      check_primary();
      return conclude();
    }
    if (const std::string fault = control_fault(); !fault.empty()) return without_control(fault);
    check_shape();
    if (check_primary() && test_.forgery && !seen_.session_created && baseline_.missing &&
        baseline_.missing->type == a.type && failures_.empty())
      return end(Verdict::inconclusive, fmt::format("{} is also what this endpoint says of a missing session", a.type));
    if (accepted(a) && test_.names_missing_session && is_missing_answer(a) && failures_.empty())
      return end(Verdict::inconclusive, fmt::format("{} is also what this endpoint says of a missing session", a.type));
    check_effect();
    check_content_type();
    return conclude();
  }

  Judgement judge_free() {
    if (test_.requirement.empty()) return end(Verdict::pass, "");
    const Answer& a = answer();
    if (a.outcome != Outcome::success) {
      if (const std::string fault = control_fault(); !fault.empty()) return without_control(fault);
    }
    check_shape();
    check_primary();
    if (!carried_out(a) || test_.spares_session) check_effect();
    return conclude();
  }

  const Case& test_;
  const Observation& seen_;
  const Baseline& baseline_;
  const spec::SpecTable& table_;
  const spec::Checks& checks_;
  spec::Level fail_level_;
  Judgement judgement_;
  std::vector<Failure> failures_;
};

}  // namespace

bool may_have_any_form(const Case& test, const wire::Exchange& answered) {
  constexpr int content_too_large = 413;
  return test.any_form || (test.oversize && answered.response && answered.response->status == content_too_large);
}

bool fails_run(spec::Level level, spec::Level fail_level) {
  return static_cast<int>(level) <= static_cast<int>(fail_level) && level != spec::Level::may;
}

Judgement judge(const Case& test, const Observation& seen, const Baseline& baseline, const spec::SpecTable& table,
                spec::Level fail_level) {
  return Judge(test, seen, baseline, table, fail_level).run();
}

}  // namespace conformance
