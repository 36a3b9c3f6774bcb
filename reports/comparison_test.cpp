#include "reports/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fixtures/testing/harmless.h"
#include "reports/markdown.h"
#include "reports/run_examples.h"

namespace conformance::reports::comparison_test {
namespace {

using testing::HasSubstr;
using testing::Not;

CaseResult answered(const std::string& id, Verdict verdict, int status, const std::string& type = "") {
  CaseResult r = examples::result(id, verdict);
  r.judgement.answer.status = status;
  r.judgement.answer.type = type;
  r.judgement.answer.outcome = status == 200 ? spec::Outcome::success : spec::Outcome::rejected_as_invalid;
  r.judgement.checks = {{"id.length.max", verdict == Verdict::pass}};
  return r;
}

Compared compared(const std::vector<std::vector<CaseResult>>& runs, const std::vector<RunEnd>& ends = {}) {
  Comparison comparison;
  for (std::size_t i = 0; i < runs.size(); ++i)
    examples::tell(comparison.add("run" + std::to_string(i) + ".json"), runs[i], examples::info(),
                   i < ends.size() ? ends[i] : RunEnd{});
  return comparison.read();
}

const CaseResult refused = answered("a.max", Verdict::pass, 400, "ValidationException");
const CaseResult taken = answered("a.max", Verdict::fail, 200);

TEST(Comparison, OfARunWithItselfFindsNothing) {
  const std::vector<CaseResult> run = examples::one_of_each("x");
  const Compared c = compared({run, run, run}, {examples::end("a"), examples::end("a"), examples::end("a")});
  EXPECT_FALSE(c.differs());
  EXPECT_EQ(c.cases.size(), run.size());
  EXPECT_THAT(to_text(c), HasSubstr("0 requirements, 0 cases and 0 characteristics differ; 1, 6 and 1 do not.\n"));
}

TEST(Comparison, FindsAnotherVerdict) {
  const Compared c =
      compared({{answered("a.other", Verdict::pass, 200), refused}, {answered("a.other", Verdict::pass, 200), taken}});
  EXPECT_TRUE(c.differs());
  ASSERT_EQ(c.cases.size(), 2U);
  EXPECT_EQ(c.cases[0].id, "a.max") << "what differs comes first";
  EXPECT_TRUE(c.cases[0].differs);
  EXPECT_FALSE(c.cases[1].differs);
  EXPECT_TRUE(c.requirements.at(0).differs);
  const std::string text = to_text(c);
  EXPECT_THAT(text,
              HasSubstr("  a.max  a title\n    A  pass: 400 ValidationException\n    B  fail id.length.max: 200\n"));
  EXPECT_THAT(text, HasSubstr("    A  holds in 2 cases\n    B  fails in 1 of 2 cases\n"));
  EXPECT_THAT(text, Not(HasSubstr("a.other")));
}

TEST(Comparison, FindsAnotherAnswerOfTheSameVerdict) {
  const Compared c = compared({{refused}, {answered("a.max", Verdict::pass, 400, "InvalidInputException")}});
  EXPECT_TRUE(c.cases.at(0).differs);
  EXPECT_FALSE(c.requirements.at(0).differs);
  CaseResult of_many = refused, other = answered("a.max", Verdict::pass, 400, "InvalidInputException");
  of_many.test.property = other.test.property = std::make_shared<const Property>();
  EXPECT_FALSE(compared({{of_many}, {other}}).differs()) << "its examples are of its seed";
  CaseResult said = refused;
  said.judgement.answer.message = "other words";
  said.elapsed = std::chrono::seconds(9);
  EXPECT_FALSE(compared({{refused}, {said}}).differs());
}

TEST(Comparison, FindsWhatOnlyOneRunHas) {
  const Compared c = compared({{refused}, {}});
  EXPECT_TRUE(c.differs());
  EXPECT_THAT(to_text(c), HasSubstr("    A  pass: 400 ValidationException\n    B  not run\n"));
  EXPECT_THAT(to_text(c), HasSubstr("    A  holds in 1 case\n    B  not asked\n"));
}

TEST(Comparison, FindsAnotherReading) {
  RunEnd one, other;
  one.characteristics = {{"id.length.unit", "code_points", {}}};
  other.characteristics = {{"id.length.unit", "bytes", {}}};
  const Compared c = compared({{refused}, {refused}}, {one, other});
  EXPECT_TRUE(c.differs());
  EXPECT_THAT(to_text(c),
              HasSubstr("Characteristics that differ\n  id.length.unit\n    A  code_points\n    B  bytes\n"));
}

TEST(Comparison, TakesTheWorstOfARepeatedCase) {
  EXPECT_FALSE(compared({{refused, taken, refused}, {taken}}).cases.at(0).differs);
}

TEST(Comparison, IsJsonOfAllRows) {
  const auto document = nlohmann::json::parse(to_json(compared({{refused}, {taken}, {}})));
  EXPECT_EQ(document["format"], "glue-conformance comparison");
  EXPECT_EQ(document["differs"], true);
  EXPECT_EQ(document["runs"].size(), 3U);
  EXPECT_EQ(document["runs"][0]["seed"], "18446744073709551615");
  const auto& row = document["cases"][0];
  EXPECT_EQ(row["id"], "a.max");
  EXPECT_EQ(row["runs"][0]["verdict"], "pass");
  EXPECT_EQ(row["runs"][1]["blamed"], "id.length.max");
  EXPECT_EQ(row["runs"][2], nullptr);
}

TEST(Comparison, ShowsFiftyCasesAndCountsTheRest) {
  std::vector<CaseResult> run;
  for (int i = 0; i < 60; ++i) run.push_back(answered("a.case" + std::to_string(i), Verdict::pass, 200));
  const std::string text = to_text(compared({run, {}}));
  EXPECT_THAT(text, HasSubstr("a.case49 "));
  EXPECT_THAT(text, Not(HasSubstr("a.case50 ")));
  EXPECT_THAT(text, HasSubstr("  and 10 more; --format json has all\n"));
}

TEST(Comparison, StaysBelowTheSizeThatGithubTakes) {
  std::vector<CaseResult> run;
  for (int i = 0; i < 20000; ++i) run.push_back(answered("a.case" + std::to_string(i), Verdict::pass, 200));
  EXPECT_LE(to_markdown(compared({run, {}})).size(), markdown_bytes);
}

TEST(Comparison, ActsOnNothingWhateverAnEndpointSays) {
  std::vector<CaseResult> hostile = examples::one_of_each(examples::hostile());
  for (CaseResult& r : hostile) {
    r.judgement.answer.type = r.judgement.answer.body_fault = r.judgement.requirement = examples::hostile();
    r.test.title = examples::hostile();
  }
  Comparison comparison;
  examples::tell(comparison.add(examples::hostile()), hostile, examples::full_info(examples::hostile()),
                 examples::full_end(examples::hostile()));
  examples::tell(comparison.add("b"), {}, examples::info(), {});
  for (const std::string& text :
       {to_text(comparison.read()), to_markdown(comparison.read()), to_json(comparison.read())})
    EXPECT_EQ(testing_support::fault_of_console(text), "");
}

}  // namespace
}  // namespace conformance::reports::comparison_test
