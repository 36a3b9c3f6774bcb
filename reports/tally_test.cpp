#include "reports/tally.h"

#include <gtest/gtest.h>

namespace conformance::reports::tally_test {
namespace {

CaseResult result(const std::string& id, Verdict verdict, const std::string& body = "{}") {
  CaseResult r;
  r.test.id = id;
  r.judgement.verdict = verdict;
  r.judgement.requirement = "id.max";
  r.judgement.reason = "because";
  r.judgement.checks = {{"answer.http", true}, {"id.max", verdict != Verdict::fail}};
  r.request.body = body;
  return r;
}

TEST(Tally, CountsByRequirementAndKeepsTheSmallestExample) {
  Tally tally;
  tally.add(result("a", Verdict::fail, "long body"));
  tally.add(result("b", Verdict::fail, "tiny"));
  tally.add(result("c", Verdict::fail, "long body"));
  tally.add(result("d", Verdict::pass));
  const auto all = tally.requirements();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, "answer.http");
  EXPECT_EQ(all[0].held, 4U);
  EXPECT_EQ(all[0].smallest, nullptr);
  EXPECT_EQ(all[1].checked, 4U);
  EXPECT_EQ(all[1].held, 1U);
  EXPECT_EQ(all[1].failed, 3U);
  EXPECT_EQ(all[1].failing_ids, (std::vector<std::string>{"a", "b", "c"}));
  ASSERT_NE(all[1].smallest, nullptr);
  EXPECT_EQ(all[1].smallest->test.id, "b");
}

TEST(Tally, KeepsTheWorstOfSeveralIterations) {
  for (const bool fail_first : {true, false}) {
    Tally tally;
    tally.add(result("a", fail_first ? Verdict::fail : Verdict::pass));
    tally.add(result("a", Verdict::error));
    tally.add(result("a", fail_first ? Verdict::pass : Verdict::fail));
    EXPECT_EQ(tally.cases(), 1U);
    EXPECT_TRUE(tally.reasons(Verdict::error).empty());
    EXPECT_EQ(tally.requirements().back().failed, 1U);
    EXPECT_EQ(tally.requirements().back().checked, 1U);
  }
}

TEST(Tally, AFailureIsNoWarningBesideOne) {
  for (const bool warning_first : {true, false}) {
    Tally tally;
    CaseResult warning = result("w", Verdict::fail);
    warning.warning = true;
    if (warning_first) tally.add(warning);
    tally.add(result("f", Verdict::fail));
    if (!warning_first) tally.add(warning);
    EXPECT_FALSE(tally.requirements().back().warning);
  }
}

TEST(Tally, GroupsByReason) {
  Tally tally;
  tally.add(result("a", Verdict::skipped));
  tally.add(result("b", Verdict::skipped));
  const auto groups = tally.reasons(Verdict::skipped);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].cases, 2U);
  EXPECT_EQ(groups[0].example, "a");
  EXPECT_TRUE(tally.notes().empty());
}

TEST(Tally, GroupsReasonsThatDifferInWhatTheyQuote) {
  Tally tally;
  for (const char* id : {"a", "b", "c"}) {
    CaseResult r = result(id, Verdict::inconclusive);
    r.judgement.reason = std::string("the session \"") + id + "\" was not created: \"" + id + "\"";
    tally.add(r);
  }
  CaseResult open = result("d", Verdict::inconclusive);
  open.judgement.reason = "an open \" quote";
  tally.add(open);
  CaseResult alone = result("e", Verdict::inconclusive);
  alone.judgement.reason = "only \"e\"";
  tally.add(alone);
  const auto groups = tally.reasons(Verdict::inconclusive);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].reason, "the session \"…\" was not created: \"…\"");
  EXPECT_EQ(groups[0].cases, 3U);
  EXPECT_EQ(groups[0].example, "a");
  EXPECT_EQ(groups[1].reason, "an open \" quote");
  EXPECT_EQ(groups[2].reason, "only \"e\"");
}

TEST(Tally, GroupsReasonsThatDifferInIdentifiers) {
  Tally tally;
  for (const char* id :
       {"gc5f4d4c6f-9e9ba58cae", "gc5f4d4c6f-\xc3\xa9", "\\u000bgc5f4d4c6f-9e", "gc5f4d4c6f-9e \" gc5f4d4c6f-9f",
        "\x0b"
        "gc5f4d4c6f-9e",
        "gc5f4d4c6f-xx…(12 more bytes)…xx", "gc5f4d4c6f-xx…(120 more bytes)…xxx"}) {
    CaseResult r = result(id, Verdict::inconclusive);
    r.judgement.reason = std::string("throttled: 400 ThrottlingException: not ") + id + ", says us";
    tally.add(r);
  }
  for (const char* why :
       {"throttled: 429 ThrottlingException: not so, says us", "one of 12 sessions", "one of 13 sessions"}) {
    CaseResult r = result(why, Verdict::inconclusive);
    r.judgement.reason = why;
    tally.add(r);
  }
  const auto groups = tally.reasons(Verdict::inconclusive);
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_EQ(groups[0].reason, "throttled: 400 ThrottlingException: not …, says us");
  EXPECT_EQ(groups[0].cases, 7U);
  EXPECT_EQ(groups[1].cases, 1U) << "a status is no identifier";
}

TEST(Tally, BlamesWhatWasNotAmongTheChecks) {
  Tally tally;
  CaseResult r = result("a", Verdict::fail);
  r.judgement.checks.clear();
  tally.add(r);
  EXPECT_EQ(tally.requirements().at(0).checked, 1U);
}

TEST(Tally, CountsACaseForTheCauseOfItsWorst) {
  const auto failed = [](const std::string& id, int status, const std::string& body) {
    CaseResult r;
    r.test.id = id;
    r.judgement.verdict = Verdict::fail;
    r.judgement.requirement = "r";
    r.judgement.answer.status = status;
    r.judgement.answer.outcome = spec::Outcome::success;
    r.request.body = body;
    return r;
  };
  Tally tally;
  CaseResult passed = failed("a", 200, "{}");
  passed.judgement.verdict = Verdict::pass;
  for (const CaseResult& r : {passed, failed("a", 500, "{}"), failed("a", 500, "{}"), failed("b", 200, "longer"),
                              failed("c", 200, "x"), failed("d", 0, "x")})
    tally.add(r);
  const std::vector<RequirementTally> all = tally.requirements();
  ASSERT_EQ(all.size(), 1U);
  ASSERT_EQ(all[0].causes.size(), 3U);
  EXPECT_EQ(all[0].causes[0].kind, "200");
  EXPECT_EQ(all[0].causes[0].failed, 2U);
  EXPECT_EQ(all[0].causes[0].example, "c") << "the smallest";
  EXPECT_EQ(all[0].causes[1].kind, "500");
  EXPECT_EQ(all[0].causes[1].failed, 1U);
  EXPECT_EQ(all[0].causes[2].kind, "no single answer") << "a story, say";
  std::size_t failed_cases = 0;
  for (const CauseTally& cause : all[0].causes) failed_cases += cause.failed;
  EXPECT_EQ(failed_cases, all[0].failed);
}

}  // namespace
}  // namespace conformance::reports::tally_test
