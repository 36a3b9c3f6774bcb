#include "harness/text/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace conformance::text {
namespace {

constexpr std::size_t context = 3;
constexpr std::size_t most_cells = 16UL << 20;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct Line {
  char sign;
  std::string_view text;
};

// Of what stands between the parts that are the same at both ends.
void add_middle(std::vector<Line>& all, const std::vector<std::string_view>& a,
                const std::vector<std::string_view>& b) {
  const std::size_t width = b.size() + 1;
  if ((a.size() + 1) * width > most_cells) {
    for (const std::string_view line : a) all.push_back({'-', line});
    for (const std::string_view line : b) all.push_back({'+', line});
    return;
  }
  std::vector<std::uint32_t> common((a.size() + 1) * width, 0);  // lines that the rests have in common
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i * width + j] = a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1
                                           : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      all.push_back({' ', a[i++]});
      ++j;
    } else if (i < a.size() && (j == b.size() || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      all.push_back({'-', a[i++]});
    } else {
      all.push_back({'+', b[j++]});
    }
  }
}

std::vector<Line> aligned(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  std::size_t head = 0, tail = 0;
  const std::size_t shorter = std::min(a.size(), b.size());
  while (head < shorter && a[head] == b[head]) ++head;
  while (tail < shorter - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const auto middle = [head, tail](const std::vector<std::string_view>& lines) {
    return std::vector(lines.begin() + static_cast<std::ptrdiff_t>(head),
                       lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  std::vector<Line> all;
  for (std::size_t i = 0; i < head; ++i) all.push_back({' ', a[i]});
  add_middle(all, middle(a), middle(b));
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) all.push_back({' ', a[i]});
  return all;
}

std::string range(std::size_t first, std::size_t count) {
  return count == 1 ? fmt::format("{}", first + 1) : fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name) {
  if (before == after) return {};
  const std::vector<Line> all = aligned(lines_of(before), lines_of(after));
  std::string out = fmt::format("--- {}\n+++ {}\n", before_name, after_name);
  std::size_t a = 0, b = 0, at = 0;  // lines before all[at]
  while (at < all.size()) {
    const auto changed = [&all](std::size_t i) { return all[i].sign != ' '; };
    std::size_t first = at;
    while (first < all.size() && !changed(first)) ++first;
    if (first == all.size()) break;
    const std::size_t begin = std::max(at, first - std::min(first, context));
    a += begin - at;
    b += begin - at;
    std::size_t last = first;  // changed; the next is further away than two contexts
    for (std::size_t i = first; i < all.size() && i <= last + 2 * context; ++i)
      if (changed(i)) last = i;
    const std::size_t end = std::min(last + context + 1, all.size());
    std::string hunk;
    std::size_t of_a = 0, of_b = 0;
    for (std::size_t i = begin; i < end; ++i) {
      of_a += all[i].sign == '+' ? 0U : 1U;
      of_b += all[i].sign == '-' ? 0U : 1U;
      hunk += all[i].sign;
      hunk += all[i].text;
      if (!all[i].text.ends_with('\n')) hunk += "\n\\ No newline at end of file\n";
    }
    out += fmt::format("@@ -{} +{} @@\n{}", range(a, of_a), range(b, of_b), hunk);
    a += of_a;
    b += of_b;
    at = end;
  }
  return out;
}

}  // namespace conformance::text
