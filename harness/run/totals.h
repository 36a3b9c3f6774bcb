// What the verdicts of a run add up to, a case counted once however often it ran.
//
// Why: the run, and what is made of its record afterwards, must come to the same numbers.
//
//     TotalsByCase totals;
//     totals.add(result);
//     end.totals = totals.read();
#pragma once

#include <string>
#include <unordered_map>

#include "harness/run/events.h"

namespace conformance {

class TotalsByCase {
 public:
  // The worst verdict of each case over all iterations (--gtest_repeat). No more of it: a long run has many.
  void add(const CaseResult& result);
  [[nodiscard]] bool contains(const std::string& id) const { return worst_.contains(id); }
  [[nodiscard]] Totals read() const;

 private:
  struct Ruling {
    Verdict verdict = Verdict::error;
    bool warning = false;
  };
  static int badness(const Ruling& ruling);

  std::unordered_map<std::string, Ruling> worst_;  // by case id
};

// The exit status for what happened (design: exit status).
[[nodiscard]] int exit_status(const Totals& totals, bool interrupted, const std::string& fatal,
                              bool has_stale_entries = false);

}  // namespace conformance
