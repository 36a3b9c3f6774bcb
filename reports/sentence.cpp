#include "reports/sentence.h"

#include <fmt/format.h>

namespace conformance::reports {
namespace {

// What was left out proves nothing: only a whole plan says that the endpoint conforms.
std::string sentence_of_success(const RunInfo& info, const Totals& totals, std::size_t left_out) {
  if (left_out > 0)
    return fmt::format("The {} that fit into the bounds of the run {}; {} did not.",
                       counted(totals.pass + totals.known, "case"), totals.pass + totals.known == 1 ? "passes" : "pass",
                       with_commas(left_out));
  const bool all_apply = totals.skipped == 0;
  if (!info.upstream.empty() && totals.planned >= info.available)
    return fmt::format("Through the proxy {} is as without it.",
                       all_apply ? "everything" : "all that applies to it here");
  if (totals.planned >= info.available)
    return all_apply ? "The endpoint conforms." : "The endpoint conforms in all that applies to it here.";
  return fmt::format("The {} selected of {} {}{}.", with_commas(totals.planned), counted(info.available, "case"),
                     totals.planned == 1 ? "passes" : "pass", all_apply ? "" : " as far as they apply here");
}

}  // namespace

std::string with_commas(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", with_commas(number), noun, number == 1 ? "" : "s");
}

std::string sentence_of(const RunInfo& info, const RunEnd& end, Seen seen) {
  const Totals& t = end.totals;
  switch (end.exit_status) {
    case 0:
      return sentence_of_success(info, t, seen.left_out);
    case 1:
      if (!info.upstream.empty())
        return fmt::format("Through the proxy not all is as without it: {} failed.",
                           counted(seen.failing, "requirement"));
      return fmt::format("The endpoint does not conform: {} failed.", counted(seen.failing, "requirement"));
    case 4:
      return t.inconclusive > 0 ? fmt::format("Not proved: {} stayed inconclusive.", counted(t.inconclusive, "case"))
                                : "Not proved: no case was executed.";
    case 130:
      return "Interrupted: the report is complete for what ran.";
    default:
      return !end.fatal.empty() || t.error > 0 ? "The endpoint could not be tested."
             : !end.leftovers.empty()          ? "The run could not delete what it created."
             : !end.unwritten.empty()          ? "A report could not be written."
                                               : "The endpoint could not be tested.";
  }
}

}  // namespace conformance::reports
