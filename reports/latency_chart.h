// How long an endpoint took: a histogram as SVG, and its percentiles.
//
//     out << latency_chart({2ms, 3ms, 40ms});
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace conformance::reports {

struct Bucket {
  std::chrono::microseconds from{0}, below{0};  // half-open
  std::size_t count = 0;
};

// From the bucket of the smallest to that of the largest, none left out; each spans half an octave. `times` in any
// order.
[[nodiscard]] std::vector<Bucket> buckets_of(const std::vector<std::chrono::microseconds>& times);

// The smallest of `sorted` (not empty) that at least `percent` of them do not exceed.
[[nodiscard]] std::chrono::microseconds percentile(const std::vector<std::chrono::microseconds>& sorted,
                                                   unsigned percent);

// HTML; says so where there is nothing.
[[nodiscard]] std::string latency_chart(std::vector<std::chrono::microseconds> times);

}  // namespace conformance::reports
