// How wide text is on a terminal, and lines that fit into it.
//
// A character is as wide as wcwidth() of the C library says: it follows the system's Unicode, and so most likely the
// terminal's; a table of our own would have to. It needs a UTF-8 locale, which is taken for the call alone (C.UTF-8,
// part of glibc since 2.35): neither the program's locale nor the user's changes anything.
//
//     out << wrapped("     An Id of more than 255 characters is refused.", 40, 5) << "\n";
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace conformance::reports {

// Of a line, in UTF-8 as text::visible() makes it; colours (ESC [ … m) take none.
[[nodiscard]] std::size_t columns_of(std::string_view line);

// `line` broken at blanks so that each line has at most `columns`, where a word is no longer; those after the first are
// indented by `hang`. 0 columns: as it is. No word is cut: what is copied stays whole.
[[nodiscard]] std::string wrapped(std::string_view line, std::size_t columns, std::size_t hang);

// Of the terminal that `descriptor` is: COLUMNS, else what it says of itself. 0: it is none, or does not say; then
// lines stay whole, as a log wants them.
[[nodiscard]] std::size_t terminal_columns(int descriptor, const std::function<const char*(const char*)>& env);

}  // namespace conformance::reports
