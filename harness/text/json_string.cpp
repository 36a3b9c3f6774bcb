#include "harness/text/json_string.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "harness/text/utf8.h"

namespace conformance::text {
namespace {

constexpr std::array<bool, 256> is_plain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 256; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

void append_unit(std::string& out, std::uint32_t unit) {
  constexpr std::string_view hex = "0123456789abcdef";
  out.append({'\\', 'u', hex[unit >> 12U & 15U], hex[unit >> 8U & 15U], hex[unit >> 4U & 15U], hex[unit & 15U]});
}

// Of what must be escaped.
void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      append_unit(out, static_cast<unsigned char>(c));
  }
}

}  // namespace

std::string quote_raw(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size() + 2);
  out += '"';
  for (const char c : utf8) {
    if (is_plain[static_cast<unsigned char>(c)])
      out += c;
    else
      append_escape(out, c);
  }
  out += '"';
  return out;
}

std::string quote_ascii(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size() + 2);
  out += '"';
  while (!utf8.empty()) {
    const Step next = step(utf8);
    utf8.remove_prefix(next.bytes == 0 ? 1 : next.bytes);
    if (next.bytes == 0) continue;
    const auto c = static_cast<std::uint32_t>(next.code_point);
    if (c < 0x7F && is_plain[c]) {
      out += static_cast<char>(c);
    } else if (c < 0x7F) {
      append_escape(out, static_cast<char>(c));
    } else if (c < 0x10000) {
      append_unit(out, c);
    } else {
      append_unit(out, 0xD800 + ((c - 0x10000) >> 10));
      append_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  out += '"';
  return out;
}

}  // namespace conformance::text
