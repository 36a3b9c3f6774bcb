#include "harness/known/known_failures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/known/known_examples.h"
#include "suites/suites.h"

namespace conformance::known::known_failures_test {
namespace {

using examples::catalogue;
using examples::entry;
using examples::read;
using examples::result;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CaseResult ruled(KnownFailures& known, CaseResult result) {
  known.rule(result);
  return result;
}

std::vector<std::string> stale(KnownFailures& known) {
  RunEnd end;
  known.conclude(end);
  return end.stale;
}

std::string refusal(const std::string& text, const std::string& version = "",
                    std::chrono::year_month_day today = examples::day(2027, 1, 31)) {
  try {
    (void)read_known_failures(text, "known.toml", catalogue(), {.today = today, .version = version});
  } catch (const KnownFailuresError& error) {
    return error.what();
  }
  return "";
}

// --- cases

TEST(KnownCase, IsWaivedWhereItFailsAsPinned) {
  KnownFailures known = read(entry(R"("a.one")", R"("400 X")"));
  const CaseResult told = ruled(known, result("a.one", Verdict::fail));
  EXPECT_EQ(told.judgement.verdict, Verdict::known);
  ASSERT_TRUE(told.known);
  EXPECT_EQ(told.known->state, KnownFailure::State::waived);
  EXPECT_EQ(told.known->reason, "known for long");
  EXPECT_EQ(told.known->place, "known.toml:1");
  EXPECT_EQ(told.known->until, "2027-01-31");
  EXPECT_THAT(stale(known), IsEmpty());
}

TEST(KnownCase, StaysAFailureWhereItFailsOtherwiseAndSaysWhatWasPinned) {
  for (const CaseResult& otherwise : {result("a.one", Verdict::fail, 500, ""), result("a.one", Verdict::fail, 400, "Y"),
                                      result("a.one", Verdict::fail, 400, "X", "req.every")}) {
    KnownFailures known = read(entry(R"("a.one")", R"("400 X")"));
    const CaseResult told = ruled(known, otherwise);
    EXPECT_EQ(told.judgement.verdict, Verdict::fail);
    EXPECT_EQ(told.known->state, KnownFailure::State::otherwise);
    EXPECT_EQ(told.judgement.expected, "400 ValidationException; or, as known (known.toml:1), 400 X");
  }
}

TEST(KnownCase, FailsTheRunWhereItPassesAndNamesTheEntry) {
  KnownFailures known = read("\n" + entry(R"("a.*")", R"("400 X")"));
  const CaseResult told = ruled(known, result("a.two", Verdict::pass));
  (void)ruled(known, result("a.three", Verdict::pass));
  EXPECT_EQ(told.judgement.verdict, Verdict::fail);
  EXPECT_EQ(told.judgement.requirement, stale_requirement);
  EXPECT_EQ(told.known->state, KnownFailure::State::passed);
  EXPECT_THAT(told.judgement.expected, HasSubstr("known.toml:2"));
  EXPECT_THAT(told.judgement.actual, HasSubstr("remove it"));
  EXPECT_THAT(stale(known), ElementsAre(AllOf(HasSubstr("known.toml:2: a.two"), HasSubstr("1 more"))));
}

TEST(KnownCase, MayPassWhereItIsFlaky) {
  KnownFailures known = read(entry(R"("a.one")", R"("400 X")", "flaky"));
  EXPECT_EQ(ruled(known, result("a.one", Verdict::pass)).judgement.verdict, Verdict::pass);
  const CaseResult failed = ruled(known, result("a.one", Verdict::fail));
  EXPECT_EQ(failed.judgement.verdict, Verdict::known);
  EXPECT_TRUE(failed.known->flaky);
  EXPECT_EQ(ruled(known, result("a.one", Verdict::fail, 500)).judgement.verdict, Verdict::fail);
  EXPECT_THAT(stale(known), IsEmpty());
}

TEST(KnownCase, ThatProvesNothingSatisfiesNoEntry) {
  KnownFailures known = read(entry(R"("a.one")", R"(["400 X", "no response"])"));
  for (const Verdict verdict : {Verdict::inconclusive, Verdict::skipped, Verdict::error}) {
    const CaseResult told = ruled(known, result("a.one", verdict));
    EXPECT_EQ(told.judgement.verdict, verdict);
    EXPECT_FALSE(told.known);
  }
}

TEST(KnownCase, MayBePinnedByWhatElseIsBlamed) {
  KnownFailures known = read(entry(R"("a.one")", R"("req.every: 400 X")"));
  EXPECT_EQ(ruled(known, result("a.one", Verdict::fail, 400, "X", "req.every")).judgement.verdict, Verdict::known);
  EXPECT_EQ(ruled(known, result("a.one", Verdict::fail)).judgement.verdict, Verdict::fail);
}

TEST(KnownCase, ThatFailsBelowTheLevelOfTheRunIsWaivedToo) {
  KnownFailures known = read(entry(R"("a.one")", R"("400 X")"));
  CaseResult warned = result("a.one", Verdict::fail);
  warned.warning = true;
  known.rule(warned);
  EXPECT_EQ(warned.judgement.verdict, Verdict::known);
  EXPECT_FALSE(warned.warning);
}

TEST(KnownCase, ThatNobodySpeaksOfIsLeftAlone) {
  KnownFailures known = read(entry(R"("a.one")", R"("400 X")"));
  EXPECT_EQ(ruled(known, result("b.one", Verdict::fail)).judgement.verdict, Verdict::fail);
  EXPECT_FALSE(ruled(known, result("b.one", Verdict::pass)).known);
}

// --- requirements

TEST(KnownRequirement, WaivesWhatBlamesItWhicheverCaseItIs) {
  KnownFailures known = read(entry(R"("req.a")", R"(["400 X", "500"])"));
  EXPECT_EQ(ruled(known, result("a.one", Verdict::fail)).judgement.verdict, Verdict::known);
  EXPECT_EQ(ruled(known, result("a.two", Verdict::pass)).judgement.verdict, Verdict::pass);
  EXPECT_EQ(ruled(known, result("b.one", Verdict::fail, 500, "", "req.a")).judgement.verdict, Verdict::known);
  EXPECT_EQ(ruled(known, result("a.two", Verdict::fail, 400, "Y")).judgement.verdict, Verdict::fail);
  EXPECT_EQ(ruled(known, result("a.two", Verdict::fail, 400, "X", "req.b")).judgement.verdict, Verdict::fail);
  EXPECT_THAT(stale(known), IsEmpty());
}

TEST(KnownRequirement, IsStaleWhereNoneOfItsCasesFailed) {
  KnownFailures known = read(entry(R"("req.a")", R"("400 X")"));
  EXPECT_EQ(ruled(known, result("a.one", Verdict::pass)).judgement.verdict, Verdict::pass);
  EXPECT_EQ(ruled(known, result("a.two", Verdict::pass)).judgement.verdict, Verdict::pass);
  EXPECT_THAT(stale(known), ElementsAre(AllOf(HasSubstr("known.toml:1: req.a"), HasSubstr("none of its 2 cases"))));
}

TEST(KnownRequirement, IsNotJudgedByAPartOfItsCases) {
  KnownFailures known = read(entry(R"("req.a")", R"("400 X")"));
  (void)ruled(known, result("a.one", Verdict::pass));
  EXPECT_THAT(stale(known), IsEmpty());
  (void)ruled(known, result("a.two", Verdict::skipped));
  EXPECT_THAT(stale(known), IsEmpty());
}

TEST(KnownRequirement, IsNotStaleWhereItIsFlaky) {
  KnownFailures known = read(entry(R"("req.a")", R"("400 X")", "flaky"));
  (void)ruled(known, result("a.one", Verdict::pass));
  (void)ruled(known, result("a.two", Verdict::pass));
  EXPECT_THAT(stale(known), IsEmpty());
}

// --- what is refused before anything is sent

TEST(KnownFailures, ThatHaveEndedAreRefusedFromTheNextDayOn) {
  const std::string text = entry(R"("a.one")", R"("400 X")");
  EXPECT_EQ(refusal(text, "", examples::day(2027, 1, 31)), "");
  EXPECT_THAT(refusal(text, "", examples::day(2027, 2, 1)),
              HasSubstr("known.toml:1: the entry has ended on 2027-01-31"));
  EXPECT_THAT(refusal(entry(R"("a.one")", R"("400 X")", "flaky"), "", examples::day(2028, 1, 1)), HasSubstr("ended"));
}

TEST(KnownFailures, ThatMatchNothingAreRefusedWithWhatMayBeMeant) {
  EXPECT_THAT(refusal(entry(R"("req.evry")", R"("400 X")")),
              HasSubstr("'req.evry' is unused: no case and no requirement has "
                        "such an id; did you mean 'req.every'?"));
  EXPECT_THAT(refusal(entry(R"("a")", R"("400 X")")), HasSubstr("'a.*'"));
  EXPECT_THAT(refusal(entry(R"(["a.one", "zzz.*"])", R"("400 X")", "flaky")), HasSubstr("'zzz.*' is unused"));
  EXPECT_EQ(refusal(entry(R"("a.three")", R"("400 X")")), "") << "it is of another tier, and so not unused";
}

TEST(KnownFailures, ThatOverlapAreRefused) {
  const std::string one = entry(R"("a.one")", R"("400 X")");
  EXPECT_THAT(refusal(one + entry(R"("a.*")", R"("500")", "flaky")),
              HasSubstr("known.toml:8: 'a.*' overlaps with 'a.one' of the entry in line 1"));
  EXPECT_THAT(refusal(entry(R"(["a.*", "a.one"])", R"("500")")), HasSubstr("overlaps"));
  EXPECT_THAT(refusal(one + entry(R"("req.a")", R"("500")")),
              HasSubstr("it overlaps with the entry in line 8: that is about the requirement 'req.a'"));
  EXPECT_THAT(refusal(entry(R"("req.a")", R"("1")") + one), Not(HasSubstr("overlaps"))) << "one of them is not read";
  EXPECT_THAT(refusal(entry(R"("req.a")", R"("500")") + entry(R"("req.?")", R"("500")")),
              HasSubstr("requirement req.a"));
  EXPECT_EQ(refusal(entry(R"("a.one")", R"("req.every: 400 X")") + entry(R"("req.a")", R"("500")")), "");
  EXPECT_THAT(refusal(entry(R"("a.one")", R"("req.every: 400 X")") + entry(R"("req.every")", R"("500")")),
              HasSubstr("overlaps"));
}

TEST(KnownFailures, AreRefusedForARequirementThatIsNone) {
  EXPECT_THAT(refusal(entry(R"("a.one")", R"("req.evry: 400 X")")), HasSubstr("did you mean 'req.every'?"));
}

TEST(KnownFailures, AreRefusedWithAllFaultsInTheOrderOfTheirLines) {
  const std::string all =
      refusal(entry(R"("x.y.z.q")", R"("400 X")") + entry(R"("a.one")", R"("wrong")") + entry(R"("b.*")", R"("400 X")"),
              "", examples::day(2027, 5, 1));
  EXPECT_THAT(all, AllOf(HasSubstr("known.toml:1: the entry has ended"), HasSubstr("known.toml:1: 'x.y.z.q' is unused"),
                         HasSubstr("known.toml:10: outcome 'wrong'"), HasSubstr("known.toml:15: the entry has ended")));
  EXPECT_LT(all.find("toml:1:"), all.find("toml:10:"));
  EXPECT_LT(all.find("toml:10:"), all.find("toml:15:"));
}

TEST(KnownFailures, OfOtherVersionsDoNotApplyAndThatIsSaid) {
  const std::string text = entry(R"("a.one")", R"("400 X")", "known", "version = \"4.*\"\n") +
                           entry(R"("a.one")", R"("500")", "known", "version = \"5.*\"\n");
  EXPECT_THAT(refusal(text), HasSubstr("known.toml:1: the entry is of a version: say which the endpoint has"));
  KnownFailures known = read(text, "5.2.1");
  EXPECT_EQ(ruled(known, result("a.one", Verdict::fail, 500, "")).judgement.verdict, Verdict::known);
  EXPECT_EQ(ruled(known, result("a.one", Verdict::fail)).judgement.verdict, Verdict::fail);
  EXPECT_THAT(known.notes(), ElementsAre("known failures: 1 entry of known.toml; 1 is of another version than 5.2.1"));
  EXPECT_THAT(refusal(entry(R"("zz.z")", R"("400 X")", "known", "version = \"4.*\"\n"), "5"), HasSubstr("unused"));
}

TEST(KnownFailures, AreRefusedWhereAnOutcomeStandsTwice) {
  EXPECT_THAT(refusal(entry(R"("a.one")", R"(["200", "400 X", "200"])")),
              HasSubstr("known.toml:3: outcome '200' stands there twice: leave one out"));
  EXPECT_THAT(
      refusal(entry(R"("a.one")", R"x(["answers (no Content-Type)", "answers"])x")),
      HasSubstr("outcome 'answers (no Content-Type)' is one of 'answers', which stands there too: leave one out"));
  EXPECT_EQ(refusal(entry(R"("a.one")", R"(["200", "req.every: 200", "400 X", "400"])")), "");
}

// --- what is pinned

std::string kind(const CaseResult& failed) { return broken_by(failed).front().outcome(); }

CaseResult of_all_answers(std::vector<std::string> causes) {
  CaseResult gathered = result("a.one", Verdict::fail);
  gathered.test.gathers = true;
  gathered.judgement.causes = std::move(causes);
  return gathered;
}

TEST(KindOfFailure, IsThatOfTheAnswerWhateverItSays) {
  CaseResult failed = result("a.one", Verdict::fail);
  failed.judgement.answer.message = "differs each time";
  EXPECT_EQ(kind(failed), "400 X");
  failed.judgement.answer.type = "\x1b[31m" + std::string(10000, 'x');
  EXPECT_THAT(kind(failed), AllOf(Not(HasSubstr("\x1b")), testing::SizeIs(testing::Lt(400U))));
}

TEST(KindOfFailure, IsTheSameForAnySelectionWhereItIsOfAllAnswersOrOfNone) {
  CaseResult gathered = result("a.one", Verdict::fail);
  gathered.test.gathers = true;
  EXPECT_EQ(kind(gathered), "answers");
  CaseResult looked = result("a.one", Verdict::fail);
  looked.judgement.answer = {};
  EXPECT_EQ(kind(looked), "effects");
  looked.judgement.answer.body_fault = "timeout";
  EXPECT_EQ(kind(looked), "no response");
}

TEST(KindOfFailure, SaysWhatWasWrongWhereTheAnswerDoesNot) {
  CaseResult failed = result("a.one", Verdict::fail, 200, "");
  failed.judgement.causes = {"the session is still there\x1b"};
  EXPECT_EQ(kind(failed), "200 (the session is still there\\u001b)");
}

TEST(KnownFailure, PinnedWithWhatWasWrongIsWaivedForNothingElse) {
  const std::string text = entry(R"("a.one")", R"x("answers (Content-Type: application/x-amz-json-1.0)")x");
  KnownFailures known = read(text);
  EXPECT_EQ(ruled(known, of_all_answers({"Content-Type: application/x-amz-json-1.0"})).judgement.verdict,
            Verdict::known);
  const CaseResult other = ruled(known, of_all_answers({"no Content-Type"}));
  EXPECT_EQ(other.judgement.verdict, Verdict::fail);
  EXPECT_THAT(other.judgement.expected,
              HasSubstr("as known (known.toml:1), answers (Content-Type: application/x-amz-json-1.0)"));
}

TEST(KnownFailure, OfAllAnswersIsWaivedOnlyIfAllThatWasWrongIsPinned) {
  const CaseResult both = of_all_answers({"Content-Type: a/b", "no Content-Type"});
  KnownFailures one = read(entry(R"("a.one")", R"x("answers (no Content-Type)")x"));
  EXPECT_EQ(ruled(one, both).judgement.verdict, Verdict::fail);
  KnownFailures all = read(entry(R"("a.one")", R"x(["answers (no Content-Type)", "answers (Content-Type: a/b)"])x"));
  EXPECT_EQ(ruled(all, both).judgement.verdict, Verdict::known);
  EXPECT_EQ(ruled(all, of_all_answers({"Content-Type: a/b"})).judgement.verdict, Verdict::known);
}

TEST(KnownFailure, PinnedByItsKindAloneIsWaivedWhateverWasWrong) {
  KnownFailures known = read(entry(R"("a.one")", R"("answers")"));
  EXPECT_EQ(ruled(known, of_all_answers({"Content-Type: a/b", "no Content-Type"})).judgement.verdict, Verdict::known);
  EXPECT_EQ(ruled(known, of_all_answers({})).judgement.verdict, Verdict::known);
}

// --- the form of one answer, where the case that gathers it is not asked

CaseResult of_form(std::vector<std::pair<std::string, std::string>> form) {
  CaseResult failed = result("a.one", Verdict::fail, 400, "X", form.front().first);
  failed.judgement.causes = {form.front().second};
  failed.judgement.form = std::move(form);
  return failed;
}

Verdict verdict(const std::string& text, const CaseResult& failed) {
  Catalogue all = catalogue();
  all.cases.push_back({"all.form", "req.form", Tier::smoke, true});
  all.cases.push_back({"all.type", "req.type", Tier::smoke, true});
  all.requirements.insert(all.requirements.end(), {"req.form", "req.type"});
  KnownFailures known =
      read_known_failures(text, "known.toml", all, {.today = examples::day(2027, 1, 31), .version = ""});
  return ruled(known, failed).judgement.verdict;
}

TEST(KnownForm, OfAllAnswersIsWaivedInOneToo) {
  for (const char* match : {R"("req.form")", R"("all.form")"}) {
    const std::string text = entry(match, R"x("answers (no JSON)")x");
    EXPECT_EQ(verdict(text, of_form({{"req.form", "no JSON"}})), Verdict::known) << match;
    EXPECT_EQ(verdict(text, of_form({{"req.form", "empty"}})), Verdict::fail) << match;
    EXPECT_EQ(verdict(text, of_form({{"req.type", "no JSON"}})), Verdict::fail) << match;
    EXPECT_EQ(verdict(entry(match, R"("answers")"), of_form({{"req.form", "empty"}})), Verdict::known) << match;
  }
}

TEST(KnownForm, IsNotWaivedWhereMoreIsWrong) {
  CaseResult failed = of_form({{"req.form", "no JSON"}});
  failed.judgement.form.clear();
  for (const char* match : {R"("req.form")", R"("all.form")"})
    for (const char* outcome : {R"x("answers (no JSON)")x", R"("answers")"})
      EXPECT_EQ(verdict(entry(match, outcome), failed), Verdict::fail) << match << outcome;
}

TEST(KnownForm, IsWaivedOnlyIfEachRequirementIsPinned) {
  const CaseResult both = of_form({{"req.form", "no JSON"}, {"req.type", "no type"}});
  const std::string one = entry(R"("req.form")", R"x("answers (no JSON)")x");
  EXPECT_EQ(verdict(one, both), Verdict::fail);
  EXPECT_EQ(verdict(one + entry(R"("req.type")", R"x("answers (another)")x"), both), Verdict::fail);
  EXPECT_EQ(verdict(one + entry(R"("req.type")", R"x("answers (no type)")x"), both), Verdict::known);
}

TEST(KnownForm, IsStillPinnedByTheAnswerThatHasIt) {
  const CaseResult failed = of_form({{"req.form", "no JSON"}});
  EXPECT_EQ(verdict(entry(R"("a.one")", R"x("req.form: 400 X (no JSON)")x"), failed), Verdict::known);
  EXPECT_EQ(verdict(entry(R"("a.one")", R"x("req.form: 400 Y (no JSON)")x"), failed), Verdict::fail);
}

TEST(KnownFailures, AreReadAgainstTheWholePlan) {
  const spec::SpecTable& table = spec::builtin_table();
  const Catalogue all = catalogue_of(table, suites::all_cases(table, 0));
  EXPECT_EQ(all.requirements.size(), table.requirements.size());
  EXPECT_THAT(reach_of("id.length.max", all).requirements, ElementsAre("id.length.max"));
  EXPECT_THAT(reach_of("id.length.max", all).cases, IsEmpty());
  EXPECT_THAT(reach_of("id.length.*", all).requirements, IsEmpty()) << "cases come first";
}

}  // namespace
}  // namespace conformance::known::known_failures_test
