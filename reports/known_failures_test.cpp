// What every report makes of failures that the user has accepted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fixtures/testing/harmless.h"
#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"
#include "harness/run/totals.h"
#include "reports/comparison.h"
#include "reports/console.h"
#include "reports/ctrf.h"
#include "reports/github.h"
#include "reports/html.h"
#include "reports/junit.h"
#include "reports/markdown.h"
#include "reports/run_examples.h"
#include "reports/shards.h"

namespace conformance::reports::known_failures_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

KnownFailure known(KnownFailure::State state, const std::string& text = "lengths are not checked") {
  return {state, false, "id.length.max", "400 X", text, "https://example.org/1", "team", "2027-01-31", "known.toml:12"};
}

CaseResult waived(const std::string& id = "a.b.known", const std::string& text = "lengths are not checked") {
  CaseResult r = examples::result(id, Verdict::fail);
  r.judgement.verdict = Verdict::known;
  r.known = known(KnownFailure::State::waived, text);
  return r;
}

CaseResult stale() {
  CaseResult r = examples::result("a.b.stale", Verdict::fail, "it passes: remove it from the entry, or the entry");
  r.judgement.requirement = stale_requirement;
  r.known = known(KnownFailure::State::passed);
  return r;
}

RunEnd end_of(const std::vector<CaseResult>& results, bool is_stale = false) {
  TotalsByCase totals;
  for (const CaseResult& r : results) totals.add(r);
  RunEnd end;
  end.totals = totals.read();
  if (is_stale) end.stale = {"known.toml:12: id.length.max known to fail passes: remove it"};
  end.exit_status = exit_status(end.totals, false, "", is_stale);
  return end;
}

// What the run would have written, and is told again from its record.
template <typename Report>
std::string written_by(const std::vector<CaseResult>& results, const RunEnd& end) {
  const testing_support::TemporaryFolder folder;
  Report report(folder.file("report"));
  examples::tell(report, results, examples::info(), end);
  return testing_support::contents(folder.file("report"));
}

std::string console_of(const std::vector<CaseResult>& results, const RunEnd& end) {
  std::ostringstream out, progress;
  ConsoleReport report(out, progress, {.progress = Progress::counter});
  examples::tell(report, results, examples::info(), end);
  EXPECT_THAT(progress.str(), Not(HasSubstr("a.b.known"))) << "a waived failure is not announced";
  return out.str();
}

TEST(KnownFailures, AreCountedByThemselvesAndFailNoRun) {
  const std::vector<CaseResult> run{waived(), examples::result("a.b.pass", Verdict::pass)};
  const RunEnd end = end_of(run);
  EXPECT_EQ(end.totals.planned, 2U);
  EXPECT_EQ(end.totals.known, 1U);
  EXPECT_EQ(end.totals.fail, 0U);
  EXPECT_EQ(end.exit_status, 0);
}

TEST(KnownFailures, OfARepeatedCaseGiveWayToWhatIsWorse) {
  for (const Verdict worse : {Verdict::inconclusive, Verdict::error, Verdict::fail}) {
    const CaseResult other = examples::result("a.b.known", worse);
    EXPECT_EQ(end_of({waived(), other}).totals.known, 0U);
    EXPECT_GT(badness(other), badness(waived()));
  }
  for (const Verdict better : {Verdict::pass, Verdict::skipped}) {
    const CaseResult other = examples::result("a.b.known", better);
    EXPECT_EQ(end_of({other, waived()}).totals.known, 1U);
    EXPECT_LT(badness(other), badness(waived()));
  }
}

TEST(KnownFailures, ThatAreStaleFailTheRunThoughNoCaseDoes) {
  const std::vector<CaseResult> run{examples::result("a.b.pass", Verdict::pass)};
  EXPECT_EQ(end_of(run, true).exit_status, 1);
  EXPECT_EQ(exit_status(end_of(run).totals, true, "", true), 130);
  EXPECT_EQ(exit_status(end_of(run).totals, false, "nobody listens", true), 3);
}

TEST(KnownFailures, AreListedOnTheConsoleByEntry) {
  const std::vector<CaseResult> run{waived("a.b.one"), waived("a.b.two")};
  EXPECT_THAT(
      console_of(run, end_of(run)),
      AllOf(HasSubstr("KNOWN 2 cases failed as expected, one is a.b.one: 400 X: lengths are not checked "
                      "(https://example.org/1, until 2027-01-31, team; known.toml:12)\n"),
            HasSubstr("0 failed, 2 known,"), HasSubstr("but for 2 cases known to fail"), Not(HasSubstr("FAIL"))));
}

TEST(KnownFailures, ThatAreStaleAreSaidOnTheConsole) {
  const std::vector<CaseResult> run{stale()};
  EXPECT_THAT(console_of(run, end_of(run, true)),
              AllOf(HasSubstr("STALE known.toml:12: id.length.max known to fail passes"),
                    HasSubstr("Not up to date: 1 entry of the known failures passes."), HasSubstr("(exit status 1)")));
}

TEST(KnownFailures, AreSkippedInJunitWithTheReason) {
  const std::vector<CaseResult> run{waived(), stale()};
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(written_by<JunitReport>(run, end_of(run, true)).c_str()));
  const pugi::xml_node cases = document.child("testsuites").find_child_by_attribute("testsuite", "name", "a.b");
  const pugi::xml_node skipped = cases.first_element_by_path("testcase/skipped");
  EXPECT_THAT(skipped.attribute("message").value(), HasSubstr("known: 400 X: lengths are not checked"));
  EXPECT_EQ(std::string(cases.attribute("failures").value()), "1");
  const pugi::xml_node of_run = document.child("testsuites").find_child_by_attribute("testsuite", "name", "run");
  EXPECT_THAT(of_run.first_element_by_path("testcase/failure").attribute("message").value(),
              HasSubstr("known.toml:12: id.length.max"));
}

