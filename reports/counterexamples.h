// Saves what a property found: one file for each, that `replay FILE` sends again.
//
//     CounterexampleReport report("build/report/counterexamples");  // made when there is one to save
#pragma once

#include <string>

#include "harness/run/events.h"

namespace conformance::reports {

class CounterexampleReport : public RunListener {
 public:
  explicit CounterexampleReport(std::string folder) : folder_(std::move(folder)) {}

  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_case(const CaseResult& result) override;
  // Throws ReportError if one could not be saved.
  void on_end(const RunEnd& end) override;

 private:
  std::string folder_, tool_version_, fault_;
  std::uint64_t seed_ = 0;
};

}  // namespace conformance::reports
