// The corpus of JSON bodies (fixtures/corpus/json) as data: what a request body may look like, and what has to become
// of it. Bodies are recipes, because a reviewer can read "100,000 times [" and cannot read the bytes.
//
//     for (const generate::Entry& entry : generate::builtin_corpus()) {
//       const std::string body = generate::expand(entry, "conformance-1");
//       …
//     }
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::generate {

enum class Expectation {
  must_accept,  // a valid request
  must_reject,  // the client's error, without effect
  free,         // either
};
[[nodiscard]] std::string_view name_of(Expectation expectation);

enum class Encoding { utf16_le, utf16_be, utf32_le, utf32_be };

struct Recipe {
  enum class Kind { text, bytes, sequence, repeat, encode };
  Kind kind = Kind::text;
  std::string text;                        // text: with placeholders; bytes: as they are
  std::vector<Recipe> parts;               // sequence: any number; repeat, encode: one
  std::size_t count = 1;                   // repeat
  Encoding encoding = Encoding::utf16_le;  // encode
};

struct Entry {
  std::string id;        // stable: "strings.escape.name"
  std::string sentence;  // for people
  Expectation expectation = Expectation::free;
  std::string characteristic;  // free: what is measured, "body.size"; else empty
  std::string requirement;     // must_reject, where it is not the one of bodies that are no JSON; else empty
  std::string source;          // what the expectation rests on
  Recipe body;
};

// A file that cannot be used; what() has one line per fault, each with the file and the JSON pointer of the place.
class CorpusError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads one file strictly: JSON without duplicate names, then the JSON Schema beside it (unknown keys refused), then
// what a schema cannot say (unique ids that begin with the area, a characteristic for free entries alone, placeholders
// that exist, recipes of at most 64 MiB). `file` is for messages. Throws CorpusError.
[[nodiscard]] std::vector<Entry> parse_corpus(std::string_view file, std::string_view json_text);

// All files compiled into the program, in a fixed order. Parsed once; never throws after the tests have passed.
[[nodiscard]] const std::vector<Entry>& builtin_corpus();

// The entry's bytes, the placeholders filled from `identifier`, which must be valid UTF-8: else std::invalid_argument.
[[nodiscard]] std::string expand(const Entry& entry, std::string_view identifier);

// How many bytes that has for an empty identifier, without making them.
[[nodiscard]] std::size_t expanded_size(const Entry& entry);

}  // namespace conformance::generate
