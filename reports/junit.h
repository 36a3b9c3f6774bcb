// JUnit XML that every CI system reads right: where they differ, the file stays within what all of them understand.
//
// Flat suites (one an area), at most one finding a case, no CDATA, no character that XML refuses, counts that equal the
// children. JUnit has three findings for our verdicts: fail is `failure`; error and inconclusive are `error`, since
// nothing was learnt of the endpoint; a warning is `skipped`, since it must not make a pipeline red and a pass would
// hide it.
//
//     JunitReport report("out/junit.xml");    // a RunListener
//     JunitReport by_requirement("out/junit.xml", {.junit_by = JunitBy::requirement, .junit_split = 500});
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/run/events.h"
#include "reports/junit_file.h"
#include "reports/junit_requirements.h"
#include "reports/report_options.h"
#include "reports/whole_file.h"

namespace conformance::reports {

class JunitReport : public RunListener {
 public:
  // Throws ReportError where the report could not be split as the options ask for.
  explicit JunitReport(std::string path, ReportOptions options = {});
  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_case(const CaseResult& result) override;
  // Writes the file, or files; throws ReportError if it cannot.
  void on_end(const RunEnd& end) override;

 private:
  junit::Row row_of(const CaseResult& result) const;
  [[nodiscard]] static junit::Row row_of_stale(const std::vector<std::string>& stale);
  [[nodiscard]] junit::Row row_of_leftovers(const std::vector<std::string>& leftovers) const;
  std::string body_of(const CaseResult& result) const;
  void keep(const CaseResult& result, junit::Row row);

  std::string path_;
  ReportOptions options_;
  RunInfo info_;
  spec::SpecTable table_;
  std::vector<junit::Row> rows_;                     // in the order in which the cases were first seen
  std::unordered_map<std::string, std::size_t> at_;  // case id -> index in rows_
  junit::Requirements requirements_;                 // in place of both, where these are asked for
  junit::Room room_;
};

}  // namespace conformance::reports
