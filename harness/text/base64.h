// Bytes as base64 (RFC 4648 section 4) and back, for what is to hold any bytes in JSON.
//
//     text::base64("\xff")         // "/w=="
//     text::from_base64("/w==")    // "\xff"; nullopt of anything that base64() would not have written
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace conformance::text {

[[nodiscard]] std::string base64(std::string_view bytes);
// Strict: with its padding, without line breaks, and with no bit set that no byte has (section 3.5).
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace conformance::text
