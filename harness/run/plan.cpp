#include "harness/run/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/text/escape.h"
#include "harness/text/suggest.h"

namespace conformance {

bool glob_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<Case> up_to(Tier tier, std::vector<Case> all) {
  std::erase_if(all, [tier](const Case& c) { return c.tier > tier; });
  return all;
}

std::vector<Case> make_plan(std::vector<Case> all, const std::vector<std::string>& patterns) {
  std::vector<std::string_view> wanted, unwanted;
  for (const std::string& pattern : patterns) {
    std::string_view glob = pattern;
    const bool excludes = !glob.empty() && glob.front() == '!';
    if (excludes) glob.remove_prefix(1);
    (excludes ? unwanted : wanted).push_back(glob);
    if (std::any_of(all.begin(), all.end(), [glob](const Case& c) { return glob_match(glob, c.id); })) continue;
    std::vector<std::string> ids;
    for (const Case& c : all) ids.push_back(c.id);
    const std::string near = text::nearest(std::string(glob), ids);
    throw PlanError(fmt::format("the filter '{}' matches no case{}; `glue-conformance list` shows all ids",
                                text::visible(pattern), near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  const auto matches = [](const std::vector<std::string_view>& globs, const Case& c) {
    return std::any_of(globs.begin(), globs.end(), [&c](std::string_view glob) { return glob_match(glob, c.id); });
  };
  std::erase_if(all, [&](const Case& c) { return (!wanted.empty() && !matches(wanted, c)) || matches(unwanted, c); });
  if (all.empty()) throw PlanError("the filters leave no case to run");
  return all;
}

}  // namespace conformance
