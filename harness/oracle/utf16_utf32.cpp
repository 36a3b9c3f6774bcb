#include "harness/oracle/utf16_utf32.h"

#include <cstddef>

#include "harness/oracle/surrogates.h"
#include "harness/text/utf8.h"

namespace conformance::oracle {
namespace {

struct Form {
  std::string_view name;
  std::size_t unit_bytes;
  bool little_endian;
  std::size_t mark_bytes;
};

std::optional<Form> form_of(std::string_view bytes) {
  using namespace std::string_view_literals;
  // UTF-32LE first: its mark begins with that of UTF-16LE.
  if (bytes.starts_with("\xFF\xFE\0\0"sv)) return Form{"UTF-32LE", 4, true, 4};
  if (bytes.starts_with("\0\0\xFE\xFF"sv)) return Form{"UTF-32BE", 4, false, 4};
  if (bytes.starts_with("\xFF\xFE"sv)) return Form{"UTF-16LE", 2, true, 2};
  if (bytes.starts_with("\xFE\xFF"sv)) return Form{"UTF-16BE", 2, false, 2};
  if (bytes.size() < 2) return std::nullopt;
  // A JSON text begins with an ASCII character, and an object with two of them.
  const auto zero = [bytes](std::size_t i) { return i < bytes.size() && bytes[i] == '\0'; };
  if (zero(0) && zero(1) && zero(2) && !zero(3)) return Form{"UTF-32BE", 4, false, 0};
  if (!zero(0) && zero(1) && zero(2) && zero(3)) return Form{"UTF-32LE", 4, true, 0};
  if (zero(0) && !zero(1)) return Form{"UTF-16BE", 2, false, 0};
  if (!zero(0) && zero(1)) return Form{"UTF-16LE", 2, true, 0};
  return std::nullopt;
}

char32_t unit_at(std::string_view bytes, std::size_t at, const Form& form) {
  char32_t unit = 0;
  for (std::size_t i = 0; i < form.unit_bytes; ++i) {
    const std::size_t place = form.little_endian ? form.unit_bytes - 1 - i : i;
    unit = (unit << 8) | static_cast<unsigned char>(bytes[at + place]);
  }
  return unit;
}

bool is_scalar(char32_t c) { return c <= 0x10FFFF && !is_high_surrogate(c) && !is_low_surrogate(c); }

}  // namespace

std::optional<Decoded> decode_utf16_utf32(std::string_view bytes) {
  const std::optional<Form> form = form_of(bytes);
  if (!form || bytes.size() % form->unit_bytes != 0) return std::nullopt;
  Decoded decoded{form->name, {}};
  for (std::size_t at = form->mark_bytes; at < bytes.size(); at += form->unit_bytes) {
    char32_t c = unit_at(bytes, at, *form);
    const std::size_t next = at + form->unit_bytes;
    if (form->unit_bytes == 2 && is_high_surrogate(c) && next < bytes.size() &&
        is_low_surrogate(unit_at(bytes, next, *form))) {
      c = 0x10000 + ((c - 0xD800) << 10) + (unit_at(bytes, next, *form) - 0xDC00);
      at = next;
    }
    text::append(decoded.text, is_scalar(c) ? c : U'\uFFFD');
  }
  return decoded;
}

}  // namespace conformance::oracle
