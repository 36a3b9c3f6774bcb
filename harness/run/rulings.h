// What is made of the judge's verdicts before anybody is told of them.
//
// Why: the runner counts and tells verdicts, and knows nothing of the failures that a user has accepted
// (harness/known/known_failures.h), which stand between the judge and the events.
//
//     KnownFailures known = …;
//     RunEnd end = run_with_gtest(plan, executor, table, info, scrubber, listeners, &known);
#pragma once

#include <vector>

#include "harness/run/events.h"

namespace conformance {

class Rulings {
 public:
  virtual ~Rulings() = default;
  virtual void rule(CaseResult& result) = 0;  // once a case and iteration, in the order in which the tests run
  virtual void conclude(RunEnd& end) = 0;     // after the last, before the exit status is decided
};

// Several, each seeing what those before it made of a verdict.
class RulingsInOrder : public Rulings {
 public:
  // Must outlive it.
  void add(Rulings& rulings) { all_.push_back(&rulings); }
  void rule(CaseResult& result) override {
    for (Rulings* one : all_) one->rule(result);
  }
  void conclude(RunEnd& end) override {
    for (Rulings* one : all_) one->conclude(end);
  }

 private:
  std::vector<Rulings*> all_;
};

}  // namespace conformance
