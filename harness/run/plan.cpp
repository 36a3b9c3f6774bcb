#include "harness/run/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/spec/spec_table.h"
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

bool is_chosen(const std::vector<std::string>& patterns, std::string_view id) {
  bool wants_some = false, is_wanted = false;
  for (const std::string_view pattern : patterns) {
    const bool excludes = pattern.starts_with('!');
    const bool matches = glob_match(pattern.substr(excludes ? 1 : 0), id);
    if (excludes && matches) return false;
    wants_some = wants_some || !excludes;
    is_wanted = is_wanted || (!excludes && matches);
  }
  return is_wanted || !wants_some;
}

namespace {

constexpr std::size_t named_cases = 3;

bool matches_any(const std::vector<Case>& all, std::string_view glob) {
  return std::any_of(all.begin(), all.end(), [glob](const Case& c) { return glob_match(glob, c.id); });
}

// The patterns in "a,b" or, as GoogleTest has them, "a:b"; as options, to be typed instead.
std::string hint_at_several(std::string_view glob) {
  std::string options;
  std::size_t parts = 0;
  while (!glob.empty()) {
    const std::size_t end = std::min(glob.find_first_of(",:"), glob.size());
    const std::string_view part = glob.substr(0, end);
    glob.remove_prefix(std::min(end + 1, glob.size()));
    if (part.empty()) continue;
    ++parts;
    options += " --filter " + text::shell_quote(text::visible(part));
  }
  return parts < 2 ? std::string() : "; one pattern an option:" + options;
}

// "id.length" is no id, but ids begin with it.
std::string hint_at_beginning(const std::vector<Case>& all, std::string_view glob) {
  while (glob.ends_with('.')) glob.remove_suffix(1);
  const std::string wider = std::string(glob) + ".*";
  const auto count = std::count_if(all.begin(), all.end(), [&](const Case& c) { return glob_match(wider, c.id); });
  if (glob.empty() || count == 0) return {};
  return fmt::format("; {} {} with it: --filter {}", count, count == 1 ? "case begins" : "cases begin",
                     text::shell_quote(wider));
}

std::string hint_at_requirement(const std::vector<Case>& all, std::string_view glob) {
  std::string some;
  std::size_t count = 0;
  for (const Case& c : all) {
    if (c.requirement != glob && c.characteristic != glob) continue;
    if (count++ < named_cases) some += (some.empty() ? "" : ", ") + c.id;
  }
  if (count == 0)
    return spec::builtin_table().find_requirement(glob) == nullptr
               ? std::string()
               : "; it is a requirement that every answer is held to, whichever case it belongs to";
  const bool is_requirement =
      std::any_of(all.begin(), all.end(), [glob](const Case& c) { return c.requirement == glob; });
  return fmt::format("; it is a {} that {} {} ({}{}), see `glue-conformance explain {}`",
                     is_requirement ? "requirement" : "characteristic", count, count == 1 ? "case asks" : "cases ask",
                     some, count > named_cases ? ", …" : "", glob);
}

// The nearest id, or the nearest beginning of ids for a pattern that is one.
std::string hint_at_nearest(const std::vector<Case>& all, std::string_view glob) {
  const bool is_beginning = glob.ends_with(".*");
  std::vector<std::string> candidates;
  for (const Case& c : all) {
    if (!is_beginning) candidates.push_back(c.id);
    for (std::size_t dot = c.id.find('.'); dot != std::string::npos; dot = c.id.find('.', dot + 1))
      candidates.push_back(c.id.substr(0, dot) + (is_beginning ? ".*" : ""));
  }
  std::string typed(glob);  // ids are in lower case
  std::transform(typed.begin(), typed.end(), typed.begin(), [](unsigned char c) { return std::tolower(c); });
  std::string near = text::nearest(typed, candidates);
  if (near.empty()) return {};
  if (!matches_any(all, near)) near += ".*";
  return "; did you mean '" + near + "'?";
}

[[noreturn]] void refuse(const std::vector<Case>& all, const std::string& pattern, std::string_view glob) {
  if (glob.empty()) throw PlanError("a filter is empty; `glue-conformance list` shows all ids");
  std::string hint = hint_at_several(glob);
  if (hint.empty()) hint = hint_at_beginning(all, glob) + hint_at_requirement(all, glob);
  if (hint.empty()) hint = hint_at_nearest(all, glob);
  throw PlanError(fmt::format("the filter '{}' matches no case{}{} `glue-conformance list` shows all ids",
                              text::visible(pattern), hint, hint.ends_with('?') ? "" : ";"));
}

}  // namespace

std::vector<Case> make_plan(std::vector<Case> all, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    std::string_view glob = pattern;
    if (glob.starts_with('!')) glob.remove_prefix(1);
    if (!matches_any(all, glob)) refuse(all, pattern, glob);
  }
  std::erase_if(all, [&](const Case& c) { return !is_chosen(patterns, c.id); });
  if (all.empty()) throw PlanError("the filters leave no case to run");
  return all;
}

}  // namespace conformance
