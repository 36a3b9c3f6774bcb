#include "harness/wire/http_date.h"

#include <ctime>
#include <string>

namespace conformance::wire {

std::optional<std::chrono::seconds> parse_http_date(std::string_view text) {
  const std::string value(text);
  // The program keeps the C locale.
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    std::tm tm{};
    const char* end = ::strptime(value.c_str(), form, &tm);
    if (end != nullptr && *end == '\0') return std::chrono::seconds(::timegm(&tm));
  }
  return std::nullopt;
}

}  // namespace conformance::wire
