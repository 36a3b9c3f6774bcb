// Nothing that an endpoint says is trusted in our output: here its bytes become text that is harmless everywhere.
//
// The result is valid UTF-8 without control characters, so that it acts on no terminal and breaks no XML; the tokens by
// which CI runners take commands from a log are broken (facts on reports: GitHub "::" and "##[", Azure "##vso["); and a
// reader can tell every byte that was there, since a literal backslash is doubled.
//
//     text::visible("a\x1b[31m\xff")   // a\u001b[31m\xff
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace conformance::text {

// One line. Reversible: \\ \n \r \t \u001b \U000e0001 for code points, \xff for a byte that is no UTF-8.
[[nodiscard]] std::string visible(std::string_view bytes);
// The same with line feeds kept (and the CR of a CR LF left out).
[[nodiscard]] std::string visible_lines(std::string_view bytes);

// What no text shows as it is: controls, format characters (zero-width, bidirectional), line separators, what is no
// character.
[[nodiscard]] bool is_hidden(char32_t code_point);

// At most about `max` bytes of a visible text, two dozen more where that saves nothing: head and tail, and in between
// how much is left out. Cuts no character.
[[nodiscard]] std::string elide(std::string_view visible, std::size_t max);

// Visible, of at most about 200 bytes, between apostrophes: how a message names what somebody wrote.
[[nodiscard]] std::string in_quotes(std::string_view bytes);

// Sixteen bytes a line: offset, hexadecimal, ASCII; a last line says what was left out beyond `max_bytes`.
[[nodiscard]] std::string hexdump(std::string_view bytes, std::size_t max_bytes);

// As one word of a POSIX shell; unquoted where that is safe. `word` holds no NUL.
[[nodiscard]] std::string shell_quote(std::string_view word);

// A POSIX shell command that writes exactly these bytes to its standard output, on one line and in ASCII. Long runs of
// one byte are written by head and tr, so that a body of 64 KiB stays readable.
[[nodiscard]] std::string printf_command(std::string_view bytes);

// For a URL or a form: every byte that is not unreserved as % and two digits (RFC 3986 section 2.1).
[[nodiscard]] std::string percent_encoded(std::string_view bytes);

}  // namespace conformance::text
