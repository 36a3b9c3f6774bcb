// What was found about a case: the words that the judge, the events and the reports share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/spec/spec_table.h"

namespace conformance {

enum class Verdict {
  pass,
  fail,
  known,  // it failed as the user has accepted; no judge says so (harness/known)
  inconclusive,
  skipped,
  error
};
[[nodiscard]] std::string_view name_of(Verdict verdict);

// An answer, classified against the spec table. A pure reading of the response: no expectation is in it.
struct Answer {
  spec::Outcome outcome = spec::Outcome::no_response;
  int status = 0;                   // 0 if there was none
  std::string type;                 // the error's bare shape name, from wherever the answer carries one; empty if none
  std::string type_place;           // "__type", "code" or "X-Amzn-ErrorType"; empty if none
  std::string message;              // may hold anything that an endpoint says
  std::optional<std::string> echo;  // the echoed identifier of a success, if it is a string
  bool echo_is_no_string = false;   // nor null, which says nothing
  bool body_is_object = false;
  bool body_is_empty = false;
  std::string body_fault;  // why the body is not a JSON object; empty if it is
  bool message_is_string = true;
};

// One line for people and for comparing: "400 ValidationException", "200", "no response (timeout)".
[[nodiscard]] std::string summary_of(const Answer& answer);

// The same without what differs from one answer to the next: for counting. "400 ValidationException", "200".
[[nodiscard]] std::string kind_of(const Answer& answer);

// One thing that was checked on a case, in the order in which it was checked.
struct Check {
  std::string requirement;
  bool held = false;
};

struct Judgement {
  Verdict verdict = Verdict::error;
  std::string requirement;  // to blame on fail: the first that did not hold; else the case's primary
  std::string expected;     // fail: what the requirement asks for, one line
  std::string actual;       // what came, one line (escaped for no medium: reports escape)
  std::string reason;       // inconclusive, skipped, error: why, one line
  std::string note;         // a check that could not be made, and why; may be empty
  // fail: what was wrong where the kind of the answer does not say it, without what differs from run to run ("no
  // Content-Type"); of a verdict on all answers, each once.
  std::vector<std::string> causes;
  // fail: the requirements on the form of answers that this one breaks, each with its cause, where nothing else was
  // wrong: a run that asks the cases that gather these leaves them to those.
  std::vector<std::pair<std::string, std::string>> form;
  std::vector<Check> checks;
  Answer answer;
  // Of a conversation that left before an answer was due: whether it had its effect all the same.
  std::optional<bool> carried_out;
  // Whether the session that the case names, which was seen before the stimulus, is gone after it; empty: not seen.
  std::optional<bool> gone;
  // What it showed of characteristics, each with its id: of a story, and of a proxy.
  std::vector<std::pair<std::string, std::string>> readings;
};

}  // namespace conformance
