#include "harness/judge/story_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace conformance::story_judge_test {
namespace {

using spec::Outcome;
using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

const spec::SpecTable& table() { return spec::builtin_table(); }

Answer answer_of(int status, const std::string& type, Outcome outcome) {
  Answer answer;
  answer.status = status;
  answer.type = type;
  answer.outcome = outcome;
  return answer;
}

Answer ok() { return answer_of(200, "", Outcome::success); }
Answer not_found() { return answer_of(400, "EntityNotFoundException", Outcome::not_found); }
Answer exists() { return answer_of(400, "AlreadyExistsException", Outcome::wrong_state); }
Answer fault() { return answer_of(500, "InternalServiceException", Outcome::server_fault); }
Answer invalid() { return answer_of(400, "ValidationException", Outcome::rejected_as_invalid); }
Answer wrong_state() { return answer_of(400, "IllegalSessionStateException", Outcome::wrong_state); }

// A story with what came of it: two sessions, "a" and "b", one call after the other unless they are put together.
class Telling {
 public:
  Telling() : judge_(story(), table()) {}

  Telling& call(StoryCall call, Answer answer, const std::map<std::size_t, std::string>& seen = {}) {
    return together({told(std::move(call), std::move(answer), seen)});
  }
  Telling& create(std::size_t session = 0, const std::string& option = "") {
    return call({Verb::create, session, option}, ok(), {{session, "READY"}});
  }
  Telling& remove(std::size_t session = 0, const std::string& option = "") {
    Answer answer = ok();
    answer.echo = story().sessions[session];
    return call({Verb::remove, session, option}, answer);
  }
  Telling& refuse(Answer answer, const std::string& option = "") {
    return call({Verb::remove, 0, option}, std::move(answer));
  }
  Telling& got(std::size_t session = 0, const std::string& state = "READY") {
    return call({Verb::get, session}, ok(), {{session, state}});
  }
  Telling& got_not(std::size_t session = 0) { return call({Verb::get, session}, not_found()); }
  Telling& listed(const std::map<std::size_t, std::string>& seen) { return call({Verb::list}, ok(), seen); }

  Telling& together(std::vector<Told> turn) {
    if (blame_) return *this;
    blame_ = judge_.take(turn);
    return *this;
  }

  static Told told(StoryCall call, Answer answer, const std::map<std::size_t, std::string>& seen = {},
                   std::int64_t begun = 0, std::int64_t ended = 9) {
    Told one;
    if (call.verb == Verb::remove && answer.outcome == Outcome::success && !answer.echo)
      answer.echo = call.session == 0 ? "a" : "b";
    one.call = std::move(call);
    one.answer = std::move(answer);
    one.seen = seen;
    one.begun = begun;
    one.ended = ended;
    return one;
  }

  [[nodiscard]] Judgement conclude(const std::string& requirement = "") const {
    Case test;
    test.requirement = requirement;
    return judge_.conclude(test, blame_);
  }
  [[nodiscard]] std::string blamed() const { return blame_ ? blame_->requirement : ""; }
  [[nodiscard]] const std::optional<Blame>& blame() const { return blame_; }
  [[nodiscard]] const StoryJudge& judge() const { return judge_; }
  [[nodiscard]] bool held(const std::string& requirement) const {
    const std::vector<Check> checks = conclude().checks;
    return std::any_of(checks.begin(), checks.end(),
                       [&](const Check& check) { return check.requirement == requirement && check.held; });
  }

 private:
  static const Story& story() {
    static const Story both{.sessions = {"a", "b"}, .turns = {}};
    return both;
  }

