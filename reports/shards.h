// The records of the shards of one plan, as one run.
//
// Why: a job that is split over machines (GTEST_TOTAL_SHARDS) is right only as a whole. One report out of shards is
// made only if they are of one plan and every case of it is in exactly one of them.
//
//     Shards shards;
//     for (const std::string& path : paths) RecordReader(path).tell(shards.add(path));
//     if (std::vector<std::string> faults = shards.faults(); faults.empty()) int status = shards.tell(reports);
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance::reports {

class Shards {
 public:
  // A listener for one shard more; lives as long as this.
  [[nodiscard]] RunListener& add(const std::string& file);

  // Why they are no whole plan, a line each; empty if they are.
  [[nodiscard]] std::vector<std::string> faults() const;

  // As one run, its cases in the order of the plan; only if there are no faults. Returns the exit status. What a case
  // found out over all answers of a run is over those of its shard.
  int tell(RunListener& listener) const;

 private:
  struct Shard;
  class Listener;

  [[nodiscard]] RunInfo merged_info() const;
  void add_stale(RunEnd& end) const;
  void add_not_held(RunEnd& end) const;

  std::vector<std::shared_ptr<Shard>> shards_;
  std::vector<std::shared_ptr<Listener>> listeners_;
};

}  // namespace conformance::reports
