// JUnit XML that every CI system reads right: where they differ, the file stays within what all of them understand.
//
// Flat suites (one an area), at most one finding a case, no CDATA, no character that XML refuses, counts that equal the
// children. JUnit has three findings for our verdicts: fail is `failure`; error and inconclusive are `error`, since
// nothing was learnt of the endpoint; a warning is `skipped`, since it must not make a pipeline red and a pass would
// hide it.
//
//     JunitReport report("out/junit.xml");    // a RunListener
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/run/events.h"
#include "reports/whole_file.h"

namespace conformance::reports {

class JunitReport : public RunListener {
 public:
  explicit JunitReport(std::string path);
  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_case(const CaseResult& result) override;
  // Writes the file; throws ReportError if it cannot.
  void on_end(const RunEnd& end) override;

 private:
  struct Row {  // all strings fit for XML
    std::string area, name;
    std::string element;  // "failure", "error", "skipped", or empty: passed
    std::string type, message, body, system_out;
    int badness = 0;
    std::chrono::microseconds elapsed{0};
  };
  Row row_of(const CaseResult& result) const;
  [[nodiscard]] static Row row_of_stale(const std::vector<std::string>& stale);
  [[nodiscard]] Row row_of_leftovers(const std::vector<std::string>& leftovers) const;
  std::string body_of(const CaseResult& result) const;
  Row shortened(Row row);

  std::string path_;
  RunInfo info_;
  spec::SpecTable table_;
  std::vector<Row> rows_;                            // in the order in which the cases were first seen
  std::unordered_map<std::string, std::size_t> at_;  // case id -> index in rows_
  std::size_t bodies_bytes_ = 0, dumps_bytes_ = 0;   // as XML, of all rows
};

}  // namespace conformance::reports
