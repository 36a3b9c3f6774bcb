// Many ids said by few patterns, which match these and no others.
//
//     case_patterns({"a.b.1", "a.b.2", "a.c"}, {"a.b.1", "a.b.2", "a.c", "a.d"})   // {"a.b.*", "a.c"}
#pragma once

#include <set>
#include <string>
#include <vector>

namespace conformance {

// `all` are the ids that there are, `wanted` among them. In the order of ids. A pattern ends in ".*".
[[nodiscard]] std::vector<std::string> case_patterns(const std::set<std::string>& wanted,
                                                     const std::set<std::string>& all);

}  // namespace conformance
