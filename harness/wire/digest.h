// SHA-256 and HMAC as signatures take them by the thousand: without what OpenSSL 3 looks up and allocates on each call.
//
//     const std::string hash = hex(sha256(body));
//     const Digest signature = hmac(view(key), text);
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace conformance::wire {

using Digest = std::array<unsigned char, 32>;

[[nodiscard]] inline std::string_view view(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Of the parts put together. Throws std::bad_alloc only; so below.
[[nodiscard]] Digest sha256(std::string_view first, std::string_view second = {});
[[nodiscard]] Digest hmac(std::string_view key, std::string_view message);

// 64 digits in lower case.
[[nodiscard]] std::string hex(const Digest& digest);

}  // namespace conformance::wire
