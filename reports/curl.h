// How to see a failure again: with this program, or with curl and nothing else.
//
//     out << replay_line(info, result.test.id) << "\n" << curl_line(info, table.service, result.request);
#pragma once

#include <string>

#include "harness/run/events.h"
#include "harness/wire/exchange.h"

namespace conformance::reports {

// A POSIX shell line that sends the request with its body byte for byte. Credentials come from the environment
// variables that AWS's tools use, else they are test and test as in a run; no secret is in the line.
[[nodiscard]] std::string curl_line(const RunInfo& info, const std::string& service, const wire::Request& request);

[[nodiscard]] std::string replay_line(const RunInfo& info, const Case& test);

}  // namespace conformance::reports
