// Holds what came back against what the spec table asks for. A pure function: no network, no clock, no state.
//
// A malformed case passes only when it is refused for its own reason, its control was not refused, and nothing was
// deleted. One root cause blames one requirement: checks run from the outside in (is it HTTP, is it an error that can
// be read, is it the right one, did it have an effect), and the first that does not hold is the one that is reported.
//
//     Judgement j = judge(test, {.stimulus = exchange, .control = twin, .session_created = true}, baseline, table);
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/case/case.h"
#include "harness/judge/verdict.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/exchange.h"

namespace conformance {

enum class Presence { unknown, present, absent };

// Everything that was seen of one case.
struct Observation {
  std::optional<wire::Exchange> stimulus;  // empty: it was not sent, for `not_sent`
  // The same request without its mutation, sent after the stimulus. Of a case that has no control, and only if its
  // answer was lost: a plain request that shows whether the endpoint still answers.
  std::optional<wire::Exchange> control;
  // Where the answer to the control was lost as well: that plain request.
  std::optional<wire::Exchange> next;
  std::string not_sent;  // why the stimulus was not sent
  Verdict not_sent_verdict = Verdict::skipped;
  // How the sendings before `stimulus` ended that got no answer; empty if there was none.
  std::string lost;
  bool session_created = false;  // the endpoint said so of the session that the case names
  std::string no_session;        // why not, where the case wanted one
  bool session_failed = false;   // with no_session: the endpoint has sessions, and failed to give this one
  bool sight_failed = false;     // the endpoint can be asked for sessions, and failed to answer
  Presence session_before = Presence::unknown;                // before the stimulus
  Presence session_after = Presence::unknown;                 // after the stimulus, before the control
  std::vector<Presence> bystanders_before, bystanders_after;  // as Case::bystanders
  std::string presence_unknown;                               // why it could not be seen
  // Why the session may not be ready to be deleted; empty if it is.
  std::string not_ready;
};

// What the endpoint answers to a well-formed request for a session that does not exist. The specification leaves it
// open, so it is measured, and a refusal that looks the same proves nothing about an identifier.
struct Baseline {
  std::optional<Answer> missing;
  std::chrono::microseconds first_elapsed{0};  // of the answer to it
  // Requirements on the form of answers that a case of their own reports, over all answers: where an answer is right in
  // everything else, they are not the case's to fail for.
  std::set<std::string> gathered;
  // What is asked of forged requests holds only of an endpoint that refuses any of them: most mocks verify nothing.
  bool authenticates = false;
  std::string authentication;  // the same in words; empty: not asked
};

// A requirement whose level is weaker than `fail_level` does not hide a stronger one: it is blamed only if nothing else
// failed.
[[nodiscard]] Judgement judge(const Case& test, const Observation& seen, const Baseline& baseline,
                              const spec::SpecTable& table, spec::Level fail_level = spec::Level::should);

// True if the answer need not have the protocol's form: where HTTP itself is what is asked about, and a refusal of a
// body for its size (RFC 9110 section 15.5.14), which a proxy may give before the endpoint sees it.
[[nodiscard]] bool may_have_any_form(const Case& test, const wire::Exchange& answered);

// True if a failure of a requirement of `level` fails a run that fails from `fail_level` upwards.
[[nodiscard]] bool fails_run(spec::Level level, spec::Level fail_level);

}  // namespace conformance
