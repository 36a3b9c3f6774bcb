#include "suites/headers.h"

#include <utility>
#include <vector>

namespace conformance::suites {

bool is_named(const wire::Header& header, std::string_view name) {
  return wire::find_header({header}, name) != nullptr;
}

void remove(wire::Request& request, std::string_view name) {
  std::erase_if(request.headers, [name](const wire::Header& header) { return is_named(header, name); });
}

void set(wire::Request& request, std::string_view name, std::string value) {
  for (wire::Header& header : request.headers) {
    if (!is_named(header, name)) continue;
    header.value = std::move(value);
    return;
  }
  request.headers.push_back({std::string(name), std::move(value)});
}

}  // namespace conformance::suites
