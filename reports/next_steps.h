// What helps most after a run, as commands that can be pasted: chosen by what happened.
//
//     for (const NextStep& step : next_steps({info, table, end, requirements, inconclusive, errors,
//     "out/report.html"}))
//       out << step.label << "  " << step.command << "\n";
#pragma once

#include <string>
#include <vector>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"
#include "reports/tally.h"

namespace conformance::reports {

struct NextStep {
  std::string label;  // one word
  std::string command;
};

struct RunOutcome {
  const RunInfo& info;
  const spec::SpecTable& table;
  const RunEnd& end;
  const std::vector<RequirementTally>& requirements;
  const std::vector<ReasonTally>& inconclusive;
  const std::vector<ReasonTally>& errors;
  std::string html;  // the page that was written; empty: none was
};

// At most three, the most useful first; none where nothing is left to do.
[[nodiscard]] std::vector<NextStep> next_steps(const RunOutcome& outcome);

}  // namespace conformance::reports
