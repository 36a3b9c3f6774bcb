#include "harness/run/case_patterns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/run/plan.h"
#include "suites/suites.h"

namespace conformance::case_patterns_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CasePatterns, AreAsFewAsWholeBranches) {
  const std::set<std::string> all{"a.b.1", "a.b.2", "a.c", "a.d", "e.f", "e.g.1"};
  EXPECT_THAT(case_patterns({"a.b.1", "a.b.2", "a.c"}, all), ElementsAre("a.b.*", "a.c"));
  EXPECT_THAT(case_patterns({"a.b.1"}, all), ElementsAre("a.b.1"));
  EXPECT_THAT(case_patterns({"e.f", "e.g.1"}, all), ElementsAre("e.*"));
  EXPECT_THAT(case_patterns({}, all), IsEmpty());
}

TEST(CasePatterns, MatchWhatTheyAreToAndNothingElse) {
  std::set<std::string> all, wanted;
  for (const Case& c : suites::all_cases(spec::builtin_table(), 1)) {
    all.insert(c.id);
    if (c.id.size() % 3 != 0 || c.id.starts_with("origin.ascii.")) wanted.insert(c.id);
  }
  const std::vector<std::string> patterns = case_patterns(wanted, all);
  EXPECT_LT(patterns.size(), wanted.size());
  for (const std::string& id : all) {
    const auto matching = std::count_if(patterns.begin(), patterns.end(),
                                        [&id](const std::string& pattern) { return glob_match(pattern, id); });
    EXPECT_EQ(matching, wanted.contains(id) ? 1 : 0) << id;
  }
}

}  // namespace
}  // namespace conformance::case_patterns_test
