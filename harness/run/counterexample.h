// A failing stimulus as a file: what a property found, to be sent again later, to the same endpoint or another.
//
// Why: a generated case has no id under which another version, or another number of examples, would find it again. The
// file holds all that decides its bytes and its verdict: the body, the control, the session, and what is asked.
//
//     write_file(path, to_json({.test = result.test, .seed = 7, .tool_version = "0.1.0"}));
//     const Counterexample read = parse_counterexample(text, table);  // throws CounterexampleError
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/case/case.h"
#include "harness/judge/verdict.h"

namespace conformance {

struct Counterexample {
  Case test;  // without property, sweep and smaller cases
  std::uint64_t seed = 0;
  std::string tool_version;
  std::string requirement;  // that was blamed
  std::string expected, actual;
};

// A file that cannot be used; what() says where and why.
class CounterexampleError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// JSON text. Bodies are in it twice: as base64, which is what is read, and as text, for people.
[[nodiscard]] std::string to_json(const Counterexample& counterexample);

// Reads what to_json() writes, strictly: unknown and missing members, a requirement that the table has not and bytes
// that are no base64 are errors.
[[nodiscard]] Counterexample parse_counterexample(std::string_view json_text, const spec::SpecTable& table);

}  // namespace conformance