  StoryJudge judge_;
  std::optional<Blame> blame_;
};

TEST(StoryJudge, PassesAPlainLifeAndSaysWhatItHeld) {
  const Telling telling = Telling().create().got().listed({{0, "READY"}}).remove().got_not().listed({});
  EXPECT_EQ(telling.blamed(), "");
  for (const char* requirement :
       {"delete.success", "delete.echo", "delete.effect", "delete.ungettable", "delete.unlisted"}) {
    EXPECT_TRUE(telling.held(requirement)) << requirement;
    EXPECT_EQ(telling.conclude(requirement).verdict, Verdict::pass);
  }
}

TEST(StoryJudge, PassesNoRequirementThatNothingOfTheStoryCouldBreak) {
  const Telling telling = Telling().create().got();
  EXPECT_EQ(telling.conclude("delete.effect").verdict, Verdict::skipped);
  EXPECT_EQ(telling.conclude().verdict, Verdict::skipped);
}

TEST(StoryJudge, BlamesADeletedSessionThatIsStillSeenOnceItCannotBeLate) {
  const Telling got = Telling().create().remove().got();
  EXPECT_EQ(got.blamed(), "delete.effect");
  EXPECT_TRUE(got.blame()->may_pass);
  EXPECT_EQ(got.blame()->second, Verb::list);
  const Telling listed = Telling().create().remove().listed({{0, "READY"}});
  EXPECT_EQ(listed.blame()->second, Verb::get);
}

TEST(StoryJudge, TheOtherLookDecidesWhatIsToBlame) {
  const Telling telling = Telling().create().remove().got();
  const Told listed = Telling::told({Verb::list}, ok(), {{0, "READY"}});
  EXPECT_EQ(telling.judge().seen_otherwise(*telling.blame(), listed).requirement, "delete.effect");
  EXPECT_EQ(telling.judge().seen_otherwise(*telling.blame(), Telling::told({Verb::list}, ok())).requirement,
            "delete.ungettable");
  const Telling other = Telling().create().remove().listed({{0, "READY"}});
  EXPECT_EQ(other.judge().seen_otherwise(*other.blame(), Telling::told({Verb::get}, not_found())).requirement,
            "delete.unlisted");
  Told blind = Telling::told({Verb::get}, fault());
  blind.illegible = "500";
  EXPECT_EQ(other.judge().seen_otherwise(*other.blame(), blind).requirement, "delete.effect");
}

TEST(StoryJudge, BlamesASessionThatComesBack) {
  const Telling telling = Telling().create().remove().got_not().got();
  EXPECT_EQ(telling.blamed(), "delete.permanent");
  EXPECT_TRUE(Telling().create().remove().got_not().got_not().held("delete.permanent"));
  // Of a listing that was late nothing is said by a get.
  EXPECT_EQ(Telling().create().remove().got_not().listed({{0, "READY"}}).blamed(), "delete.effect");
}

TEST(StoryJudge, ASecondDeletionMayBeASuccessOrSayThatItIsGone) {
  for (const Answer& answer : {ok(), not_found(), wrong_state()}) {
    const Telling telling = Telling().create().remove().refuse(answer);
    EXPECT_TRUE(telling.held("delete.again")) << kind_of(answer);
    EXPECT_THAT(telling.conclude().readings, Contains(Pair("delete.again.answer", kind_of(answer))));
  }
  EXPECT_EQ(Telling().create().remove().refuse(fault()).blamed(), "delete.again");
  EXPECT_EQ(Telling().create().remove().refuse(invalid()).blamed(), "delete.again");
}

TEST(StoryJudge, ADeletionOfWhatNeverWasIsNotRefusedAsInvalidAndMakesNothing) {
  EXPECT_TRUE(Telling().refuse(not_found()).held("valid.not_refused"));
  EXPECT_EQ(Telling().refuse(invalid()).blamed(), "valid.not_refused");
  EXPECT_EQ(Telling().refuse(ok()).got().blamed(), "delete.effect");
}

TEST(StoryJudge, BlamesARefusedDeletionByWhatIsSpecialAboutIt) {
  EXPECT_EQ(Telling().create().refuse(wrong_state()).blamed(), "delete.success");
  EXPECT_EQ(Telling().create().call({Verb::stop}, ok()).refuse(wrong_state()).blamed(), "delete.stopped");
  EXPECT_EQ(Telling().create(0, "x").refuse(wrong_state()).blamed(), "delete.origin");
  EXPECT_EQ(Telling().create(0, "x").refuse(wrong_state(), "x").blamed(), "delete.success");
  EXPECT_EQ(Telling().create().remove().create().refuse(wrong_state()).blamed(), "delete.recreate");
  EXPECT_TRUE(Telling().create(0, "x").remove(0, "y").held("delete.origin"));
  EXPECT_TRUE(Telling().create().call({Verb::stop}, ok()).remove().held("delete.stopped"));
}

TEST(StoryJudge, WhatIsBeingMadeMayBeRefusedButThenItStays) {
  const auto provisioning = [] { return Telling().call({Verb::create, 0, "", false}, ok(), {{0, "PROVISIONING"}}); };
  EXPECT_TRUE(provisioning().remove().held("delete.passing"));
  EXPECT_TRUE(provisioning().refuse(wrong_state()).got().held("delete.passing"));
  EXPECT_EQ(provisioning().refuse(fault()).blamed(), "delete.passing");
  EXPECT_EQ(provisioning().refuse(wrong_state()).got_not().blamed(), "delete.passing");
  EXPECT_THAT(provisioning().refuse(wrong_state()).conclude().readings,
              Contains(Pair("delete.provisioning.answer", "400 IllegalSessionStateException")));
  const Telling stopping = Telling().create().call({Verb::stop}, ok()).got(0, "STOPPING").refuse(wrong_state());
  EXPECT_EQ(stopping.blamed(), "");
  EXPECT_THAT(stopping.conclude().readings,
              Contains(Pair("delete.stopping.answer", "400 IllegalSessionStateException")));
}

TEST(StoryJudge, AGivenSessionInItsStateIsDeleted) {
  Story story{.sessions = {"a"}, .turns = {}, .given_state = "FAILED"};
  StoryJudge judge(story, table());
  EXPECT_EQ(judge.take({Telling::told({Verb::remove}, wrong_state())})->requirement, "delete.ended");
}

TEST(StoryJudge, BlamesAnIdThatIsNotGivenAgain) {
  const Telling refused = Telling().create().remove().call({Verb::create}, exists());
  EXPECT_EQ(refused.blamed(), "delete.recreate");
  EXPECT_TRUE(refused.blame()->may_pass) << "a deletion may show late";
  EXPECT_TRUE(Telling().create().remove().create().held("delete.recreate"));
  // That of a first creation says nothing of deletions.
  EXPECT_EQ(Telling().call({Verb::create}, exists()).conclude().verdict, Verdict::inconclusive);
  EXPECT_EQ(Telling().call({Verb::create}, answer_of(404, "", Outcome::unknown_operation)).conclude().verdict,
            Verdict::skipped);
}

TEST(StoryJudge, BlamesTheDeletionOfAnotherForASessionThatGoes) {
  EXPECT_EQ(Telling().create().create(1).remove().got_not(1).blamed(), "id.identity");
  EXPECT_TRUE(Telling().create().create(1).remove().got(1).held("id.identity"));
  // Without any deletion it is no deletion's fault.
  const Telling lost = Telling().create().got_not();
  EXPECT_EQ(lost.conclude().verdict, Verdict::inconclusive);
}

// By it failures are told apart when they are made smaller.
TEST(StoryJudge, GivesTheAnswerThatIsToBlame) {
  EXPECT_EQ(Telling().create().refuse(wrong_state()).conclude().answer.type, "IllegalSessionStateException");
  EXPECT_EQ(Telling().create().create(1).remove(1).refuse(wrong_state()).conclude().answer.type,
            "IllegalSessionStateException");
  EXPECT_EQ(Telling().create().remove().got().conclude().answer.outcome, Outcome::success);
}

TEST(StoryJudge, HoldsTheFormOfASuccess) {
  Answer accepted = ok();
  accepted.status = 202;
  EXPECT_EQ(Telling().create().refuse(accepted).blamed(), "delete.success");
  Answer other = ok();
  other.echo = "b";
  EXPECT_EQ(Telling().create().refuse(other).blamed(), "delete.echo");
}

TEST(StoryJudge, OfDeletionsAtOnceOneMustBeASuccessAndNoneAFault) {
  const auto at_once = [](const std::vector<Answer>& answers) {
    std::vector<Told> turn;
    for (const Answer& answer : answers) turn.push_back(Telling::told({Verb::remove}, answer));
    return Telling().create().together(turn);
  };
  EXPECT_TRUE(at_once({ok(), ok(), not_found()}).held("delete.concurrent"));
  EXPECT_EQ(at_once({ok(), fault()}).blamed(), "delete.concurrent");
  EXPECT_EQ(at_once({ok(), invalid()}).blamed(), "delete.concurrent");
  EXPECT_EQ(at_once({wrong_state(), wrong_state()}).blamed(), "delete.concurrent");
  EXPECT_EQ(at_once({ok(), ok()}).got().blamed(), "delete.effect");
  EXPECT_THAT(at_once({ok(), not_found()}).conclude().readings,
              Contains(Pair("delete.concurrent.answers", "200 to one, 400 EntityNotFoundException to the others")));
}

TEST(StoryJudge, WhatCallsAtOnceLeaveMustBeWhatSomeOrderLeaves) {
  const auto at_once = [](const Answer& creation) {
    return Telling().create().together(
        {Telling::told({Verb::remove}, ok()), Telling::told({Verb::create}, creation, {{0, "READY"}})});
  };
  EXPECT_TRUE(at_once(ok()).got().held("delete.order"));
  EXPECT_EQ(at_once(ok()).got_not().blamed(), "delete.order");
  EXPECT_TRUE(at_once(exists()).got_not().held("delete.order"));
  EXPECT_EQ(at_once(exists()).got().blamed(), "delete.order");
  // Two creations cannot both have found nothing: that is no deletion's fault.
  const Told created = Telling::told({Verb::create}, ok(), {{0, "READY"}});
  const Telling twice = Telling().together({created, created, Telling::told({Verb::get}, not_found())});
  EXPECT_EQ(twice.blamed(), "");
  EXPECT_THAT(twice.conclude().readings, Contains(Pair("delete.linearizable", "no")));
}

TEST(StoryJudge, WhereACreationReplacesItMayHaveComeBeforeTheDeletion) {
  const std::vector<Told> turn = {Telling::told({Verb::remove}, ok()),
                                  Telling::told({Verb::create}, ok(), {{0, "READY"}})};
  EXPECT_EQ(Telling().create().create().together(turn).got_not().blamed(), "");
  EXPECT_EQ(Telling().create().call({Verb::create}, exists()).together(turn).got_not().blamed(), "delete.order");
}

TEST(StoryJudge, ACreationThatFailedMayHaveMadeTheSession) {
  const auto at_once = [](const Answer& creation) {
    return Telling().create().together({Telling::told({Verb::remove}, ok()), Telling::told({Verb::create}, creation)});
  };
  for (const Answer& answer : {fault(), answer_of(418, "", Outcome::unrecognised)}) {
    EXPECT_EQ(at_once(answer).got().blamed(), "");
    EXPECT_EQ(at_once(answer).got_not().blamed(), "");
    EXPECT_EQ(Telling().create().remove().call({Verb::create}, answer).conclude().verdict, Verdict::inconclusive);
  }
}

TEST(StoryJudge, WhatMayStillBeBeingMadeOrStoppedMayBeRefused) {
  Told made = Telling::told({Verb::create}, ok(), {{0, ""}});
  EXPECT_EQ(Telling().together({made}).refuse(wrong_state()).blamed(), "delete.success");
  made.unsettled = true;
  const Telling refused = Telling().together({made}).refuse(wrong_state());
  EXPECT_EQ(refused.conclude("delete.success").verdict, Verdict::skipped);
  EXPECT_THAT(refused.conclude("delete.success").reason, HasSubstr("may still have been being made or stopped"));
  EXPECT_EQ(Telling().together({made}).refuse(fault()).blamed(), "delete.success");
  EXPECT_EQ(Telling().together({made}).got().refuse(wrong_state()).blamed(), "delete.success") << "it is READY";
  const std::vector<Told> both(2, Telling::told({Verb::remove}, wrong_state()));
  EXPECT_EQ(Telling().together({made}).together(both).blamed(), "");
  EXPECT_EQ(Telling().create().together(both).blamed(), "delete.concurrent");
  Told stopped = Telling::told({Verb::stop}, ok());
  EXPECT_EQ(Telling().create().together({stopped}).refuse(wrong_state()).blamed(), "delete.stopped");
  stopped.unsettled = true;
  EXPECT_EQ(Telling().create().together({stopped}).refuse(wrong_state()).blamed(), "");
}

TEST(StoryJudge, KnowsAsGoneOnlyWhatWasDeletedAndSeenGone) {
  EXPECT_TRUE(Telling().create().remove().got_not().judge().is_known_to_be_gone(0));
  EXPECT_FALSE(Telling().create().remove().judge().is_known_to_be_gone(0));
  EXPECT_FALSE(Telling().create().got_not().judge().is_known_to_be_gone(0)) << "it may only be late";
  EXPECT_FALSE(Telling()
                   .together({Telling::told({Verb::remove}, ok()), Telling::told({Verb::create}, ok(), {{0, "READY"}})})
                   .got_not()
                   .judge()
                   .is_known_to_be_gone(0));
}

TEST(StoryJudge, MeasuresWhetherOneOrderExplainsAllAnswersAndFailsForNone) {
  const auto removed_then_got = [](std::int64_t got_from) {
    return Telling().create().together(
        {Telling::told({Verb::remove}, ok(), {}, 0, 4), Telling::told({Verb::get}, ok(), {{0, "READY"}}, got_from, 9)});
  };
  EXPECT_EQ(removed_then_got(5).blamed(), "");
  EXPECT_THAT(removed_then_got(5).conclude().readings, Contains(Pair("delete.linearizable", "no")));
  EXPECT_THAT(removed_then_got(5).conclude().note, HasSubstr("AWSGlue.GetSession 200 [5..9 µs]"));
  EXPECT_THAT(removed_then_got(3).conclude().readings, Contains(Pair("delete.linearizable", "yes")));
}

TEST(StoryJudge, ALookThatWasLateMayDecideWronglyWhatCallsAtOnceLeft) {
  const auto either = [] {
    return Telling().together(
        {Telling::told({Verb::remove}, ok()), Telling::told({Verb::create}, ok(), {{0, "READY"}})});
  };
  const Telling late = either().got().listed({});
  EXPECT_EQ(late.conclude("delete.order").verdict, Verdict::pass);
  EXPECT_THAT(late.conclude().readings, Contains(Pair("delete.linearizable", "no")));
  EXPECT_EQ(either().got_not().listed({{0, "READY"}}).conclude("delete.order").verdict, Verdict::pass);
  EXPECT_EQ(either().got().listed({}).got().conclude("delete.order").verdict, Verdict::pass);
  // Until it is deleted by itself.
  EXPECT_EQ(either().got().listed({}).got().remove().got().blamed(), "delete.effect");
  // Nor does it make a later answer wrong.
  EXPECT_EQ(either().got().refuse(not_found()).blamed(), "");
  EXPECT_EQ(either()
                .got()
                .together({Telling::told({Verb::remove}, not_found()), Telling::told({Verb::remove}, not_found())})
                .blamed(),
            "");
}

TEST(StoryJudge, MeasuresWhetherADeletionShowsAtOnce) {
  Told late = Telling::told({Verb::get}, not_found());
  late.waited = true;
  EXPECT_THAT(Telling().create().remove().together({late}).conclude().readings,
              Contains(Pair("delete.delay", "later")));
  EXPECT_THAT(Telling().create().remove().got_not().conclude().readings, Contains(Pair("delete.delay", "at once")));
}

TEST(StoryJudge, ALookThatTellsNothingChecksNothing) {
  Told blind = Telling::told({Verb::get}, answer_of(404, "", Outcome::unknown_operation));
  blind.illegible = "there is no such operation";
  const Telling telling = Telling().create().remove().together({blind});
  EXPECT_FALSE(telling.held("delete.effect"));
  EXPECT_EQ(telling.conclude("delete.effect").verdict, Verdict::skipped);
  EXPECT_THAT(telling.conclude("delete.effect").reason, HasSubstr("no such operation"));
}

TEST(StoryJudge, NeitherThrottlingNorTheNetworkIsAnAnswer) {
  EXPECT_EQ(Telling().create().refuse(answer_of(400, "ThrottlingException", Outcome::throttled)).conclude().verdict,
            Verdict::inconclusive);
  EXPECT_EQ(Telling().create().refuse(answer_of(0, "", Outcome::no_response)).conclude().verdict, Verdict::error);
  EXPECT_EQ(
      Telling().create().refuse(answer_of(403, "ExpiredTokenException", Outcome::unauthenticated)).conclude().verdict,
      Verdict::inconclusive);
  Told garbled = Telling::told({Verb::remove}, answer_of(0, "", Outcome::no_response));
  garbled.no_http = true;
  EXPECT_EQ(Telling().create().together({garbled}).blamed(), "answer.http");
  Told cut = garbled;
  cut.interrupted = true;
  EXPECT_EQ(Telling().create().together({cut}).conclude().verdict, Verdict::skipped);
}

TEST(StoryJudge, ADeletionThatWasSentTwiceMayHaveHadItsEffectBefore) {
  Told resent = Telling::told({Verb::remove}, not_found());
  EXPECT_EQ(Telling().create().together({resent}).blamed(), "delete.success");
  resent.resent = true;
  EXPECT_EQ(Telling().create().together({resent}).conclude().verdict, Verdict::inconclusive);
}

}  // namespace
}  // namespace conformance::story_judge_test
