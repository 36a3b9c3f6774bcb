// Gathers what a run measures, and writes it as a profile.
//
//     MeasuredProfile measured(table, filters);    // a listener of the run
//     …
//     out << measured.to_toml("2026-11-27");
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/profile/profile.h"
#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance::profile {

class MeasuredProfile : public RunListener {
 public:
  // `table` must outlive it. `filters` are those of the run.
  explicit MeasuredProfile(const spec::SpecTable& table, std::vector<std::string> filters = {})
      : table_(table), filters_(std::move(filters)) {}

  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_case(const CaseResult& result) override;
  void on_end(const RunEnd& end) override;

  // In the order of the table; without those that were not measured.
  [[nodiscard]] std::vector<Pin> pins() const;
  // Its characteristics that nothing was seen of.
  [[nodiscard]] std::vector<std::string> not_measured() const;
  // The file. What varies from run to run is in it as a comment, and so is what was not measured, with the reason.
  // `day` is "2026-11-27".
  [[nodiscard]] std::string to_toml(std::string_view day) const;

 private:
  const spec::SpecTable& table_;
  std::vector<std::string> filters_;
  RunInfo info_;
  std::map<std::string, std::map<std::string, std::set<std::string>>> answers_;  // characteristic -> case -> readings
  std::map<std::string, std::string> units_;                                     // of those that are lengths: the unit
  std::map<std::string, std::string> why_not_;  // characteristic -> why a case was not carried out
};

}  // namespace conformance::profile
