#include "reports/own_text.h"

#include <algorithm>

#include "harness/text/escape.h"

namespace conformance::reports {

std::string own(std::string_view line) {
  // A backslash is escaped only for the way back, and two colons act only at a line's start: an address has them.
  std::string harmless(line);
  std::replace(harmless.begin(), harmless.end(), '\\', '/');
  std::replace(harmless.begin(), harmless.end(), ':', '.');
  std::string visible = text::visible(harmless);
  return visible == harmless && !line.starts_with("::") ? std::string(line) : text::visible(line);
}

}  // namespace conformance::reports
