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
  for (Case& c : cases)
    if (!c.complete) c.oversize = c.kind != Kind::valid && c.body.size() > longest_needed;
}

}  // namespace

std::vector<Case> all_cases(const spec::SpecTable& table, std::uint64_t seed, Tier tier) {
  return all_cases(table, seed, tier, run_prefix(seed));
}

std::vector<Case> all_cases(const spec::SpecTable& table, std::uint64_t seed, Tier tier, const std::string& prefix) {
  const CaseBuilder b(table, prefix);
  std::vector<Case> all;
  const auto append = [&all](std::vector<Case> cases) {
    std::move(cases.begin(), cases.end(), std::back_inserter(all));
  };
  const auto append_area = [&](std::string_view area, std::vector<Case> cases) {
    append(std::move(cases));
    all.push_back(alive(b, area));
  };
  append_area("valid_requests", valid_requests(b));
  append_area("identifier_length", identifier_length(b));
  append_area("identifier_pattern", identifier_pattern(b));
  append_area("identifier_type", identifier_type(b));
  append_area("request_origin", request_origin(b));
  append_area("combinations", combinations(b));
  append_area("framing", framing(b));
  append_area("connection_use", connection_use(b));
  append_area("header_sections", header_sections(b));
  append_area("routing", routing(b));
  append_area("dialects", dialects(b));
  append_area("authentication", authentication(b));
  if (tier == Tier::exhaustive) append_area("alphabets", alphabets(b));
  append_area("json_bodies", json_bodies(b, tier));
  append_area("generated", generated(b, seed));
  append_area("stories", stories(b));
  append_area("generated_stories", generated_stories(b, seed));
  all.push_back(deleted_for_good(b));
  append(answers(b));
  mark_smoke(all);
  std::erase_if(all, [tier](const Case& c) { return c.tier > tier; });
  mark_oversize(all, oracle::longest_needed(table));
  return all;
}

}  // namespace conformance::suites
