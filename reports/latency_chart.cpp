#include "reports/latency_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "reports/html_case.h"
#include "reports/html_text.h"
#include "reports/sentence.h"

namespace conformance::reports {
namespace {

using std::chrono::microseconds;

constexpr double per_octave = 2;

int index_of(microseconds time) {
  const auto us = static_cast<double>(std::max<std::int64_t>(time.count(), 1));
  return static_cast<int>(std::floor(std::log2(us) * per_octave));
}

microseconds edge(int index) {
  return microseconds{static_cast<std::int64_t>(std::ceil(std::exp2(index / per_octave)))};
}

constexpr double height = 120, bar = 34, gap = 3, labels = 22;

std::string bars(const std::vector<Bucket>& buckets) {
  std::size_t most = 1;
  for (const Bucket& bucket : buckets) most = std::max(most, bucket.count);
  const double width = static_cast<double>(buckets.size()) * bar;
  std::string out = fmt::format(
      R"(<svg class="hist" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}" role="img" aria-label="Histogram of latency">)",
      width + bar, height + labels);
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const Bucket& bucket = buckets[i];
    const double share = static_cast<double>(bucket.count) / static_cast<double>(most);
    const double tall = bucket.count == 0 ? 0 : std::max(share * (height - 16), 1.5);
    const double x = static_cast<double>(i) * bar;
    out +=
        fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{} to {}: {}</title></rect>)",
                    x + gap / 2, height - tall, bar - gap, tall, html::duration(bucket.from),
                    html::duration(bucket.below), counted(bucket.count, "case"));
    if (bucket.count > 0)
      out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="n">{}</text>)", x + bar / 2, height - tall - 4,
                         with_commas(bucket.count));
    if (i % 2 == 0)
      out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}">{}</text>)", x, height + 15, html::duration(bucket.from));
  }
  return out + fmt::format(R"(<line x1="0" x2="{0:.0f}" y1="{1:.1f}" y2="{1:.1f}"/></svg>)", width, height);
}

}  // namespace

std::vector<Bucket> buckets_of(const std::vector<microseconds>& times) {
  if (times.empty()) return {};
  const auto [least, most] = std::minmax_element(times.begin(), times.end());
  const int first = index_of(*least), last = index_of(*most);
  std::vector<Bucket> buckets;
  for (int i = first; i <= last; ++i) buckets.push_back({edge(i), edge(i + 1), 0});
  for (const microseconds time : times) ++buckets[static_cast<std::size_t>(index_of(time) - first)].count;
  return buckets;
}

microseconds percentile(const std::vector<microseconds>& sorted, unsigned percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

std::string latency_chart(std::vector<microseconds> times) {
  if (times.empty()) return "<p class=\"none\">nothing was answered</p>";
  std::sort(times.begin(), times.end());
  std::string out = "<dl class=\"facts\">";
  for (const unsigned percent : {50U, 90U, 99U})
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>",
                       percent == 50 ? "Median" : fmt::format("{}th percentile", percent),
                       html::duration(percentile(times, percent)));
  out += fmt::format("<div><dt>Slowest</dt><dd>{}</dd></div><div><dt>Answers</dt><dd>{}</dd></div></dl>",
                     html::duration(times.back()), with_commas(times.size()));
  return out + "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Histogram\">" +
         bars(buckets_of(times)) + "</div>";
}

}  // namespace conformance::reports
