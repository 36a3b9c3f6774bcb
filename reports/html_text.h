// Bytes of anybody's as HTML that shows every one of them and acts on nothing.
//
// What would be invisible, or would change what stands around it (controls, bidirectional marks, U+2028, bytes that are
// no UTF-8), is shown by its name in a <b> of its own, so that a literal backslash or "U+202E" can be told from it, and
// a script can make the bytes again. All results are well-formed as XML too.
//
//     out += "<code>" + html::text(answer.message) + "</code>";
//     out += html::wire_text(exchange.sent, {html::difference(exchange.sent, control.sent)}, 4000);
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::reports::html {

// One line of content: "a<b>LF</b>b", "<b>U+202E</b>", "<b>xFF</b>".
[[nodiscard]] std::string text(std::string_view bytes);

// Printable ASCII and line feeds, which are kept: a command.
[[nodiscard]] std::string plain_lines(std::string_view ascii);

// For an attribute in double quotes; names stand in «»: "a«U+202E»".
[[nodiscard]] std::string attribute(std::string_view bytes);

// The anchor of a case or a requirement, whatever its id: "case-id.length.max".
[[nodiscard]] std::string anchor(std::string_view kind, std::string_view id);

// A value of a query.
[[nodiscard]] std::string query_value(std::string_view value);

// Our own text, in which addresses become links: "https://…", "github.com/…".
[[nodiscard]] std::string linked(std::string_view own);

// Half-open, of offsets.
struct Span {
  std::size_t first = 0, last = 0;
};

// The part of `bytes` that is not in `other`, between what both begin and end with; empty where something is missing.
// Cuts no character.
[[nodiscard]] Span difference(std::string_view bytes, std::string_view other);

// Lines of the head of a message (with what ends it) that `other` lacks, but for those that differ in any two messages.
[[nodiscard]] std::vector<Span> other_lines(std::string_view head, std::string_view other);

// The contents of a <pre>: CR LF is a line's end, anything else shown by name; `marks` (ascending, disjoint) in <mark>.
// Beyond about `max` bytes, what is near a mark, the beginning and the end is kept, and <i> says how much is not.
[[nodiscard]] std::string wire_text(std::string_view bytes, const std::vector<Span>& marks, std::size_t max);

// Sixteen bytes a line, as text::hexdump, with the marks in both columns.
[[nodiscard]] std::string wire_hex(std::string_view bytes, const std::vector<Span>& marks, std::size_t max);

}  // namespace conformance::reports::html
