// Where the thread that performs cases leaves results and the bodies of tests fetch them, both in the order of the
// tests.
//
// It holds a few waves, and less of large ones: a performer that is faster than the reports waits for them, or its
// results would fill the memory.
//
//     board.post(index, result);            // in one thread
//     board.close("the end was reached");
//     if (const auto result = board.take(index)) …   // in the other
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "harness/run/events.h"

namespace conformance {

class Board {
 public:
  void reset();
  void post(std::size_t index, CaseResult result);
  // Nobody will take anything any more: what is still posted is dropped.
  void abandon();
  // Nothing more will come: whoever waits gets nothing.
  void close(std::string why);
  [[nodiscard]] std::optional<CaseResult> take(std::size_t index);
  [[nodiscard]] std::string why();

 private:
  static constexpr std::size_t most_results = 512;
  static constexpr std::size_t most_bytes = 32UL << 20;

  std::mutex mutex_;
  std::condition_variable arrived_, taken_;
  std::map<std::size_t, CaseResult> results_;
  std::size_t bytes_ = 0;  // of results_
  bool closed_ = false, unread_ = false;
  bool awaited_ = false;  // a test waits for one that is not there yet
  std::string why_;
};

}  // namespace conformance
