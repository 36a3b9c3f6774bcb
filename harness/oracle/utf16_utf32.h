// JSON texts in UTF-16 and UTF-32. RFC 8259 section 8.1 wants UTF-8 of whoever writes; but its forerunners had the
// other two as well (RFC 7159 section 8.1), readers that recognise them are at large, and section 9 lets a reader take
// more than it must. So the oracle has to know what such a reader would read.
//
//     oracle::decode_utf16_utf32(std::string_view("{\0}\0", 4))  // name "UTF-16LE", text "{}"
//     oracle::decode_utf16_utf32("{}")                             // nullopt
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace conformance::oracle {

struct Decoded {
  std::string_view encoding;  // "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"
  std::string text;           // as UTF-8, without the byte order mark; U+FFFD for what is no character
};

// Recognises the encoding by its byte order mark, else by where the first four octets are zero (RFC 4627 section 3).
// nullopt if it is neither of the two, or if the text ends within a code unit.
[[nodiscard]] std::optional<Decoded> decode_utf16_utf32(std::string_view bytes);

}  // namespace conformance::oracle
