#include "reports/not_held.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace conformance::reports {
namespace {

constexpr std::size_t most_reasons = 8, most_pins = 60;

struct PinsNotHeld {
  std::string why;
  std::vector<std::string> ids;
};

}  // namespace

std::vector<std::string> not_held_in_words(const RunEnd& end) {
  std::vector<PinsNotHeld> groups;
  for (const NotHeld& pin : end.not_held) {
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&pin](const PinsNotHeld& of_one_reason) { return of_one_reason.why == pin.why; });
    if (group == groups.end())
      groups.push_back({pin.why, {pin.id}});
    else
      group->ids.push_back(pin.id);
  }
  std::vector<std::string> lines;
  std::size_t left = 0;
  for (const PinsNotHeld& group : groups) {
    if (lines.size() == most_reasons) {
      left += group.ids.size();
      continue;
    }
    const std::size_t shown = std::min(group.ids.size(), most_pins);
    lines.push_back(fmt::format(
        "{} of the profile: {}{}: {}", group.ids.size() == 1 ? "1 pin" : fmt::format("{} pins", group.ids.size()),
        fmt::join(group.ids.begin(), group.ids.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown == group.ids.size() ? "" : fmt::format(" and {} more", group.ids.size() - shown), group.why));
  }
  if (left > 0) lines.push_back(fmt::format("{} more of the profile, for other reasons", left));
  return lines;
}

}  // namespace conformance::reports
