#include "suites/suites.h"

#include <iterator>
#include <set>
#include <utility>

#include "harness/oracle/body_class.h"

namespace conformance::suites {
namespace {

// The quickest tier asks each requirement once, by the first case that asks it.
void mark_smoke(std::vector<Case>& cases) {
  std::set<std::string> asked;
  for (Case& c : cases) {
    if (c.tier == Tier::standard && !c.property && !c.requirement.empty() && asked.insert(c.requirement).second)
      c.tier = Tier::smoke;
  }
}

void mark_oversize(std::vector<Case>& cases, std::size_t longest_needed) {
  for (Case& c : cases) c.oversize = c.kind != Kind::valid && c.body.size() > longest_needed;
}

}  // namespace

std::vector<Case> all_cases(const spec::SpecTable& table, std::uint64_t seed, Tier tier) {
  const CaseBuilder b(table, run_prefix(seed));
  std::vector<Case> all;
  const auto append = [&all](std::vector<Case> cases) {
    std::move(cases.begin(), cases.end(), std::back_inserter(all));
  };
  for (auto* suite : {valid_requests, identifier_length, identifier_pattern, identifier_type, request_origin,
                      combinations, routing, dialects}) {
    append(suite(b));
  }
  if (tier == Tier::exhaustive) append(alphabets(b));
  append(json_bodies(b, tier));
  append(generated(b, seed));
  mark_smoke(all);
  std::erase_if(all, [tier](const Case& c) { return c.tier > tier; });
  mark_oversize(all, oracle::longest_needed(table));
  return all;
}

}  // namespace conformance::suites
