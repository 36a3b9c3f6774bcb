#include "harness/run/case_patterns.h"

#include <algorithm>
#include <map>

namespace conformance {

std::vector<std::string> case_patterns(const std::set<std::string>& wanted, const std::set<std::string>& all) {
  struct Count {
    std::size_t wanted = 0, all = 0;
  };
  std::map<std::string, Count> counts;  // of "a.", "a.b."
  for (const std::string& id : all)
    for (std::size_t dot = id.find('.'); dot != std::string::npos; dot = id.find('.', dot + 1)) {
      Count& count = counts[id.substr(0, dot + 1)];
      ++count.all;
      count.wanted += wanted.contains(id) ? 1U : 0U;
    }
  std::vector<std::string> patterns;
  for (const std::string& id : wanted) {
    std::string pattern = id;
    for (std::size_t dot = id.find('.'); dot != std::string::npos; dot = id.find('.', dot + 1)) {
      const auto found = counts.find(id.substr(0, dot + 1));
      if (found == counts.end() || found->second.wanted != found->second.all || found->second.all < 2) continue;
      pattern = found->first + "*";  // the shortest
      break;
    }
    // Ids that one matches do not follow each other where "a.b" and "a.b-c" are among them.
    if (std::find(patterns.begin(), patterns.end(), pattern) == patterns.end()) patterns.push_back(pattern);
  }
  return patterns;
}

}  // namespace conformance
