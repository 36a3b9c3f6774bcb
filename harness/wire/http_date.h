// Dates as HTTP writes them (RFC 9110 section 5.6.7). All three forms are read: a recipient has to.
//
//     parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");   // 784111777 seconds since 1970
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace conformance::wire {

// In seconds since 1970, which years that a time_point of nanoseconds does not reach fit into. Nothing if it is no
// date.
[[nodiscard]] std::optional<std::chrono::seconds> parse_http_date(std::string_view text);

}  // namespace conformance::wire
