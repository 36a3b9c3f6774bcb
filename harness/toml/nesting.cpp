#include "harness/toml/nesting.h"

#include <algorithm>

namespace conformance::toml {
namespace {

// Behind a comment, or a string of whatever kind, that begins the text; the text itself if none does.
std::string_view behind_what_does_not_count(std::string_view text) {
  const char first = text.front();
  if (first == '#') return text.substr(std::min(text.find('\n'), text.size()));
  if (first != '"' && first != '\'') return text;
  const std::string_view quotes = text.substr(0, 3);
  const bool is_long = quotes == "\"\"\"" || quotes == "'''";
  const std::string_view end = is_long ? quotes : text.substr(0, 1);
  for (std::size_t at = end.size(); at < text.size(); ++at) {
    if (first == '"' && text[at] == '\\') {
      ++at;
    } else if (text.substr(at).starts_with(end)) {
      return text.substr(at + end.size());
    } else if (!is_long && text[at] == '\n') {
      return text.substr(at);  // no TOML
    }
  }
  return {};
}

}  // namespace

bool nests_deeper(std::string_view text, int most) {
  int depth = 0;
  while (!text.empty()) {
    const std::string_view rest = behind_what_does_not_count(text);
    if (rest.size() < text.size()) {
      text = rest;
      continue;
    }
    const char c = text.front();
    depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
    depth = std::max(depth, 0);
    if (depth > most) return true;
    text.remove_prefix(1);
  }
  return false;
}

}  // namespace conformance::toml