TEST(KnownFailures, AreSkippedInCtrfWithTheReason) {
  const std::vector<CaseResult> run{waived()};
  const auto tests = nlohmann::json::parse(written_by<CtrfReport>(run, end_of(run, true)))["results"]["tests"];
  EXPECT_EQ(tests[0]["status"], "skipped");
  EXPECT_EQ(tests[0]["rawStatus"], "known");
  EXPECT_THAT(tests[0]["message"].get<std::string>(), HasSubstr("lengths are not checked"));
  EXPECT_TRUE(tests[0]["extra"].contains("replay"));
  EXPECT_EQ(tests[1]["status"], "failed");
}

TEST(KnownFailures, HaveTheirOwnPartInMarkdownAndInTheJobsSummary) {
  const std::vector<CaseResult> run{waived()};
  const std::string text = written_by<MarkdownReport>(run, end_of(run, true));
  EXPECT_THAT(text, AllOf(HasSubstr("## Known failures\n\n- 1 case failed as expected"), HasSubstr("` team `"),
                          HasSubstr("## Known failures that are none any more"), Not(HasSubstr("## Failures"))));
}

TEST(KnownFailures, AreAnnotatedOnlyWhereTheyAreStale) {
  const testing_support::TemporaryFolder folder;
  for (const bool is_stale : {false, true}) {
    std::ostringstream log;
    GithubReport report(folder.file("summary"), log);
    const std::vector<CaseResult> run{waived()};
    examples::tell(report, run, examples::info(), end_of(run, is_stale));
    if (is_stale)
      EXPECT_THAT(log.str(), HasSubstr("::error title=Known failures::known.toml:12: id.length.max"));
    else
      EXPECT_EQ(log.str(), "");
  }
}

TEST(KnownFailures, HaveTheirVerdictInHtml) {
  const std::vector<CaseResult> run{waived()};
  const std::string page = written_by<HtmlReport>(run, end_of(run, true));
  EXPECT_THAT(page, AllOf(HasSubstr("data-v=\"known\""), HasSubstr("Known to fail: 400 X: lengths are not checked"),
                          HasSubstr("Known not to be met"), HasSubstr("id.length.max known to fail passes")));
}

TEST(KnownFailures, ActOnNothingWhateverTheySay) {
  const std::vector<CaseResult> run{waived("a.b.known", examples::hostile())};
  RunEnd end = end_of(run);
  end.stale = {examples::hostile()};
  EXPECT_EQ(testing_support::fault_of_console(console_of(run, end)), "");
  EXPECT_EQ(testing_support::fault_of_xml(written_by<JunitReport>(run, end)), "");
  EXPECT_TRUE(nlohmann::json::accept(written_by<CtrfReport>(run, end)));
  EXPECT_EQ(testing_support::fault_of_page(written_by<HtmlReport>(run, end)), "");
}

TEST(KnownFailures, DoNotMakeAnEndpointAnotherInAComparison) {
  CaseResult failed = waived();
  failed.judgement.verdict = Verdict::fail;
  failed.known.reset();
  Comparison comparison;
  examples::tell(comparison.add("without.json"), {failed}, examples::info(), end_of({failed}));
  examples::tell(comparison.add("with.json"), {waived()}, examples::info(), end_of({waived()}));
  EXPECT_FALSE(comparison.read().differs());
  Comparison of_passes;
  const CaseResult passed = examples::result("a.b.stale", Verdict::pass);
  examples::tell(of_passes.add("without.json"), {passed}, examples::info(), end_of({passed}));
  examples::tell(of_passes.add("with.json"), {stale()}, examples::info(), end_of({stale()}));
  EXPECT_FALSE(of_passes.read().differs());
}

TEST(KnownFailures, ThatAreStaleInAShardAreSoInAll) {
  Shards shards;
  for (const std::size_t index : {0U, 1U}) {
    RunInfo info = examples::info();
    info.plan = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a.0", "a.1"});
    info.shard = index;
    info.shards = 2;
    const std::vector<CaseResult> run{waived("a." + std::to_string(index))};
    examples::tell(shards.add(std::to_string(index)), run, info, end_of(run, true));
  }
  struct Listening : RunListener {
    void on_end(const RunEnd& told) override { end = told; }
    RunEnd end;
  } listening;
  EXPECT_EQ(shards.tell(listening), 1);
  EXPECT_EQ(listening.end.totals.known, 2U);
  EXPECT_THAT(listening.end.stale, ElementsAre(HasSubstr("known.toml:12")));
}

TEST(Tally, CountsWhatIsKnownApartFromWhatFails) {
  Tally tally;
  tally.add(waived("a.one"));
  tally.add(waived("a.two"));
  tally.add(stale());
  ASSERT_EQ(tally.known().size(), 1U);
  EXPECT_EQ(tally.known()[0].cases, 2U);
  EXPECT_EQ(tally.known()[0].example, "a.one");
  for (const RequirementTally& r : tally.requirements()) {
    if (r.id != "id.length.max") continue;
    EXPECT_EQ(r.known, 2U);
    EXPECT_EQ(r.failed, 0U);
  }
  EXPECT_EQ(failing_requirements(tally.requirements()), 0U) << "no requirement of the specification fails";
}

}  // namespace
}  // namespace conformance::reports::known_failures_test
