#include "harness/known/known_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/known/known_examples.h"

namespace conformance::known::known_edit_test {
namespace {

using examples::catalogue;
using examples::entry;
using examples::result;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Fresh fresh{"team", "https://example.org/1", "known for long", examples::day(2027, 1, 31)};

Findings found(const std::vector<CaseResult>& results) {
  Findings findings;
  for (const CaseResult& one : results) findings.add(one);
  return findings;
}

std::string init(const std::vector<CaseResult>& results) {
  return new_entries(found(results), catalogue(), spec::builtin_table(), fresh);
}

Updated update(const std::string& text, const std::vector<CaseResult>& results, bool with_new = true) {
  return update_file(text, "known.toml", found(results), catalogue(), spec::builtin_table(),
                     with_new ? std::optional(fresh) : std::nullopt,
                     {.today = examples::day(2027, 1, 31), .version = ""});
}

// Whether a run that finds this is green with the file.
bool is_green(const std::string& text, const std::vector<CaseResult>& results) {
  KnownFailures known = examples::read(text);
  bool green = true;
  for (CaseResult one : results) {
    known.rule(one);
    green = green && one.judgement.verdict != Verdict::fail;
  }
  RunEnd end;
  known.conclude(end);
  return green && end.stale.empty();
}

// --- init

TEST(NewEntries, AreNoneWhereNothingFailed) { EXPECT_EQ(init({result("a.one", Verdict::pass)}), ""); }

TEST(NewEntries, AreOfTheRequirementWhereNoneOfItsCasesPassed) {
  const std::vector<CaseResult> run{result("a.one", Verdict::fail), result("a.two", Verdict::fail, 500, ""),
                                    result("b.one", Verdict::pass)};
  EXPECT_EQ(init(run), entry(R"("req.a")", R"(["400 X", "500"])"));
  EXPECT_TRUE(is_green(init(run), run));
}

TEST(NewEntries, AreOfTheCasesWhereOthersPassed) {
  const std::vector<CaseResult> run{result("a.one", Verdict::fail), result("a.two", Verdict::pass)};
  EXPECT_EQ(init(run), entry(R"("a.one")", R"("400 X")"));
  EXPECT_TRUE(is_green(init(run), run));
}

TEST(NewEntries, NameTheRequirementThatIsBlamedBesideWhatIsAsked) {
  const std::vector<CaseResult> run{result("b.one", Verdict::fail, 400, "X", "req.every"),
                                    result("b.two", Verdict::fail, 400, "X", "req.every"),
                                    result("a.one", Verdict::pass)};
  EXPECT_EQ(init(run), entry(R"("b.*")", R"("req.every: 400 X")"));
  EXPECT_TRUE(is_green(init(run), run));
}

TEST(NewEntries, AreFlakyWhereACaseFailedAndPassed) {
  const std::vector<CaseResult> run{result("a.one", Verdict::fail), result("a.one", Verdict::pass)};
  EXPECT_EQ(init(run), entry(R"("a.one")", R"("400 X")", "flaky"));
  EXPECT_TRUE(is_green(init(run), run));
}

TEST(NewEntries, SayWhatWasWrongWhereTheKindOfTheAnswerDoesNot) {
  CaseResult gathered = result("a.one", Verdict::fail);
  gathered.test.gathers = true;
  gathered.judgement.causes = {"Content-Type: \"a\"/b", "no Content-Type"};
  const std::string text = init({gathered, result("a.two", Verdict::pass)});
  EXPECT_EQ(text, entry(R"("a.one")", R"x(["answers (Content-Type: \"a\"/b)", "answers (no Content-Type)"])x"));
  EXPECT_TRUE(is_green(text, {gathered}));
  CaseResult other = gathered;
  other.judgement.causes = {"Content-Type: c/d"};
  EXPECT_FALSE(is_green(text, {other}));
}

TEST(NewEntries, AreOfNoWarnings) {
  CaseResult warned = result("a.one", Verdict::fail);
  warned.warning = true;
  EXPECT_EQ(init({warned}), "");
}

TEST(NewEntries, CarryTheSentenceOfTheirRequirement) {
  const spec::SpecTable& table = spec::builtin_table();
  CaseResult failed = result("a.one", Verdict::fail, 400, "X", table.requirements.front().id);
  Catalogue with_real = catalogue();
  with_real.requirements.push_back(table.requirements.front().id);
  Findings findings;
  findings.add(failed);
  EXPECT_THAT(new_entries(findings, with_real, table, fresh), HasSubstr("# " + table.requirements.front().sentence));
}

// --- update

TEST(UpdateFile, ChangesNothingWhereEverythingIsAsItWas) {
  const std::string text = "# head\n\n# why\n" + entry(R"("a.one"  # note)", R"("400 X")") + "# tail";
  EXPECT_EQ(update(text, {result("a.one", Verdict::fail)}).text, text);
  EXPECT_EQ(update(text, {result("b.one", Verdict::pass)}).text, text) << "it was not asked";
}

TEST(UpdateFile, AddsWhatElseWasWrongAndKeepsWhatIsPinnedByItsKindAlone) {
  CaseResult gathered = result("a.one", Verdict::fail);
  gathered.test.gathers = true;
  gathered.judgement.causes = {"no Content-Type"};
  const std::string coarse = entry(R"("a.one")", R"("answers")");
  EXPECT_EQ(update(coarse, {gathered}).text, coarse);
  EXPECT_EQ(update(entry(R"("a.one")", R"x("answers (Content-Type: a/b)")x"), {gathered}).text,
            entry(R"("a.one")", R"x(["answers (Content-Type: a/b)", "answers (no Content-Type)"])x"))
      << "a part of the cases may not show what another part does";
  const std::vector<CaseResult> whole{gathered, result("a.two", Verdict::pass), result("b.one", Verdict::pass),
                                      result("b.two", Verdict::pass), result("c.one", Verdict::pass)};
  EXPECT_EQ(update(entry(R"("a.one")", R"x("answers (Content-Type: a/b)")x"), whole).text,
            entry(R"("a.one")", R"x("answers (no Content-Type)")x"));
}

// A run of a selection makes no such entry stale, and whoever never runs more would keep it for ever.
TEST(UpdateFile, SaysOfARequirementThatDidNotFailInAPartOfItsCases) {
  const std::string text = entry(R"("req.a")", R"("400 X")");
  const Updated part = update(text, {result("a.one", Verdict::pass)});
  EXPECT_EQ(part.text, text);
  EXPECT_THAT(part.notes, ElementsAre(HasSubstr("known.toml:1: req.a may be mended: none of the 1 of its 2 cases")));
  EXPECT_THAT(update(text, {result("a.one", Verdict::fail)}).notes, IsEmpty());
  EXPECT_THAT(update(text, {result("a.one", Verdict::pass), result("b.one", Verdict::fail, 400, "X", "req.a")}).notes,
              IsEmpty())
      << "another case blames it";
  EXPECT_THAT(update(text, {result("b.one", Verdict::pass)}).notes, IsEmpty()) << "it was not asked";
  EXPECT_THAT(update(entry(R"("req.a")", R"("400 X")", "flaky"), {result("a.one", Verdict::pass)}).notes, IsEmpty());
}

TEST(UpdateFile, RemovesWhatPassesWithItsComments) {
  const std::string first = "# head\n\n# why\n" + entry(R"("a.one")", R"("400 X")"),
                    second = entry(R"("b.one")", R"("500")");
  EXPECT_EQ(update(first + "\n" + second, {result("a.one", Verdict::pass)}).text, "# head\n\n" + second);
  EXPECT_EQ(update(first + "\n" + second, {result("b.one", Verdict::pass)}).text, first);
}

TEST(UpdateFile, RemovesEntriesThatFollowEachOtherAtOnce) {
  const std::string head = "# head\n\n", first = entry(R"("a.one")", R"("400 X")"),
                    second = entry(R"("b.one")", R"("500")"), third = entry(R"("b.two")", R"("500")");
  const CaseResult a = result("a.one", Verdict::pass), b = result("b.one", Verdict::pass),
                   c = result("b.two", Verdict::pass);
  EXPECT_EQ(update(head + first + "\n" + second, {a, b}).text, "# head\n");
  EXPECT_EQ(update(head + first + "\n" + second + "\n" + third, {a, b}).text, head + third);
  EXPECT_EQ(update(head + first + "\n" + second + "\n" + third, {b, c}).text, head + first);
}

TEST(UpdateFile, TakesAPassForOneThoughTheRunFailedForIt) {
  KnownFailures known = examples::read(entry(R"("a.one")", R"("400 X")"));
  CaseResult passed = result("a.one", Verdict::pass);
  known.rule(passed);
  ASSERT_EQ(passed.judgement.verdict, Verdict::fail);
  EXPECT_EQ(update(entry(R"("a.one")", R"("400 X")"), {passed}, false).text, "");
}

TEST(UpdateFile, KeepsWaivedOnes) {
  const std::string text = entry(R"("a.one")", R"("400 X")");
  KnownFailures known = examples::read(text);
  CaseResult waived = result("a.one", Verdict::fail);
  known.rule(waived);
  ASSERT_EQ(waived.judgement.verdict, Verdict::known);
  EXPECT_EQ(update(text, {waived}, false).text, text);
}

TEST(UpdateFile, RemovesLinesOfAList) {
  const std::string text =
      entry("[\n  \"a.one\",  # first\n  \"b.one\",  # second\n  \"b.two\"  # third\n]", R"("400 X")");
  EXPECT_EQ(update(text, {result("a.one", Verdict::fail), result("b.one", Verdict::pass)}).text,
            entry("[\n  \"a.one\",  # first\n  \"b.two\"  # third\n]", R"("400 X")"));
  EXPECT_EQ(update(text, {result("b.two", Verdict::pass)}).text,
            entry("[\n  \"a.one\",  # first\n  \"b.one\",  # second\n]", R"("400 X")"));
}

TEST(UpdateFile, NarrowsAPatternToWhatStillFails) {
  const std::vector<CaseResult> run{result("a.one", Verdict::fail), result("a.two", Verdict::pass)};
  const std::string text = update(entry(R"("a.*"  # all)", R"("400 X")"), run).text;
  EXPECT_EQ(text, entry(R"(["a.one", "a.three"]  # all)", R"("400 X")")) << "of a.three nothing is known";
  EXPECT_TRUE(is_green(text, run));
}

TEST(UpdateFile, PinsWhatFailsOtherwise) {
  const std::vector<CaseResult> run{result("a.one", Verdict::fail, 500, "")};
  EXPECT_EQ(update(entry(R"("a.one")", R"("400 X"  # so)"), run).text, entry(R"("a.one")", R"("500"  # so)"));
  EXPECT_EQ(update(entry(R"(["a.one", "a.two"])", R"("400 X")"), run).text,
            entry(R"(["a.one", "a.two"])", R"(["400 X", "500"])"))
      << "a.two may still fail so";
  EXPECT_EQ(update(entry(R"("a.one")", R"("400 X")", "flaky"), run).text,
            entry(R"("a.one")", R"(["400 X", "500"])", "flaky"));
  EXPECT_EQ(update(entry(R"("a.one")", "[\n  \"400 X\",  # old\n]"), run).text,
            entry(R"("a.one")", "[\n  \"500\",  # old\n]"));
}

TEST(UpdateFile, AddsWhatIsNewAtTheEnd) {
  const std::string text = entry(R"("a.one")", R"("400 X")");
  const std::vector<CaseResult> run{result("a.one", Verdict::fail), result("a.two", Verdict::fail, 500, ""),
                                    result("b.one", Verdict::fail)};
  const std::string updated = update(text, run).text;
  EXPECT_EQ(updated, text + "\n" + entry(R"("req.b")", R"("400 X")") + "\n" + entry(R"("a.two")", R"("500")"))
      << "an entry about req.a would overlap with the one that is there";
  EXPECT_TRUE(is_green(updated, run));
  EXPECT_THROW((void)update(text, run, false), KnownFailuresError);
}

TEST(UpdateFile, RemovesARequirementOnlyWhereNoneOfItsCasesFails) {
  const std::string text = entry(R"("req.a")", R"("400 X")");
  EXPECT_EQ(update(text, {result("a.one", Verdict::pass)}).text, text);
  EXPECT_EQ(update(text, {result("a.one", Verdict::pass), result("a.two", Verdict::fail)}).text, text);
  EXPECT_EQ(update(text, {result("a.one", Verdict::pass), result("a.two", Verdict::pass)}).text, "");
}

TEST(UpdateFile, KeepsFlakyOnesThatPass) {
  const std::string text = entry(R"("a.one")", R"("400 X")", "flaky");
  EXPECT_EQ(update(text, {result("a.one", Verdict::pass)}).text, text);
}

TEST(UpdateFile, RemovesWhatMatchesNothingAnyMore) {
  EXPECT_EQ(update(entry(R"(["a.one", "gone.one"])", R"("400 X")"), {}).text, entry(R"("a.one")", R"("400 X")"));
  EXPECT_EQ(update(entry(R"("gone.one")", R"("400 X")"), {}).text, "");
}

TEST(UpdateFile, SaysWhatHasEndedAndLeavesItToTheUser) {
  const std::string text = entry(R"("a.one")", R"("400 X")");
  const Updated updated =
      update_file(text, "known.toml", found({result("a.one", Verdict::fail)}), catalogue(), spec::builtin_table(),
                  std::nullopt, {.today = examples::day(2027, 3, 1), .version = ""});
  EXPECT_EQ(updated.text, text);
  EXPECT_THAT(updated.notes, ElementsAre(HasSubstr("known.toml:1: the entry has ended on 2027-01-31")));
}

TEST(UpdateFile, LeavesOtherVersionsAlone) {
  const std::string text = entry(R"("a.one")", R"("400 X")", "known", "version = \"4.*\"\n");
  EXPECT_EQ(update(text, {result("a.one", Verdict::pass)}).text, text);
}

TEST(UpdateFile, RefusesWhatItCannotRead) {
  EXPECT_THROW((void)update("[[known]]\n", {}), KnownFailuresError);
  std::string table = entry(R"("a.one")", R"("400 X")");
  EXPECT_THROW((void)update(table + entry(R"("a.*")", R"("400 X")"), {}), KnownFailuresError) << "they overlap";
  EXPECT_THROW((void)update("known = [{match = \"a.one\", outcome = \"400 X\", reason = \"r\", issue = \"https://a\", "
                            "owner = \"o\", until = 2027-01-31}]\n",
                            {result("a.one", Verdict::pass)}),
               KnownFailuresError)
      << "only a person can change it so that it stays legible";
}

}  // namespace
}  // namespace conformance::known::known_edit_test
