// Is this JSON? The oracle's own reader (RFC 8259), because a judge cannot take the word of a library for what a
// request body is: it must read any bytes, to any depth, without an opinion of its own, and say what is wrong and
// where.
//
// It reads iteratively, in time and memory linear in the text (sorting of names aside), so that a body of a million
// brackets is a body like any other. It keeps what the usual readers throw away: names that stand twice, surrogates
// that stand alone, a byte order mark, and whether the fault is one of grammar or only of UTF-8 inside of a string.
//
//     const oracle::Document d = oracle::read(R"({"Id":"a","\u0049d":"b"})");
//     d.fault                // nullopt: well-formed
//     d.members[1].name      // U"Id", as in members[0]
//     d.duplicate_name       // offset 10
//     oracle::read("{'Id':1}").fault  // kind object, offset 1, section "4"
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::oracle {

enum class ValueKind { null, boolean, number, string, array, object };
[[nodiscard]] std::string_view name_of(ValueKind kind);

enum class FaultKind {
  empty,      // no value at all: nothing, or white space alone
  truncated,  // the text ends before its value does
  trailing,   // something follows the value
  value,      // no value begins like this
  literal,    // neither true, false nor null
  number,     // not a number's form
  object,     // no name, colon, comma or brace where the object needs one
  array,      // no comma or bracket where the array needs one
  control,    // a bare control character in a string
  escape,     // no such escape
  utf8,       // bytes that are no UTF-8
};
[[nodiscard]] std::string_view name_of(FaultKind kind);
// The section of RFC 8259 that the fault violates: "7".
[[nodiscard]] std::string_view section_of(FaultKind kind);

struct Fault {
  FaultKind kind;
  std::size_t offset;  // in bytes from the start of the text, a byte order mark included; the size of a text that ends
};

// One line for people: "at byte 12: a bare control character in a string (RFC 8259 section 7)".
[[nodiscard]] std::string describe(const Fault& fault);

// A member of the top-level object. Strings are code points after unescaping; a surrogate that is escaped without its
// other half stands as itself, a sequence of bytes that is no UTF-8 as one or more U+FFFD.
struct Member {
  std::u32string name;
  ValueKind kind = ValueKind::null;
  std::u32string text;           // of a string; else empty
  std::size_t name_offset = 0;   // in bytes, of the opening quotation mark
  std::size_t value_offset = 0;  // in bytes, of the value's first byte
  bool exact = true;             // false: name or text holds bytes that are no UTF-8, and U+FFFD stands for them
};

struct Document {
  // The first fault, and the first that is there even for a reader that takes ill-formed UTF-8 inside of a string for
  // some text or other. Both empty: well-formed. Only the second empty: malformed in its strings' encoding alone.
  std::optional<Fault> fault;
  std::optional<Fault> grammar_fault;

  // With a grammar fault, the rest is what was read up to it.
  ValueKind kind = ValueKind::null;           // of the top-level value
  std::vector<Member> members;                // of a top-level object, in order, duplicates included
  bool byte_order_mark = false;               // the text begins with U+FEFF; section 8.1 lets a parser ignore it
  std::size_t depth = 0;                      // of nesting: 0 for a scalar, 1 for {}
  bool wide_number = false;                   // a number has more than 15 digits, or an exponent (section 6)
  std::optional<std::size_t> lone_surrogate;  // byte offset of the first escape of one, anywhere (section 8.2)
  std::optional<std::size_t> duplicate_name;  // byte offset of the second of two equal names in one object, anywhere
};

// Reads any bytes. Never throws but std::bad_alloc.
[[nodiscard]] Document read(std::string_view bytes);

}  // namespace conformance::oracle
