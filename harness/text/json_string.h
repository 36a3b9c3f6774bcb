// JSON strings byte for byte (RFC 8259 section 7), in the two spellings that clients use.
//
//     text::quote_raw("é\n")    // "é\n"       what is not forbidden goes as UTF-8
//     text::quote_ascii("é\n")  // "\u00e9\n"  as botocore writes it
#pragma once

#include <string>
#include <string_view>

namespace conformance::text {

// Only the escapes that JSON demands. Bytes that are not UTF-8 go through as they are.
[[nodiscard]] std::string quote_raw(std::string_view utf8);
// Everything outside of U+0020 to U+007E as \uXXXX (lower-case digits, surrogate pairs), but \n, \r, \t by letter.
// `utf8` must be valid; invalid bytes are left out.
[[nodiscard]] std::string quote_ascii(std::string_view utf8);

}  // namespace conformance::text
