// Credentials and region as every AWS tool finds them in the environment. Files and roles are not read: a run against a
// local endpoint must not pick up somebody's real keys by accident.
//
//     std::optional<Credentials> credentials = from_environment(::getenv);
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/wire/sigv4.h"
#include "harness/wire/usage_error.h"

namespace conformance::wire {

// The value of an environment variable, or nullptr; an empty value counts as none, as with AWS's own tools.
using Lookup = std::function<const char*(const char*)>;

// True if it cannot stand in a header: a CR LF in it would begin a header of its own (RFC 9110 section 5.5).
[[nodiscard]] bool has_control_character(std::string_view value);

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if set, AWS_SESSION_TOKEN. Nothing if neither key is set; throws
// UsageError if only one of the two is, or if there is a control character in one of the three; it names the variable,
// never its value.
[[nodiscard]] std::optional<Credentials> from_environment(const Lookup& lookup);

// AWS_REGION, else AWS_DEFAULT_REGION.
[[nodiscard]] std::optional<std::string> region_from_environment(const Lookup& lookup);

}  // namespace conformance::wire
