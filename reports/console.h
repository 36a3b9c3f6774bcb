// The summary that a person reads: by requirement, with the smallest example of each failure and how to reproduce it.
//
// Progress goes to one stream (standard error), the summary to the other; with the progress, the first failure of each
// requirement as soon as it is known, so that nobody waits for the end of a run that is lost. Failures are grouped: one
// requirement is one block with its sentence, level, evidence and source, however many cases show it, and in it each
// kind of answer is one line. The end is what to do next.
//
//     ConsoleReport console(std::cout, std::cerr, {.color = want_color("auto", isatty(1), getenv)});
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/events.h"
#include "reports/tally.h"

namespace conformance::reports {

enum class Progress { none, counter, bar };

struct ConsoleOptions {
  bool color = false;
  Progress progress = Progress::none;
  std::size_t width = 40;            // of the bar, at most
  std::size_t columns = 0;           // prose is broken to fit into them, commands never; 0: nothing is
  std::size_t progress_columns = 0;  // the same for the progress, the bar included
  bool next = true;                  // end with what to do next
  std::string html{};                // the page that the run writes too; empty: none
};

// Flag, then NO_COLOR (non-empty), then CLICOLOR_FORCE or FORCE_COLOR, then a terminal that is not dumb.
[[nodiscard]] bool want_color(std::string_view flag, bool is_terminal,
                              const std::function<const char*(const char*)>& env);

class ConsoleReport : public RunListener {
 public:
  // The streams must outlive it.
  ConsoleReport(std::ostream& out, std::ostream& progress, ConsoleOptions options);

  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_progress(std::size_t done, std::size_t planned) override;
  void on_case(const CaseResult& result) override;
  void on_end(const RunEnd& end) override;

 private:
  // A line of prose, broken to fit; what is broken off is indented by `hang`.
  void say(std::string_view line, std::size_t hang);
  void print_failing(const RequirementTally& failing);
  void print_causes(const RequirementTally& failing);
  void print_next(const RunEnd& end);
  void print_story(const CaseResult& example);
  void print_groups(const std::vector<ReasonTally>& groups, std::string_view title);
  void print_known();
  void print_characteristics(const RunEnd& end);
  void print_leftovers(const RunEnd& end);
  void print_verdict(const RunEnd& end, std::size_t failing);
  void announce_failure(const CaseResult& result);
  [[nodiscard]] std::string paint(std::string_view text, std::string_view code) const;

  std::ostream& out_;
  std::ostream& progress_;
  ConsoleOptions options_;
  RunInfo info_;
  const spec::SpecTable* table_ = nullptr;
  Tally tally_;
  std::set<std::string> announced_;  // requirements
  std::set<std::string> left_out_;   // cases, for the bounds of the run
  std::size_t last_shown_ = 0;
  bool redraw_ = false;  // the bar was taken away for a line
};

}  // namespace conformance::reports
