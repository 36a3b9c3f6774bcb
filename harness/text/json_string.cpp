#include "harness/text/json_string.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

#include "harness/text/utf8.h"

namespace conformance::text {
namespace {

// The escape of what must be escaped; empty for anything else.
std::string mandatory_escape(unsigned char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return c < 0x20 ? fmt::format("\\u{:04x}", c) : std::string();
  }
}

}  // namespace

std::string quote_raw(std::string_view utf8) {
  std::string out = "\"";
  for (const char c : utf8) {
    const std::string escape = mandatory_escape(static_cast<unsigned char>(c));
    if (escape.empty()) {
      out += c;
    } else {
      out += escape;
    }
  }
  return out + "\"";
}

std::string quote_ascii(std::string_view utf8) {
  std::string out = "\"";
  const auto unit = [&out](std::uint32_t value) { fmt::format_to(std::back_inserter(out), "\\u{:04x}", value); };
  while (!utf8.empty()) {
    const Step next = step(utf8);
    utf8.remove_prefix(next.bytes == 0 ? 1 : next.bytes);
    if (next.bytes == 0) continue;
    const auto c = static_cast<std::uint32_t>(next.code_point);
    const std::string escape = c < 0x80 ? mandatory_escape(static_cast<unsigned char>(c)) : std::string();
    if (!escape.empty()) {
      out += escape;
    } else if (c < 0x7F) {
      out += static_cast<char>(c);
    } else if (c < 0x10000) {
      unit(c);
    } else {
      unit(0xD800 + ((c - 0x10000) >> 10));
      unit(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return out + "\"";
}

}  // namespace conformance::text
