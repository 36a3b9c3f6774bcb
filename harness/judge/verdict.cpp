#include "harness/judge/verdict.h"

#include <fmt/format.h>

namespace conformance {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::known:
      return "known";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::skipped:
      return "skipped";
    case Verdict::error:
      return "error";
  }
  return "?";
}

std::string summary_of(const Answer& answer) {
  if (answer.outcome == spec::Outcome::no_response) return fmt::format("no response ({})", answer.body_fault);
  std::string line = fmt::format("{}", answer.status);
  if (!answer.type.empty()) line += " " + answer.type;
  if (answer.outcome == spec::Outcome::success && answer.echo) line += fmt::format(" with \"{}\"", *answer.echo);
  if (answer.type.empty() && !answer.body_fault.empty()) line += " (" + answer.body_fault + ")";
  if (!answer.message.empty()) line += ": " + answer.message;
  return line;
}

std::string kind_of(const Answer& answer) {
  if (answer.outcome == spec::Outcome::no_response) return "no response";
  return answer.type.empty() ? fmt::format("{}", answer.status) : fmt::format("{} {}", answer.status, answer.type);
}

}  // namespace conformance
