#include "harness/text/utf8.h"

#include <algorithm>

#include "harness/text/eight_bytes.h"

namespace conformance::text {
namespace {

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// How many bytes at the front are ASCII: eight at a time, as nearly all that is looked at is.
std::size_t ascii_size(std::string_view bytes) {
  std::size_t size = 0;
  while (bytes.size() - size >= 8 && !has_non_ascii(eight_at(bytes, size))) size += 8;
  while (size < bytes.size() && static_cast<unsigned char>(bytes[size]) < 0x80) ++size;
  return size;
}

}  // namespace

void append(std::string& out, char32_t c) {
  const auto byte = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  const auto further = [&](unsigned shift) { return byte(0x80 | ((c >> shift) & 0x3F)); };
  // At once, as each growing of the string is a call.
  if (c < 0x80) {
    out += byte(c);
  } else if (c < 0x800) {
    out.append({byte(0xC0 | (c >> 6)), further(0)});
  } else if (c < 0x10000) {
    out.append({byte(0xE0 | (c >> 12)), further(6), further(0)});
  } else {
    out.append({byte(0xF0 | (c >> 18)), further(12), further(6), further(0)});
  }
}

std::string encode(char32_t code_point) {
  std::string out;
  append(out, code_point);
  return out;
}

Step step(std::string_view bytes) {
  if (bytes.empty()) return {};
  const auto lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80) return {1, lead};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return {};
  char32_t c = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (!is_continuation(byte)) return {};
    c = (c << 6) | (byte & 0x3FU);
  }
  const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  if (overlong || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) return {};
  return {length, c};
}

std::optional<std::u32string> decode(std::string_view bytes) {
  std::u32string out;
  while (true) {
    const std::size_t ascii = ascii_size(bytes), before = out.size();
    out.resize(before + ascii);
    std::copy_n(bytes.begin(), ascii, out.begin() + static_cast<std::ptrdiff_t>(before));
    bytes.remove_prefix(ascii);
    if (bytes.empty()) return out;
    const Step next = step(bytes);
    if (next.bytes == 0) return std::nullopt;
    out += next.code_point;
    bytes.remove_prefix(next.bytes);
  }
}

bool is_valid(std::string_view bytes) {
  while (true) {
    bytes.remove_prefix(ascii_size(bytes));
    if (bytes.empty()) return true;
    const Step next = step(bytes);
    if (next.bytes == 0) return false;
    bytes.remove_prefix(next.bytes);
  }
}

std::size_t code_points(std::string_view valid) {
  std::size_t count = 0;
  for (const char c : valid) count += !is_continuation(static_cast<unsigned char>(c));
  return count;
}

std::size_t utf16_units(std::string_view valid) {
  std::size_t count = code_points(valid);
  for (const char c : valid) count += static_cast<unsigned char>(c) >= 0xF0;
  return count;
}

}  // namespace conformance::text
