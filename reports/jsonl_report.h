// The record of a run as JSON lines (record.h): one event a line, each written out before the next case is told of.
//
// Why: whatever kills the run, what it had found out by then can be read, and reports be made of it
// (record_reader.h). A last half line is all that can be lost.
//
//     JsonLinesReport report("out/report.jsonl");    // a RunListener
#pragma once

#include <fstream>
#include <functional>
#include <string>

#include "harness/run/events.h"

namespace conformance::reports {

class JsonLinesReport : public RunListener {
 public:
  explicit JsonLinesReport(std::string path);
  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_case(const CaseResult& result) override;
  // Throws ReportError if anything could not be written.
  void on_end(const RunEnd& end) override;

 private:
  void write(const std::function<void(std::ostream&)>& line);

  std::string path_;
  std::ofstream out_;
  std::string fault_;  // the first
  RunInfo info_;
  const spec::SpecTable* table_ = nullptr;
};

}  // namespace conformance::reports
