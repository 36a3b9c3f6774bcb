// Numbers for people: a run has tens of thousands of requests, and nobody counts digits.
//
//     text::with_commas(12345);  // "12,345"
#pragma once

#include <cstddef>
#include <string>

namespace conformance::text {

[[nodiscard]] std::string with_commas(std::size_t number);

}  // namespace conformance::text
