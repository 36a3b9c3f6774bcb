#include "reports/junit_requirements.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace conformance::reports::junit::junit_requirements_test {
namespace {

spec::SpecTable table() {
  spec::SpecTable t;
  for (const char* id : {"id.length.max", "id.required", "http", "wire.close"})
    t.requirements.push_back({.id = id,
                              .sentence = std::string("About ") + id + ".",
                              .level = spec::Level::must,
                              .evidence = spec::Evidence::documented,
                              .sources = {"api"},
                              .accept = {}});
  t.sources["api"] = "the API reference";
  return t;
}

CaseResult result(const std::string& id, Verdict verdict, const std::string& requirement = "id.length.max") {
  CaseResult r;
  r.test.id = id;
  r.test.requirement = r.judgement.requirement = requirement;
  r.judgement.verdict = verdict;
  r.request.body = id;
  r.elapsed = std::chrono::milliseconds(2);
  return r;
}

// As JunitReport makes them of a case.
Row row(const CaseResult& result, int badness) {
  Row r;
  r.name = result.test.id;
  r.badness = badness;
  r.message = result.judgement.reason.empty() ? "why " + result.test.id : result.judgement.reason;
  r.body = r.message + "\n";
  r.system_out = "dump of " + result.test.id;
  if (result.warning || result.judgement.verdict == Verdict::skipped)
    r.element = "skipped";
  else if (result.judgement.verdict == Verdict::fail)
    r.element = "failure";
  else if (result.judgement.verdict != Verdict::pass)
    r.element = "error";
  if (r.element == "error") r.type = "conformance.inconclusive";
  return r;
}

int badness_of(const CaseResult& r) {
  return r.warning ? 2 : r.judgement.verdict == Verdict::fail ? 5 : r.judgement.verdict == Verdict::pass ? 0 : 3;
}

std::vector<Row> rows_of(const std::vector<CaseResult>& results) {
  Requirements requirements;
  for (const CaseResult& r : results) requirements.add(r, row(r, badness_of(r)));
  return requirements.rows(table());
}

Row only_row(const std::vector<CaseResult>& results) {
  const std::vector<Row> rows = rows_of(results);
  EXPECT_EQ(rows.size(), 1U);
  return rows.at(0);
}

TEST(JunitRequirements, APassIsOneTestCaseWithTheTimeOfItsCases) {
  const Row r = only_row({result("a", Verdict::pass), result("b", Verdict::pass)});
  EXPECT_EQ(r.element, "");
  EXPECT_EQ(r.area, "id");
  EXPECT_EQ(r.name, "id.length.max About id.length.max.");
  EXPECT_EQ(r.elapsed, std::chrono::milliseconds(4));
}

TEST(JunitRequirements, AFailureHasItsExamplesTheSmallestFirst) {
  const Row r = only_row({result("longer", Verdict::fail), result("b", Verdict::fail), result("c", Verdict::pass),
                          result("d", Verdict::inconclusive)});
  EXPECT_EQ(r.element, "failure");
  EXPECT_EQ(r.type, "conformance.id.length.max");
  EXPECT_EQ(r.message, "2 of 4 cases: why b");
  EXPECT_EQ(r.body, R"(id.length.max: About id.length.max.
level: must
evidence: documented
source: api: the API reference
2 of 4 cases that checked it failed

case: b
why b

case: longer
why longer
)");
  EXPECT_EQ(r.system_out, "dump of b");
}

TEST(JunitRequirements, ShowsSomeExamplesAndCountsTheRest) {
  std::vector<CaseResult> all;
  for (int i = 0; i < 1234; ++i) all.push_back(result("case" + std::to_string(i), Verdict::fail));
  std::reverse(all.begin(), all.end());
  const Row r = only_row(all);
  std::size_t shown = 0;
  for (std::size_t at = r.body.find("\ncase: "); at != std::string::npos; at = r.body.find("\ncase: ", at + 1)) ++shown;
  EXPECT_EQ(shown, Requirements::most_examples);
  EXPECT_NE(r.body.find("\ncase: case9\n"), std::string::npos) << r.body;
  EXPECT_TRUE(r.body.ends_with("\nand 1,224 more cases\n")) << r.body;
  EXPECT_EQ(r.message, "1,234 of 1,234 cases: why case9");
}

TEST(JunitRequirements, WhatWasNotProvedIsNoPass) {
  const Row alone = only_row({result("a", Verdict::inconclusive)});
  EXPECT_EQ(alone.element, "error");
  EXPECT_EQ(alone.type, "conformance.inconclusive");
  const Row among = only_row({result("a", Verdict::pass), result("b", Verdict::error), result("c", Verdict::skipped)});
  EXPECT_EQ(among.element, "error") << "a green line would say that it holds";
  EXPECT_EQ(among.message, "1 of 3 cases: why b");
  EXPECT_NE(among.body.find("1 of 3 cases proved nothing\n"), std::string::npos) << among.body;
}

TEST(JunitRequirements, IsSkippedOnlyIfAllWere) {
  EXPECT_EQ(only_row({result("a", Verdict::skipped), result("b", Verdict::pass)}).element, "");
  const Row r = only_row({result("a", Verdict::skipped), result("b", Verdict::skipped)});
  EXPECT_EQ(r.element, "skipped");
  EXPECT_EQ(r.message, "2 of 2 cases: why a");
  EXPECT_EQ(r.body, r.message);
  EXPECT_EQ(r.system_out, "");
}

TEST(JunitRequirements, AWarningIsNoPassAndNoFailure) {
  CaseResult warning = result("a", Verdict::fail);
  warning.warning = true;
  const Row r = only_row({warning, result("b", Verdict::pass)});
  EXPECT_EQ(r.element, "skipped");
  EXPECT_EQ(r.message, "1 of 2 cases: why a");
  EXPECT_EQ(only_row({warning, result("b", Verdict::fail)}).element, "failure");
}

TEST(JunitRequirements, WhatAnAnswerWasHeldAgainstBesideIsOneToo) {
  CaseResult pass = result("a", Verdict::pass), failure = result("b", Verdict::fail);
  pass.judgement.checks = {{"http", true}, {"id.length.max", true}, {"http", true}};
  failure.judgement.checks = {{"http", true}, {"id.length.max", false}, {"wire.close", false}, {"wire.close", true}};
  const std::vector<Row> rows = rows_of({failure, pass});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].element, "failure");
  EXPECT_EQ(rows[1].name, "http About http.") << "in the order of the table";
  EXPECT_EQ(rows[1].element, "");
  EXPECT_EQ(rows[1].elapsed.count(), 0) << "the time of a case is counted once";
  EXPECT_EQ(rows[2].element, "skipped") << "no failure of its own, but no pass";
  EXPECT_EQ(rows[2].message, "1 of 1 case: did not hold in b either, which fails id.length.max");
}

TEST(JunitRequirements, ACaseThatIsToldAgainCountsOnceWithTheWorst) {
  const Row r = only_row({result("a", Verdict::pass), result("a", Verdict::inconclusive), result("a", Verdict::fail),
                          result("a", Verdict::fail), result("a", Verdict::pass)});
  EXPECT_EQ(r.element, "failure");
  EXPECT_EQ(r.message, "1 of 1 case: why a");
  EXPECT_EQ(r.body.find("more case"), std::string::npos) << r.body;
}

TEST(JunitRequirements, NoCaseIsLostForWantOfARequirement) {
  const std::vector<Row> rows =
      rows_of({result("a", Verdict::error, ""), result("b", Verdict::pass, "not.in.table"),
               result("c", Verdict::pass, ".odd"), result("d", Verdict::pass, "id.required")});
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].name, "id.required About id.required.");
  EXPECT_EQ(rows[1].area, "characteristics");
  EXPECT_EQ(rows[1].element, "error");
  EXPECT_EQ(rows[2].area, "requirements");
  EXPECT_EQ(rows[3].area, "not");
  EXPECT_EQ(rows[3].name, "not.in.table");
}

}  // namespace
}  // namespace conformance::reports::junit::junit_requirements_test
