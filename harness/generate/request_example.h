// Generated requests: what a property is tried with, and how a counterexample is made smaller.
//
// An example is kept as its parts, not as its bytes: what the members are and how they are spelled. So it can be made
// smaller in its meaning, and the bytes are written anew each time. The generators are RapidCheck's, for shrinking;
// those below work in one pass over a series of numbers (numbers.h) that a rc::Random begins, because a composed one
// costs twenty times as much.
//
//     const auto gen = valid_requests(table);
//     const rc::Shrinkable<RequestExample> example = gen(random_of(seed, "generated.valid", 17));
//     const std::string body = write(example.value(), "gc5f4d4c6f-…", table);
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/spec_table.h"

namespace conformance::generate {

// What stands where a string should.
enum class Shape { text, absent, null, number, boolean, array, object };

struct MemberExample {
  Shape shape = Shape::text;
  std::u32string text = {};  // no surrogates

  friend bool operator==(const MemberExample&, const MemberExample&) = default;
};

// A change to the bytes of a body. Where it is done is a fraction of the body, so that it keeps its place when the body
// is made smaller.
struct Mutation {
  enum class Kind { insert, replace, flip, erase, repeat, truncate };
  Kind kind = Kind::insert;
  std::uint32_t place = 0;   // in 1/2^32 of the body
  std::string bytes = {};    // insert and replace
  std::uint32_t amount = 1;  // erase, repeat: bytes; flip: the bit, 0 to 7

  friend bool operator==(const Mutation&, const Mutation&) = default;
};

struct RequestExample {
  MemberExample identifier;  // its text goes with the token of the case
  bool text_before_token = false;
  MemberExample option{Shape::absent, {}};
  std::uint64_t spelling = 0;  // 0: compact, members in order, no escape that JSON does not demand
  std::vector<Mutation> mutations;

  friend bool operator==(const RequestExample&, const RequestExample&) = default;
};

// The same for the same arguments, and unlike for any other.
[[nodiscard]] rc::Random random_of(std::uint64_t seed, std::string_view property, std::uint64_t index);

// Longest token that examples leave room for, in bytes.
inline constexpr std::size_t token_room = 24;

// Requests that keep every constraint, in every unit of length, biased to the limits and to characters that meet each
// other badly. `table` must outlive the generator; so below.
[[nodiscard]] rc::Gen<RequestExample> valid_requests(const spec::SpecTable& table);
// The same in every spelling that JSON has for them.
[[nodiscard]] rc::Gen<RequestExample> spelled_requests(const spec::SpecTable& table);
// Requests of which one member, or both, breaks its constraints or its type.
[[nodiscard]] rc::Gen<RequestExample> invalid_requests(const spec::SpecTable& table);
// Valid requests of which one to three places were changed byte by byte: anything may have come out.
[[nodiscard]] rc::Gen<RequestExample> mutated_requests(const spec::SpecTable& table);

// The identifier that the example names before its mutations: UTF-8.
[[nodiscard]] std::string identifier_of(const RequestExample& example, std::string_view token);

// The body, byte for byte. `token` is ASCII, at most `token_room` bytes.
[[nodiscard]] std::string write(const RequestExample& example, std::string_view token, const spec::SpecTable& table);

}  // namespace conformance::generate
