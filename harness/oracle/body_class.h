// What must, must not and may come of a request body: any byte string, held against the spec table.
//
// The judge needs to know what a body is before it can judge what became of it, and for generated and mutated bodies
// nobody has said it beforehand. The answer is one of four. Only what RFC 8259, the protocol and the constraints of the
// table settle is settled here; where they leave a choice, the body is free, and every choice is named.
//
//     const oracle::Classification c = oracle::classify(R"({"Id":"a"})", spec::builtin_table());
//     c.body_class   // valid
//     c.identifiers  // {"a"}
//     oracle::classify("\xEF\xBB\xBF{\"Id\":\"a\"}", table).reason  // why it is free
//
// A body is read in every way that is open. It is free only if one of them accepts it: a byte order mark before a
// request without an Id is refused by whoever ignores the mark and by whoever does not.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/json_reader.h"
#include "harness/spec/spec_table.h"

namespace conformance::oracle {

enum class BodyClass {
  valid,       // must be accepted as well-formed; names identifiers.front()
  invalid,     // JSON that violates a constraint: must be refused
  unreadable,  // no JSON, or no object: must be refused
  free,        // may be accepted or refused
};
[[nodiscard]] std::string_view name_of(BodyClass body_class);

enum class Violation { missing, null, type, length_min, length_max, pattern };
[[nodiscard]] std::string_view name_of(Violation violation);

struct ConstraintFault {
  std::string member;  // as in the spec table
  Violation violation;
  std::string detail;  // one line: "Id has 256 characters, at most 255 are allowed"
};

// What leaves a body free, or, in a body that is refused anyway, gives a second ground to refuse it.
enum class Freedom {
  byte_order_mark,   // RFC 8259 section 8.1
  encoding,          // UTF-16 or UTF-32: sections 8.1 and 9
  invalid_utf8,      // inside of a string
  lone_surrogate,    // section 8.2
  duplicate_member,  // section 4; in nested objects too
  unknown_member,    // the protocol does not say whether it is ignored
  length_unit,       // within the limit in characters, beyond it in another unit
  size,              // section 9: longer than any valid request needs to be
  depth,             // section 9: nested deeper than any valid request
  number_range,      // sections 6 and 9
};
[[nodiscard]] std::string_view name_of(Freedom freedom);
// One sentence with the source of the freedom.
[[nodiscard]] std::string_view reason_of(Freedom freedom);

struct Classification {
  BodyClass body_class = BodyClass::unreadable;
  std::string reason;  // one line: why this class
  // Of the sessions that a success may act on, in order, without repetition: one if valid, none if the body is refused.
  // Free: one for each reading. A reading whose identifier has no form in UTF-8 names none.
  std::vector<std::string> identifiers;
  std::vector<ConstraintFault> faults;  // invalid: those that hold in every reading
  std::optional<Fault> fault;           // unreadable: the first; empty if it is JSON but no object
  std::vector<Freedom> freedoms;        // in the order of the enumeration
  // invalid, unreadable and free: the kinds of error that a refusal may have.
  bool refusal_as_invalid = false;
  bool refusal_as_unreadable = false;

  [[nodiscard]] bool has(Freedom freedom) const;
  // True if `part` is in every identifier that the body can be read to name: what carries a run's prefix is that run's.
  [[nodiscard]] bool names_only(std::string_view part) const;
};

// Never throws but std::bad_alloc, whatever the bytes. Time and memory as oracle::read.
[[nodiscard]] Classification classify(std::string_view body, const spec::SpecTable& table);

// The longest body, in bytes, that a valid request can need: every member at its longest, every character spelled as an
// escape, no white space. Up to here a text cannot be refused for its size alone.
[[nodiscard]] std::size_t longest_needed(const spec::SpecTable& table);

}  // namespace conformance::oracle
