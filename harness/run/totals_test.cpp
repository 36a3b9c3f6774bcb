#include "harness/run/totals.h"

#include <gtest/gtest.h>

namespace conformance::totals_test {
namespace {

CaseResult result(const char* id, Verdict verdict, bool warning = false) {
  CaseResult r;
  r.test.id = id;
  r.judgement.verdict = verdict;
  r.warning = warning;
  return r;
}

TEST(TotalsByCase, CountEachVerdict) {
  TotalsByCase totals;
  totals.add(result("a", Verdict::pass));
  totals.add(result("b", Verdict::fail));
  totals.add(result("c", Verdict::inconclusive));
  totals.add(result("d", Verdict::skipped));
  totals.add(result("e", Verdict::error));
  const Totals all = totals.read();
  EXPECT_EQ(all.planned, 5U);
  EXPECT_EQ(all.pass + all.fail + all.inconclusive + all.skipped + all.error, 5U);
  EXPECT_EQ(all.fail, 1U);
}

TEST(TotalsByCase, KeepTheWorstOfEachCase) {
  TotalsByCase totals;
  totals.add(result("a", Verdict::pass));
  totals.add(result("a", Verdict::fail));
  totals.add(result("a", Verdict::pass));
  EXPECT_EQ(totals.read().planned, 1U);
  EXPECT_EQ(totals.read().fail, 1U);
  EXPECT_TRUE(totals.contains("a"));
  EXPECT_FALSE(totals.contains("b"));
}

TEST(TotalsByCase, CountAWarningAsPassed) {
  TotalsByCase totals;
  totals.add(result("a", Verdict::fail, true));
  EXPECT_EQ(totals.read().pass, 1U);
  EXPECT_EQ(totals.read().warnings, 1U);
  EXPECT_EQ(totals.read().fail, 0U);
}

}  // namespace
}  // namespace conformance::totals_test
