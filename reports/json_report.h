// The record of a run as one JSON document (record.h): what every other report can be made of again.
//
// Written as the run goes on, a case a line, so that memory does not grow with it; under its own name only when it is
// complete. For a record that survives a killed run see jsonl_report.h.
//
//     JsonReport report("out/report.json");    // a RunListener
#pragma once

#include <string>

#include "harness/run/events.h"
#include "reports/whole_file.h"

namespace conformance::reports {

class JsonReport : public RunListener {
 public:
  explicit JsonReport(std::string path);
  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_case(const CaseResult& result) override;
  // Puts the file in its place; throws ReportError if it cannot.
  void on_end(const RunEnd& end) override;

 private:
  WholeFile file_;
  RunInfo info_;
  const spec::SpecTable* table_ = nullptr;
  bool any_case_ = false;
};

}  // namespace conformance::reports
