#include "harness/text/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace conformance::text {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t none = 64;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = none;
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}

constexpr std::array<std::uint8_t, 256> values = make_values();

void append_group(std::string& out, std::uint32_t group, std::size_t digits) {
  const std::array<char, 4> all{alphabet[group >> 18U], alphabet[group >> 12U & 63U], alphabet[group >> 6U & 63U],
                                alphabet[group & 63U]};
  out.append(all.data(), digits);
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  const auto byte = [bytes](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(bytes[i]); };
  std::size_t i = 0;
  for (; bytes.size() - i >= 3; i += 3) append_group(out, byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2), 4);
  if (bytes.size() - i == 2) append_group(out, byte(i) << 16U | byte(i + 1) << 8U, 3);
  if (bytes.size() - i == 1) append_group(out, byte(i) << 16U, 2);
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const std::string_view digits = text.substr(0, text.size() - padding);
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0, count = 0;
  for (const char c : digits) {
    const std::uint32_t value = values[static_cast<unsigned char>(c)];
    if (value == none) return std::nullopt;
    bits = (bits << 6U | value) & 0xFFFFU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFFU);
  }
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return out;
}

}  // namespace conformance::text
