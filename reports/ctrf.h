// CTRF (Common Test Report Format): JSON that generic dashboards and bots read.
//
// A failure and an error are `failed`; what proved nothing, and a warning, is `other`, with our word as rawStatus. What
// CTRF has no place for (requirement, level, evidence, sources) is in `extra`.
//
//     CtrfReport report("out/ctrf-report.json");    // a RunListener
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/run/events.h"

namespace conformance::reports {

class CtrfReport : public RunListener {
 public:
  explicit CtrfReport(std::string path) : path_(std::move(path)) {}
  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_case(const CaseResult& result) override;
  // Writes the file; throws ReportError if it cannot.
  void on_end(const RunEnd& end) override;

 private:
  struct Row {
    std::string status, area, json;
    int badness = 0;
  };
  [[nodiscard]] Row row_of(const CaseResult& result) const;
  // What is no case: the endpoint that could not be tested, the session that was left.
  void add_of_run(const std::string& name, const std::string& message);

  std::string path_;
  RunInfo info_;
  spec::SpecTable table_;
  std::vector<Row> rows_;                            // in the order in which the cases were first seen
  std::unordered_map<std::string, std::size_t> at_;  // case id -> index in rows_
};

}  // namespace conformance::reports
