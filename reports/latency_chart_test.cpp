#include "reports/latency_chart.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

namespace conformance::reports::latency_chart_test {
namespace {

using std::chrono::microseconds;

std::vector<microseconds> up_to(int number) {
  std::vector<microseconds> times;
  for (int i = 1; i <= number; ++i) times.emplace_back(i);
  return times;
}

TEST(LatencyChart, EveryTimeIsInOneBucket) {
  const std::vector<microseconds> times = up_to(5000);
  const std::vector<Bucket> buckets = buckets_of(times);
  std::size_t all = 0;
  for (const Bucket& bucket : buckets) {
    std::size_t here = 0;
    for (const microseconds time : times) here += time >= bucket.from && time < bucket.below ? 1U : 0U;
    EXPECT_EQ(bucket.count, here) << bucket.from.count();
    all += bucket.count;
  }
  EXPECT_EQ(all, times.size());
}

TEST(LatencyChart, BucketsAdjoin) {
  const std::vector<Bucket> buckets = buckets_of({microseconds{3}, microseconds{1'000'000}});
  ASSERT_GT(buckets.size(), 2U);
  for (std::size_t i = 1; i < buckets.size(); ++i) EXPECT_EQ(buckets[i].from, buckets[i - 1].below);
  EXPECT_EQ(buckets.front().count, 1U);
  EXPECT_EQ(buckets.back().count, 1U);
}

TEST(LatencyChart, PercentilesAreTimesThatOccurred) {
  const std::vector<microseconds> times = up_to(100);
  EXPECT_EQ(percentile(times, 50), microseconds{50});
  EXPECT_EQ(percentile(times, 99), microseconds{99});
  EXPECT_EQ(percentile(times, 100), microseconds{100});
  EXPECT_EQ(percentile({microseconds{7}}, 50), microseconds{7});
}

TEST(LatencyChart, SaysSoWhereNothingWasAnswered) {
  EXPECT_EQ(latency_chart({}), "<p class=\"none\">nothing was answered</p>");
}

TEST(LatencyChart, IsWellFormed) {
  pugi::xml_document document;
  const std::string chart = latency_chart({microseconds{0}, microseconds{90}, microseconds{2'000'000}});
  ASSERT_TRUE(document.load_string(("<div>" + chart + "</div>").c_str()));
  EXPECT_EQ(std::string(document.select_node("//dd[1]").node().text().get()), "90 µs");
}

}  // namespace
}  // namespace conformance::reports::latency_chart_test
