// A hash that is the same on every machine and in every version, which std::hash does not promise: what is made from a
// seed must not change with the compiler.
//
//     text::stable_hash("id.length.256");  // FNV-1a, 64 bits
#pragma once

#include <cstdint>
#include <string_view>

namespace conformance::text {

[[nodiscard]] constexpr std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace conformance::text
