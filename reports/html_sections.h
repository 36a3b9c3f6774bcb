// The sections of the HTML report above its list of cases: pure functions from what a run came to, to HTML.
//
//     out << html::verdict_section(run) << html::requirements_section(run) << html::areas_section(run);
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"
#include "reports/boundary_picture.h"
#include "reports/tally.h"

namespace conformance::reports::html {

// What is kept of a case.
struct Row {
  std::string id, area, requirement;
  std::string_view status;  // status_of()
  std::string answer;       // answer_of()
  std::optional<std::chrono::microseconds> latency;
  std::optional<Probe> probe;
  std::string line, details;  // CaseView
  int badness = 0;
};

// What the sections are made of. The rows are sorted, the worst first; all must outlive the call.
struct Run {
  const RunInfo& info;
  const spec::SpecTable& table;
  const RunEnd& end;
  const std::vector<const Row*>& rows;
  const std::vector<RequirementTally>& requirements;
};

// "pass" where everything conforms, "fail" where it does not, "inconclusive" where that is not known, "error" where it
// could not be found out.
[[nodiscard]] std::string_view verdict_of(const RunEnd& end);
// One sentence without the exit status.
[[nodiscard]] std::string verdict_sentence(const Run& run);

[[nodiscard]] std::string verdict_section(const Run& run);
[[nodiscard]] std::string requirements_section(const Run& run);
[[nodiscard]] std::string areas_section(const Run& run);
[[nodiscard]] std::string boundaries_section(const Run& run);
[[nodiscard]] std::string characteristics_section(const Run& run);
[[nodiscard]] std::string latency_section(const Run& run);

// What the list can be narrowed to; a script makes it work and shows it.
[[nodiscard]] std::string filters(const Run& run);

// "?area=id.length&verdict=fail#cases", for an attribute.
[[nodiscard]] std::string filter_link(std::string_view area, std::string_view verdict, std::string_view requirement);

}  // namespace conformance::reports::html
