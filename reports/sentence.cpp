#include "reports/sentence.h"

#include <fmt/format.h>

namespace conformance::reports {
namespace {

std::string but_for(const Totals& totals) {
  return totals.known == 0 ? "" : fmt::format(", but for {} known to fail", counted(totals.known, "case"));
}

// What was left out proves nothing: only a whole plan says that the endpoint conforms.
std::string sentence_of_success(const RunInfo& info, const Totals& totals, std::size_t left_out) {
  if (totals.planned == 0) return "This shard holds none of the cases.";
  if (left_out > 0)
    return fmt::format("The {} that fit into the bounds of the run {}{}; {} did not.",
                       counted(totals.pass + totals.known, "case"), totals.pass + totals.known == 1 ? "passes" : "pass",
                       with_warnings(totals), with_commas(left_out));
  const bool all_apply = totals.skipped == 0;
  if (!info.upstream.empty() && totals.planned >= info.available)
    return fmt::format("Through the proxy {} is as without it{}{}.",
                       all_apply ? "everything" : "all that applies to it here", but_for(totals),
                       with_warnings(totals));
  if (totals.planned >= info.available)
    return fmt::format("The endpoint conforms{}{}{}.", all_apply ? "" : " in all that applies to it here",
                       but_for(totals), with_warnings(totals));
  return fmt::format("The {} selected of {} {}{}{}{}.", with_commas(totals.planned), counted(info.available, "case"),
                     totals.planned == 1 ? "passes" : "pass", all_apply ? "" : " as far as they apply here",
                     but_for(totals), with_warnings(totals));
}

}  // namespace

std::string with_warnings(const Totals& totals) {
  return totals.warnings == 0 ? "" : fmt::format(", with {}", counted(totals.warnings, "warning"));
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
      if (seen.failing == 0 && !end.stale.empty())
        return fmt::format("Not up to date: {} of the known failures {}.",
                           end.stale.size() == 1 ? "1 entry" : with_commas(end.stale.size()) + " entries",
                           end.stale.size() == 1 ? "passes" : "pass");
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
