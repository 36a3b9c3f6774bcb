// Changes to the headers of a request, by name without case.
//
//     remove(request, "X-Amz-Date");
//     set(request, "Content-Type", "text/plain");
#pragma once

#include <string>
#include <string_view>

#include "harness/wire/exchange.h"

namespace conformance::suites {

[[nodiscard]] bool is_named(const wire::Header& header, std::string_view name);
// All of that name.
void remove(wire::Request& request, std::string_view name);
// In the place of the first of that name, else at the end.
void set(wire::Request& request, std::string_view name, std::string value);

}  // namespace conformance::suites
