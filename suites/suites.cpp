#include "suites/suites.h"

#include <iterator>
#include <utility>

namespace conformance::suites {

std::vector<Case> all_cases(const spec::SpecTable& table, const std::string& prefix) {
  const CaseBuilder b(table, prefix);
  std::vector<Case> all;
  for (auto* suite : {valid_requests, identifier_length, identifier_pattern, identifier_type, request_origin}) {
    std::vector<Case> cases = suite(b);
    std::move(cases.begin(), cases.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace conformance::suites
