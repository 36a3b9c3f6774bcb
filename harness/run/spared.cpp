#include "harness/run/spared.h"

#include <algorithm>
#include <iterator>

#include "harness/text/utf8.h"

namespace conformance {
namespace {

// Longer ones are cut by some to what the model allows; nothing is lost by comparing no more of them.
constexpr std::size_t compared = 255;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }

// What two spellings of one identifier have in common.
std::string simplified(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  std::string out;
  for (const char c : text.substr(0, compared)) out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Four hexadecimal digits at `at`, or -1.
int unit_at(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    if (hex_value(text[i]) < 0) return -1;
    value = value * 16 + hex_value(text[i]);
  }
  return value;
}

constexpr bool is_high(int unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low(int unit) { return unit >= 0xDC00 && unit < 0xE000; }

// The escapes of JSON undone as far as they are any (RFC 8259 section 7); what is none stays.
std::string unescaped(std::string_view text) {
  constexpr std::string_view names = "bfnrt", meant = "\b\f\n\r\t";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 1 == text.size()) break;  // an escape that was cut off
    const char next = text[++i];
    const int unit = next == 'u' ? unit_at(text, i + 1) : -1;
    if (unit < 0) {
      const std::size_t name = names.find(next);
      out.push_back(name == std::string_view::npos ? next : meant[name]);
      continue;
    }
    i += 4;
    auto point = static_cast<char32_t>(unit);
    const bool paired = is_high(unit) && i + 2 < text.size() && text[i + 1] == '\\' && text[i + 2] == 'u';
    if (const int low = paired ? unit_at(text, i + 3) : -1; is_low(low)) {
      point = 0x10000 + ((point - 0xD800) << 10U) + (static_cast<char32_t>(low) - 0xDC00);
      i += 6;
    }
    text::append(out, point);
  }
  return out;
}

// Of what begins behind the quote at begin - 1: the next such quote that no backslash stands before, or the end.
std::size_t end_of_quoted(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == text[begin - 1])
      return i;
  }
  return text.size();
}

constexpr std::string_view marks = "{}[]:,\"'";

}  // namespace

Spared::Spared(const std::vector<std::string>& identifiers) {
  for (const std::string& id : identifiers) identifiers_.insert(simplified(id));
}

bool Spared::holds(std::string_view candidate) const {
  return identifiers_.contains(simplified(candidate)) || identifiers_.contains(simplified(unescaped(candidate)));
}

bool Spared::names_any(std::string_view text) const {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(marks, begin), text.size());
    if (holds(text.substr(begin, end - begin))) return true;
    // What is quoted may hold marks itself.
    const bool quoted = begin > 0 && (text[begin - 1] == '"' || text[begin - 1] == '\'');
    if (quoted && holds(text.substr(begin, end_of_quoted(text, begin) - begin))) return true;
    begin = end + 1;
  }
  return false;
}

bool Spared::may_name(std::string_view body) const {
  if (identifiers_.empty()) return false;
  // UTF-16 and UTF-32 of ASCII are the same with NULs between.
  std::string without_nul;
  std::copy_if(body.begin(), body.end(), std::back_inserter(without_nul), [](char c) { return c != '\0'; });
  return names_any(body) || names_any(without_nul);
}

}  // namespace conformance
