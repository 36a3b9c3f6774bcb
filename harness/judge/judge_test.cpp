#include "harness/judge/judge.h"

#include <gtest/gtest.h>

#include "harness/judge/answer_checks.h"
#include "harness/judge/classify.h"

namespace conformance::judge_test {
namespace {

const spec::SpecTable& table() { return spec::builtin_table(); }

wire::Exchange answered(int status, std::string body, std::string type = "application/x-amz-json-1.1") {
  wire::Exchange exchange;
  wire::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = {{"Content-Type", std::move(type)}};
  exchange.response = std::move(response);
  return exchange;
}

wire::Exchange lost(wire::TransportFailure failure) {
  wire::Exchange exchange;
  exchange.failure = failure;
  return exchange;
}

wire::Exchange error(const char* type, int status = 400) {
  return answered(status, std::string(R"({"__type":")") + type + R"(","message":"no"})");
}

Case malformed() {
  Case c;
  c.id = "id.length.ascii.256";
  c.requirement = "id.length.max";
  c.kind = Kind::malformed;
  c.session = "twin";
  c.control_body = "{}";
  c.names_missing_session = true;
  return c;
}

Observation refused_well() {
  Observation seen;
  seen.stimulus = error("ValidationException");
  seen.control = answered(200, R"({"Id":"twin"})");
  seen.session_created = true;
  seen.session_before = Presence::present;
  seen.session_after = Presence::present;
  return seen;
}

Case valid() {
  Case c;
  c.id = "delete.plain.id";
  c.requirement = "delete.success";
  c.kind = Kind::valid;
  c.session = c.expected_echo = "a";
  return c;
}

Observation deleted() {
  Observation seen;
  seen.stimulus = answered(200, R"({"Id":"a"})");
  seen.session_created = true;
  seen.session_before = Presence::present;
  seen.session_after = Presence::absent;
  return seen;
}

Judgement judged(const Case& c, const Observation& seen, const Baseline& baseline = {}) {
  return judge(c, seen, baseline, table());
}

void expect_blame(const Judgement& j, const char* requirement) {
  EXPECT_EQ(j.verdict, Verdict::fail) << j.reason;
  EXPECT_EQ(j.requirement, requirement);
  EXPECT_FALSE(j.expected.empty());
  EXPECT_FALSE(j.actual.empty());
}

TEST(JudgeMalformed, PassesWhenRefusedForItsOwnReasonAndItsControlIsNot) {
  EXPECT_EQ(judged(malformed(), refused_well()).verdict, Verdict::pass);
}

TEST(JudgeMalformed, AcceptsTheErrorThatThePageNamesAsWell) {
  Observation seen = refused_well();
  seen.stimulus = error("com.amazonaws.glue#InvalidInputException");
  EXPECT_EQ(judged(malformed(), seen).verdict, Verdict::pass);
}

TEST(JudgeMalformed, IsInconclusiveWhenTheControlIsRefusedToo) {
  Observation seen = refused_well();
  seen.control = error("ValidationException");
  EXPECT_EQ(judged(malformed(), seen).verdict, Verdict::inconclusive);
}

TEST(JudgeMalformed, IsInconclusiveWhenAMissingSessionGetsTheSameAnswer) {
  Baseline baseline;
  baseline.missing = Answer{};
  baseline.missing->outcome = spec::Outcome::rejected_as_invalid;
  baseline.missing->type = "InvalidInputException";
  Observation seen = refused_well();
  seen.stimulus = error("InvalidInputException");
  EXPECT_EQ(judged(malformed(), seen, baseline).verdict, Verdict::inconclusive);
  seen.stimulus = error("ValidationException");
  EXPECT_EQ(judged(malformed(), seen, baseline).verdict, Verdict::pass);
}

TEST(JudgeMalformed, FailsWhenAccepted) {
  Observation seen = refused_well();
  seen.stimulus = answered(200, R"({"Id":"x"})");
  expect_blame(judged(malformed(), seen), "id.length.max");
}

TEST(JudgeMalformed, FailsWhenRefusedForAnotherReason) {
  Observation seen = refused_well();
  seen.stimulus = error("EntityNotFoundException");
  expect_blame(judged(malformed(), seen), "id.length.max");
}

TEST(JudgeMalformed, FailsWhenItHadAnEffect) {
  Observation seen = refused_well();
  seen.session_after = Presence::absent;
  expect_blame(judged(malformed(), seen), "malformed.no_effect");
}

TEST(JudgeMalformed, BlamesTheShapeOfTheErrorBeforeItsMeaning) {
  Observation seen = refused_well();
  seen.stimulus = answered(400, "<html>", "text/html");
  expect_blame(judged(malformed(), seen), "error.body");
  seen.stimulus = answered(400, R"({"message":"no"})");
  expect_blame(judged(malformed(), seen), "error.type");
  seen.stimulus = error("ValidationException", 500);
  expect_blame(judged(malformed(), seen), "error.status");
  seen.stimulus = answered(400, R"({"__type":"ValidationException","message":7})");
  expect_blame(judged(malformed(), seen), "error.message");
  seen.stimulus = answered(400, R"({"__type":"ValidationException"})", "text/plain");
  expect_blame(judged(malformed(), seen), "answer.content_type");
}

TEST(JudgeMalformed, TakesAServerFaultForWhatItIs) {
  Observation seen = refused_well();
  seen.stimulus = answered(500, "<html>oops", "text/html");
  expect_blame(judged(malformed(), seen), "id.length.max");
}

TEST(JudgeMalformed, FailsOnALostAnswerOnlyIfTheControlIsAnswered) {
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::closed);
  expect_blame(judged(malformed(), seen), "id.length.max");
  seen.control = lost(wire::TransportFailure::closed);
  EXPECT_EQ(judged(malformed(), seen).verdict, Verdict::error);
}

TEST(JudgeMalformed, IsInconclusiveWhereOnlyTheNextRequestIsAnswered) {
  Observation seen = refused_well();
  seen.stimulus = seen.control = lost(wire::TransportFailure::timeout);
  seen.next = lost(wire::TransportFailure::timeout);
  EXPECT_EQ(judged(malformed(), seen).verdict, Verdict::error);
  seen.next = error("EntityNotFoundException");
  EXPECT_EQ(judged(malformed(), seen).verdict, Verdict::inconclusive);
}

TEST(JudgeFreeForm, FailsWhereNeitherItNorItsControlIsAnsweredButTheNextRequest) {
  Case either = malformed();
  either.kind = Kind::free_form;
  Observation seen = refused_well();
  seen.stimulus = seen.control = lost(wire::TransportFailure::timeout);
  EXPECT_EQ(judged(either, seen).verdict, Verdict::error);
  seen.next = error("EntityNotFoundException");
  const Judgement judgement = judged(either, seen);
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_THAT(judgement.actual, testing::HasSubstr("the next request is answered"));
  either.requirement.clear();
  EXPECT_EQ(judged(either, seen).verdict, Verdict::inconclusive);
}

TEST(JudgeMalformed, FailsOnAnAnswerThatIsNotHttp) {
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::malformed);
  expect_blame(judged(malformed(), seen), "answer.http");
}

TEST(JudgeMalformed, NeverJudgesAThrottledAnswer) {
  Observation seen = refused_well();
  seen.stimulus = error("ThrottlingException");
  EXPECT_EQ(judged(malformed(), seen).verdict, Verdict::inconclusive);
}

TEST(JudgeMalformed, SaysWhenTheEffectCouldNotBeSeen) {
  Observation seen = refused_well();
  seen.session_after = Presence::unknown;
  seen.presence_unknown = "nothing lists";
  const Judgement j = judged(malformed(), seen);
  EXPECT_EQ(j.verdict, Verdict::pass);
  EXPECT_EQ(j.note, "nothing lists");
}

TEST(JudgeValid, PassesWhenTheSessionIsDeletedAndNamed) {
  EXPECT_EQ(judged(valid(), deleted()).verdict, Verdict::pass);
}

TEST(JudgeValid, FailsWhenRefused) {
  Observation seen = deleted();
  seen.stimulus = error("ValidationException");
  seen.session_after = Presence::present;
  expect_blame(judged(valid(), seen), "delete.success");
}

TEST(JudgeValid, FailsOnAnotherStatusOfSuccess) {
  Observation seen = deleted();
  seen.stimulus = answered(201, R"({"Id":"a"})");
  expect_blame(judged(valid(), seen), "delete.success");
}

TEST(JudgeValid, FailsWhenTheEchoIsNotExact) {
  Observation seen = deleted();
  for (const char* body : {R"({"Id":"A"})", R"({"Id":7})", "{}", "", "[]", "nonsense"}) {
    seen.stimulus = answered(200, body);
    expect_blame(judged(valid(), seen), "delete.echo");
  }
}

TEST(JudgeValid, FailsWhenTheSessionIsStillThere) {
  Observation seen = deleted();
  seen.session_after = Presence::present;
  expect_blame(judged(valid(), seen), "delete.effect");
}

TEST(JudgeValid, FailsWhenANeighbourIsGone) {
  Case c = valid();
  c.requirement = "id.identity";
  c.bystanders = {"b"};
  Observation seen = deleted();
  seen.bystanders_before = {Presence::present};
  seen.bystanders_after = {Presence::absent};
  expect_blame(judged(c, seen), "id.identity");
}

TEST(JudgeValid, HoldsTheWeakerPromiseWithoutASession) {
  Observation seen = deleted();
  seen.session_created = false;
  seen.session_after = Presence::unknown;
  seen.stimulus = error("EntityNotFoundException");
  EXPECT_EQ(judged(valid(), seen).verdict, Verdict::pass);
  seen.stimulus = error("ValidationException");
  expect_blame(judged(valid(), seen), "delete.success");
}

TEST(JudgeValid, LetsASuccessForASessionThatNeverWasNameNoOther) {
  Observation seen = deleted();
  seen.session_created = false;
  seen.session_after = Presence::unknown;
  for (const char* body : {R"({"Id":"a"})", R"({"Id":null})", "{}", ""}) {
    seen.stimulus = answered(200, body);
    EXPECT_EQ(judged(valid(), seen).verdict, Verdict::pass) << body;
  }
  for (const char* body : {R"({"Id":"b"})", R"({"Id":3})", R"({"Id":["a"]})", "hello", "[]", "{"}) {
    seen.stimulus = answered(200, body);
    expect_blame(judged(valid(), seen), "delete.echo");
  }
  EXPECT_EQ(judged(valid(), seen).expected, "Id is \"a\", or left out of a JSON object");
  Case nameless = valid();
  nameless.expected_echo.clear();
  seen.stimulus = answered(200, R"({"Id":"b"})");
  EXPECT_EQ(judged(nameless, seen).verdict, Verdict::pass);
}

TEST(JudgeValid, SkipsWithTheReasonWhatWasNotSent) {
  Observation seen;
  seen.not_sent = "needs a session";
  EXPECT_EQ(judged(valid(), seen).verdict, Verdict::skipped);
  seen.not_sent_verdict = Verdict::inconclusive;
  EXPECT_EQ(judged(valid(), seen).verdict, Verdict::inconclusive);
}

TEST(JudgeValid, SaysNothingOfASessionThatWasNotSeenBefore) {
  Case c = valid();
  c.requirement = "delete.effect";
  Observation seen = deleted();
  seen.session_before = Presence::absent;
  seen.presence_unknown = "the listing does not show it";
  const Judgement j = judged(c, seen);
  EXPECT_EQ(j.verdict, Verdict::inconclusive);
  EXPECT_EQ(j.reason, "the listing does not show it");
}

TEST(JudgeValid, DoesNotHoldARefusalAgainstARequestThatMayHaveSucceededBefore) {
  Observation seen = deleted();
  seen.stimulus = error("EntityNotFoundException");
  expect_blame(judged(valid(), seen), "delete.success");
  seen.lost = "closed: after 0 bytes";
  EXPECT_EQ(judged(valid(), seen).verdict, Verdict::inconclusive);
  seen.stimulus = error("ValidationException");
  expect_blame(judged(valid(), seen), "delete.success");
}

TEST(JudgeValid, DoesNotHoldARefusalAgainstARequestThatWentOutTwice) {
  Observation seen = deleted();
  seen.stimulus = error("EntityNotFoundException");
  expect_blame(judged(valid(), seen), "delete.success");
  seen.stimulus->resent = true;
  EXPECT_EQ(judged(valid(), seen).verdict, Verdict::inconclusive);
}

TEST(JudgeValid, FailsOnALostAnswerOnlyIfTheNextRequestIsAnswered) {
  Observation seen = deleted();
  seen.stimulus = lost(wire::TransportFailure::closed);
  EXPECT_EQ(judged(valid(), seen).verdict, Verdict::error);
  seen.control = error("EntityNotFoundException");
  expect_blame(judged(valid(), seen), "delete.success");
}

TEST(JudgeValid, NotesAnAnswerThatCameOnlyWhenSentAgain) {
  Observation seen = deleted();
  seen.lost = "closed: after 0 bytes";
  const Judgement j = judged(valid(), seen);
  EXPECT_EQ(j.verdict, Verdict::pass);
  EXPECT_NE(j.note.find("closed"), std::string::npos);
}

TEST(JudgeValid, TakesOnlyErrorsThatTheSourcesNameForTheAnswerToAMissingSession) {
  Case c = valid();
  c.requirement = "valid.not_refused";
  c.session.clear();
  Baseline baseline;
  baseline.missing = Answer{};
  baseline.missing->outcome = spec::Outcome::rejected_as_invalid;
  Observation seen;
  for (const auto& [type, verdict] :
       {std::pair{"InvalidInputException", Verdict::skipped}, std::pair{"ValidationException", Verdict::fail}}) {
    baseline.missing->type = type;
    seen.stimulus = error(type);
    EXPECT_EQ(judged(c, seen, baseline).verdict, verdict) << type;
  }
}

TEST(JudgeMalformed, SaysNothingOfTheEffectOnASessionThatWasNotSeenBefore) {
  Observation seen = refused_well();
  seen.session_before = seen.session_after = Presence::absent;
  seen.presence_unknown = "the listing does not show it";
  const Judgement j = judged(malformed(), seen);
  EXPECT_EQ(j.verdict, Verdict::pass);
  EXPECT_EQ(j.note, "the listing does not show it");
}

TEST(JudgeMalformed, HoldsTheReasonOfARefusalThoughItsTypeIsUnknown) {
  Observation seen = refused_well();
  for (const wire::Exchange& answer : {error("BananaException"), answered(400, "{}")}) {
    seen.stimulus = answer;
    expect_blame(judge(malformed(), seen, {}, table(), spec::Level::must), "id.length.max");
    expect_blame(judge(malformed(), seen, {}, table(), spec::Level::should), "error.type");
  }
}

// The session is gone, so its control cannot find it: that is the finding, not a reason to find nothing.
TEST(JudgeMalformed, FailsOnAnEffectThatTakesTheSessionFromItsControl) {
  Observation seen = refused_well();
  seen.session_after = Presence::absent;
  seen.control = error("EntityNotFoundException");
  expect_blame(judged(malformed(), seen), "malformed.no_effect");
}

TEST(JudgeMalformed, IsSkippedWhereTheRunWasInterruptedBeforeItsControl) {
  Observation seen = refused_well();
  seen.control = lost(wire::TransportFailure::interrupted);
  EXPECT_EQ(judged(malformed(), seen).verdict, Verdict::skipped);
  seen.control.reset();
  EXPECT_EQ(judged(malformed(), seen).verdict, Verdict::skipped);
}

TEST(JudgeMalformed, TakesAnyErrorThatOneOfItsFaultsAllows) {
  Case both = malformed();
  both.requirement = "request.refuse";
  both.faults = {"id.length.max", "origin.type"};
  Observation seen = refused_well();
  seen.stimulus = error("SerializationException");
  EXPECT_EQ(judged(both, seen).verdict, Verdict::pass);
  both.faults = {"id.length.max"};
  expect_blame(judged(both, seen), "request.refuse");
}

TEST(JudgeMalformed, LetsWhatIsOversizeBeRefusedForItsSize) {
  Case large = malformed();
  Observation seen = refused_well();
  seen.stimulus = error("RequestEntityTooLargeException", 413);
  expect_blame(judged(large, seen), "id.length.max");
  large.oversize = true;
  EXPECT_EQ(judged(large, seen).verdict, Verdict::pass);
  seen.stimulus = answered(413, "<html>too large</html>", "text/html");
  EXPECT_EQ(judged(large, seen).verdict, Verdict::pass) << "by a proxy";
  seen.stimulus = answered(400, "<html>too large</html>", "text/html");
  EXPECT_EQ(judged(large, seen).verdict, Verdict::fail);
  seen.stimulus = lost(wire::TransportFailure::closed);
  EXPECT_EQ(judged(large, seen).verdict, Verdict::pass);
  seen.session_after = Presence::absent;
  expect_blame(judged(large, seen), "malformed.no_effect");
}

TEST(JudgeValid, IsNoPassWhereTheEndpointFailedToGiveASession) {
  Observation seen = deleted();
  seen.session_created = false;
  seen.no_session = "throttled";
  EXPECT_EQ(judged(valid(), seen).verdict, Verdict::pass);
  seen.session_failed = true;
  EXPECT_EQ(judged(valid(), seen).verdict, Verdict::inconclusive);
  seen.stimulus = error("ValidationException");
  expect_blame(judged(valid(), seen), "delete.success");
}

TEST(JudgeValid, IsInconclusiveWhereTheEndpointFailedToShowTheEffect) {
  Case effect = valid();
  effect.requirement = "delete.effect";
  Observation seen = deleted();
  seen.session_before = seen.session_after = Presence::unknown;
  seen.presence_unknown = "not shown";
  EXPECT_EQ(judged(effect, seen).verdict, Verdict::skipped);
  seen.sight_failed = true;
  EXPECT_EQ(judged(effect, seen).verdict, Verdict::inconclusive);
}

TEST(JudgeFree, SparesTheSessionThatNoReadingNames) {
  Case free_case = malformed();
  free_case.kind = Kind::free_form;
  free_case.requirement = "json.answered";
  Observation seen = refused_well();
  seen.stimulus = answered(200, R"({"Id":"other"})");
  seen.session_after = Presence::absent;
  EXPECT_EQ(judged(free_case, seen).verdict, Verdict::pass);
  free_case.spares_session = true;
  expect_blame(judged(free_case, seen), "malformed.no_effect");
}

TEST(JudgeFree, HoldsOnlyAgainstWhatIsNeverRight) {
  Case c = malformed();
  c.kind = Kind::free_form;
  c.requirement = "id.surrogate";
  Observation seen = refused_well();
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  seen.stimulus = answered(200, "{}");
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  seen.stimulus = error("InternalServiceException", 500);
  expect_blame(judged(c, seen), "id.surrogate");
}

// A well-formed request after others in one conversation.
Case in_company(std::vector<Companion> companions) {
  Case c = valid();
  c.requirement = "http.keep_alive";
  c.companions = std::move(companions);
  return c;
}

Observation after(std::vector<wire::Exchange> earlier) {
  Observation seen = deleted();
  for (wire::Exchange& exchange : earlier) seen.stimulus->earlier.push_back(std::move(*exchange.response));
  seen.stimulus->answers_on_connection = seen.stimulus->earlier.size() + 1;
  return seen;
}

const Companion refused_companion{.body = "{", .expected = Companion::Expected::refused};
const Companion missing_companion{.body = R"({"Id":"m"})", .identifier = "m"};

TEST(JudgeConversation, HoldsEveryAnswerBeforeTheLast) {
  const Case c = in_company({refused_companion, missing_companion});
  const wire::Exchange refusal = error("SerializationException");
  EXPECT_EQ(judged(c, after({refusal, answered(200, R"({"Id":"m"})")})).verdict, Verdict::pass);
  EXPECT_EQ(judged(c, after({refusal, error("EntityNotFoundException")})).verdict, Verdict::pass);
  expect_blame(judged(c, after({answered(200, "{}"), answered(200, "{}")})), "http.keep_alive");
  expect_blame(judged(c, after({refusal, error("SerializationException")})), "http.keep_alive");
  expect_blame(judged(c, after({refusal, error("InternalServiceException", 500)})), "http.keep_alive");
}

TEST(JudgeConversation, TakesWhateverTheEndpointSaysOfAMissingSession) {
  Baseline baseline;
  baseline.missing = classify(error("InvalidInputException"), table());
  const Case c = in_company({missing_companion});
  EXPECT_EQ(judge(c, after({error("InvalidInputException")}), baseline, table()).verdict, Verdict::pass);
  expect_blame(judge(c, after({error("InvalidInputException")}), {}, table()), "http.keep_alive");
}

TEST(JudgeConversation, HoldsTheSameRequestToTheSameAnswer) {
  const Case c = in_company({refused_companion, refused_companion});
  expect_blame(judged(c, after({error("SerializationException"), error("ValidationException")})), "http.keep_alive");
  expect_blame(judged(c, after({answered(400, "{}"), answered(404, "{}")})), "http.keep_alive");
}

TEST(JudgeConversation, FindsAnAnswerThatBelongsToAnotherRequest) {
  const Companion other{.body = R"({"Id":"n"})", .identifier = "n"};
  const Case c = in_company({missing_companion, other});
  const Judgement swapped = judged(c, after({answered(200, R"({"Id":"n"})"), answered(200, R"({"Id":"m"})")}));
  expect_blame(swapped, "http.keep_alive");
  EXPECT_EQ(swapped.actual, "that of the request for \"n\"");
  // What a success for a session that never was must carry is not documented.
  EXPECT_EQ(judged(c, after({answered(200, R"({"Id":"x"})"), answered(200, R"({"Id":""})")})).verdict, Verdict::pass);
}

TEST(JudgeConversation, AsksNothingOfACompanionOfWhichAnyAnswerWillDo) {
  Companion any = refused_companion;
  any.expected = Companion::Expected::any;
  EXPECT_EQ(judged(in_company({any}), after({answered(411, "")})).verdict, Verdict::pass);
}

TEST(JudgeConversation, IsInconclusiveWhereAnyOfItIsThrottled) {
  EXPECT_EQ(judged(in_company({missing_companion}), after({error("ThrottlingException")})).verdict,
            Verdict::inconclusive);
}

TEST(JudgeConversation, IsSkippedWhereTheEndpointEndsItAndSaysSo) {
  EXPECT_EQ(
      judged(in_company({refused_companion, missing_companion}), after({error("SerializationException")})).verdict,
      Verdict::skipped);
}

TEST(JudgeConversation, BlamesAnEndThatNobodyAnnounced) {
  const Case c = in_company({refused_companion});
  Observation seen = deleted();
  seen.stimulus = lost(wire::TransportFailure::closed);
  seen.stimulus->received = "all of an answer";
  seen.stimulus->answered_bytes = seen.stimulus->received.size();
  seen.stimulus->answers_on_connection = 1;
  seen.control = answered(200, R"({"Id":"a"})");
  expect_blame(judged(c, seen), "http.close.announced");
  seen.stimulus->answers_on_connection = 0;
  expect_blame(judged(c, seen), "http.keep_alive");
  seen.stimulus->received += "HTTP/1";
  expect_blame(judged(c, seen), "answer.http");
}

// That it gets none is what another case asks.
TEST(JudgeConversation, IsSkippedWhereACompanionOfWhichAnyAnswerWillDoGetsNone) {
  Companion any = refused_companion;
  any.expected = Companion::Expected::any;
  Observation seen = deleted();
  seen.stimulus = lost(wire::TransportFailure::closed);
  seen.control = answered(200, R"({"Id":"a"})");
  EXPECT_EQ(judged(in_company({any}), seen).verdict, Verdict::skipped);
  expect_blame(judged(in_company({refused_companion}), seen), "http.keep_alive");
}

TEST(JudgeConversation, LetsWhatIsNoHttpBeAnsweredByNone) {
  Case c = malformed();
  c.requirement = "http.incomplete";
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::malformed);
  expect_blame(judged(c, seen), "answer.http");
  c.is_no_http = true;
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  seen.session_after = Presence::absent;
  expect_blame(judged(c, seen), "malformed.no_effect");
}

TEST(JudgeConversation, HoldsAConnectionThatMustEnd) {
  Case c = valid();
  c.requirement = "http.close";
  c.must_close = true;
  Observation seen = deleted();
  expect_blame(judged(c, seen), "http.close");
  seen.stimulus->peer_closed = true;
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
}

TEST(JudgeConversation, HoldsABodyThatIsToBeAskedFor) {
  Case c = valid();
  c.requirement = "http.expect.continue";
  c.body = R"({"Id":"a"})";
  c.must_continue = true;
  Observation seen = deleted();
  seen.stimulus->sent = "head" + c.body;
  expect_blame(judged(c, seen), "http.expect.continue");
  seen.stimulus->response->interim = {100};
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  seen.stimulus->response->interim.clear();
  seen.stimulus->received = "HTTP/1.0 200 OK";  // which knows none
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  seen.stimulus->received.clear();
  seen.stimulus->sent = "head";  // answered before the body was sent
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
}

// Where the conversation decides how slowly a request comes, 408 is the answer to it and no throttling.
TEST(JudgeConversation, DoesNotTakeATimeoutOfTheEndpointsForThrottling) {
  Case c = valid();
  c.requirement = "http.split";
  Observation seen = deleted();
  seen.stimulus = error("RequestTimeoutException", 408);
  EXPECT_EQ(judged(c, seen).verdict, Verdict::inconclusive);
  c.speak = [](const std::vector<wire::Message>&) { return wire::Conversation{}; };
  expect_blame(judged(c, seen), "http.split");
}

TEST(JudgeConversation, LetsAnAnswerOfTheRequirementStandWhereThereIsNoSession) {
  Case c = valid();
  c.requirement = "http.chunked.read";
  c.any_form = true;
  Observation seen = deleted();
  seen.session_created = false;
  seen.stimulus = answered(411, "Length Required", "text/plain");
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
}

Case broken_off() {
  Case c = malformed();
  c.requirement = "http.incomplete";
  c.any_form = c.may_be_dropped = true;
  return c;
}

TEST(JudgeLeft, SeesByTheEffectWhetherItWasCarriedOut) {
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::left);
  EXPECT_EQ(judged(broken_off(), seen).verdict, Verdict::pass);
  EXPECT_EQ(judged(broken_off(), seen).carried_out, false);
  seen.session_after = Presence::absent;
  expect_blame(judged(broken_off(), seen), "http.incomplete");
  Case whole = broken_off();
  whole.kind = Kind::free_form;
  EXPECT_EQ(judged(whole, seen).verdict, Verdict::pass);
  EXPECT_EQ(judged(whole, seen).carried_out, true);
  seen.session_after = Presence::unknown;
  EXPECT_EQ(judged(broken_off(), seen).verdict, Verdict::skipped);
}

TEST(JudgeMalformed, BlamesNothingStrongerThanWhatItAsksWhereTheAnswerIsLost) {
  Case c = broken_off();
  c.requirement = "http.chunked.malformed";
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::closed);
  seen.session_after = Presence::absent;
  expect_blame(judged(c, seen), "http.chunked.malformed");
  c.requirement = "http.incomplete";
  expect_blame(judged(c, seen), "malformed.no_effect");
}

TEST(JudgeValid, BlamesAnAnswerThatBeganAndDidNotEndInTime) {
  Observation seen = deleted();
  seen.stimulus = lost(wire::TransportFailure::timeout);
  seen.stimulus->received = "HTTP/1.1 200 OK";
  EXPECT_EQ(judged(valid(), seen).verdict, Verdict::error) << "the endpoint may be slow";
  seen.control = answered(200, "{}");
  expect_blame(judged(valid(), seen), "answer.http");
  Baseline baseline;
  baseline.gathered = {"answer.http"};
  expect_blame(judged(valid(), seen, baseline), "answer.http");
}

TEST(JudgeMalformed, LetsWhatMayBeDroppedBreakOffInItsAnswer) {
  Case c = broken_off();
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::closed);
  seen.stimulus->received = "HTTP/1.1 400 Bad Request";
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  c.may_be_dropped = false;
  expect_blame(judged(c, seen), "answer.http");
}

TEST(JudgeFree, LetsWhatWasDroppedHaveHadItsEffect) {
  Case c = broken_off();
  c.kind = Kind::free_form;
  c.requirement = "http.answered";
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::closed);
  seen.session_after = Presence::absent;
  seen.control = error("EntityNotFoundException");
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  c.kind = Kind::malformed;
  expect_blame(judged(c, seen), "malformed.no_effect");
}

TEST(JudgeLevels, AWeakerRequirementDoesNotHideAStronger) {
  Observation seen = refused_well();
  seen.stimulus = answered(400, R"({"code":"EntityNotFoundException"})");
  const Judgement j = judge(malformed(), seen, {}, table(), spec::Level::must);
  expect_blame(j, "id.length.max");
}

TEST(JudgeAnswerClasses, TakeAnyClientErrorWhateverItCarriesWhereTheRequirementSaysSo) {
  EXPECT_TRUE(spec::is_answer_class("client_error"));
  EXPECT_TRUE(spec::is_answer_class("411"));
  EXPECT_FALSE(spec::is_answer_class("ValidationException"));
}

// Of a requirement that any answer satisfies which is no server fault.
Case anything() {
  Case c = malformed();
  c.kind = Kind::free_form;
  c.requirement = "json.answered";
  c.any_form = true;
  return c;
}

TEST(JudgeFree, DoesNotHoldTheFormOfAnErrorAgainstWhoStandsBeforeTheOperation) {
  Observation seen = refused_well();
  seen.stimulus = error("SerializationException");
  seen.stimulus->response->headers.clear();
  EXPECT_EQ(judged(anything(), seen).verdict, Verdict::pass);
}

TEST(JudgeFree, BlamesTheEffectOfASuccessThatIsNoAnswerOfTheOperation) {
  Observation seen = refused_well();
  seen.stimulus = answered(200, "<html>healthy</html>", "text/html");
  EXPECT_EQ(judged(anything(), seen).verdict, Verdict::pass);
  seen.session_after = Presence::absent;
  expect_blame(judged(anything(), seen), "malformed.no_effect");
  seen.stimulus = answered(200, R"({"Id":"twin"})");
  EXPECT_EQ(judged(anything(), seen).verdict, Verdict::pass);
}

// Of a requirement that takes the answer of whoever took the request for another one.
TEST(JudgeForeignSuccess, IsNoAnswerOfTheOperationAndHasNoEffect) {
  Case c = malformed();
  c.requirement = "route.method";
  c.any_form = true;
  Observation seen = refused_well();
  for (const char* body : {"healthy", "", "{}", R"({"status":"up"})", R"({"Id":"other"})"}) {
    seen.stimulus = answered(200, body);
    EXPECT_EQ(judged(c, seen).verdict, Verdict::pass) << body;
  }
  seen.session_after = Presence::absent;
  expect_blame(judged(c, seen), "malformed.no_effect");
  seen.session_after = Presence::present;
  seen.stimulus = answered(200, R"({"Id":"twin"})");
  expect_blame(judged(c, seen), "route.method");
  seen.stimulus = answered(501, "");
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  seen.stimulus = answered(500, "");
  expect_blame(judged(c, seen), "route.method");
}

TEST(JudgeForeignSuccess, ProvesNothingOfAnEndpointThatSaysItToEverything) {
  Case c = malformed();
  c.requirement = "route.method";
  c.any_form = true;
  Observation seen = refused_well();
  seen.stimulus = answered(200, "healthy");
  seen.control = error("ValidationException");
  EXPECT_EQ(judged(c, seen).verdict, Verdict::inconclusive);
}

TEST(JudgeLeft, HoldsARequestThatBrokeOffAgainstItsEffectAlone) {
  Case c = anything();
  c.kind = Kind::malformed;
  c.requirement = "malformed.no_effect";
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::left);
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  seen.session_after = Presence::absent;
  expect_blame(judged(c, seen), "malformed.no_effect");
  seen.session_after = Presence::unknown;
  EXPECT_EQ(judged(c, seen).verdict, Verdict::skipped);
}

TEST(JudgeDropped, LetsAMessageThatMayBeDroppedGoWithoutAnAnswer) {
  Case c = anything();
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::closed);
  expect_blame(judged(c, seen), "json.answered");
  c.may_be_dropped = true;
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  seen.session_after = Presence::absent;
  c.spares_session = true;
  expect_blame(judged(c, seen), "malformed.no_effect");
}

TEST(JudgeClosing, BlamesAConnectionThatStaysOpenWhereItMustClose) {
  Case c = anything();
  c.must_close = true;
  Observation seen = refused_well();
  expect_blame(judged(c, seen), "json.answered");
  seen.stimulus->peer_closed = true;
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
}

TEST(JudgeCompanions, HoldsEachAnswerOnAConnectionAgainstWhatItsRequestGetsAlone) {
  Case c = valid();
  using Expected = Companion::Expected;
  c.companions = {{"{}", Expected::refused, {}}, {R"({"Id":"missing"})", Expected::not_refused, {}}};
  Observation seen = deleted();
  seen.stimulus->earlier = {*error("ValidationException").response, *answered(200, R"({"Id":"missing"})").response};
  EXPECT_EQ(judged(c, seen).verdict, Verdict::pass);
  std::swap(seen.stimulus->earlier[0], seen.stimulus->earlier[1]);
  expect_blame(judged(c, seen), "delete.success");
  seen.stimulus->earlier.clear();
  EXPECT_EQ(judged(c, seen).verdict, Verdict::skipped);
}

TEST(JudgeLiveness, BlamesAnAnswerThatTakesMuchLongerThanTheFirst) {
  Case c = valid();
  c.liveness = true;
  Baseline baseline;
  baseline.first_elapsed = std::chrono::milliseconds(10);
  const std::chrono::milliseconds bound(10 * table().liveness.factor + table().liveness.slack_ms);
  Observation seen = deleted();
  seen.stimulus->elapsed = bound;
  EXPECT_EQ(judged(c, seen, baseline).verdict, Verdict::pass);
  seen.stimulus->elapsed = bound + std::chrono::milliseconds(1);
  expect_blame(judged(c, seen, baseline), "endpoint.alive");
}

TEST(JudgeGathered, LeavesTheFormOfAnAnswerToTheCaseThatGathersIt) {
  Observation seen = refused_well();
  seen.stimulus->response->headers = {{"Content-Type", "text/plain"}};
  expect_blame(judged(malformed(), seen), "answer.content_type");
  Baseline baseline;
  baseline.gathered = {"answer.content_type"};
  EXPECT_EQ(judged(malformed(), seen, baseline).verdict, Verdict::pass);
}

using Form = std::vector<std::pair<std::string, std::string>>;

TEST(JudgeForm, IsToldWithItsCausesWhereNothingElseIsWrong) {
  Observation seen = refused_well();
  seen.stimulus->response->body = "<html/>";
  seen.stimulus->response->headers = {{"Content-Type", "text/html; charset=x"},
                                      {"X-Amzn-ErrorType", "ValidationException"}};
  const Judgement j = judged(malformed(), seen);
  expect_blame(j, "error.body");
  EXPECT_EQ(j.actual, "400 ValidationException (body is not JSON)");
  EXPECT_EQ(j.causes, std::vector<std::string>{"body is not JSON"});
  EXPECT_EQ(j.form, (Form{{"error.body", "body is not JSON"}, {"answer.content_type", "Content-Type: text/html"}}));
}

TEST(JudgeForm, IsNotToldWhereItIsNotAllThatIsWrong) {
  Observation seen = refused_well();
  seen.stimulus->response->body = "<html/>";
  seen.stimulus->response->headers.push_back({"X-Amzn-ErrorType", "ValidationException"});
  EXPECT_EQ(judged(malformed(), seen).form.size(), 1U);
  seen.session_after = Presence::absent;
  expect_blame(judged(malformed(), seen), "error.body");
  EXPECT_EQ(judged(malformed(), seen).form, Form{});
  EXPECT_EQ(judged(malformed(), refused_well()).form, Form{});
}

TEST(JudgeForm, OfWhatIsNoHttpHasTheCauseThatAllAnswersHave) {
  Observation seen = deleted();
  seen.stimulus = lost(wire::TransportFailure::malformed);
  seen.stimulus->detail = "byte 17: no colon";
  const Judgement j = judged(valid(), seen);
  expect_blame(j, "answer.http");
  ASSERT_EQ(j.form.size(), 1U);
  EXPECT_EQ(j.form[0].second, check_answer(*seen.stimulus, j.answer, table()).front().cause);
}

TEST(JudgeForm, OfAnAnswerThatDoesNotEndInTimeIsTheCasesOwn) {
  Observation seen = deleted();
  seen.stimulus = lost(wire::TransportFailure::timeout);
  seen.stimulus->received = "HTTP/1.1 200 OK";
  seen.control = answered(200, "{}");
  EXPECT_EQ(judged(valid(), seen).form, Form{});
}

// Nobody gathers the answers to a case on HTTP itself.
TEST(JudgeGathered, BlamesWhatIsNoHttpWhereTheAnswerMayHaveAnyForm) {
  Case c = malformed();
  c.any_form = true;
  Observation seen = refused_well();
  seen.stimulus = lost(wire::TransportFailure::malformed);
  Baseline baseline;
  baseline.gathered = {"answer.http"};
  expect_blame(judged(c, seen, baseline), "answer.http");
}

TEST(JudgeGathered, BlamesTheFormWhereItHidesWhatTheCaseIsAbout) {
  Observation seen = refused_well();
  seen.stimulus = answered(400, "<html/>");
  Baseline baseline;
  baseline.gathered = {"error.body"};
  expect_blame(judged(malformed(), seen, baseline), "error.body");
}

Case forged() {
  Case c = malformed();
  c.id = "auth.signature.other_secret";
  c.requirement = "auth.signature";
  c.names_missing_session = false;
  c.forgery = std::make_shared<const Forgery>();
  return c;
}

Baseline claims(bool authenticates, const char* in_words) {
  Baseline baseline;
  baseline.authenticates = authenticates;
  baseline.authentication = in_words;
  return baseline;
}

TEST(JudgeForged, PassesWhereItIsRefusedAsNotAuthenticAndHasNoEffect) {
  Observation seen = refused_well();
  seen.stimulus = error("InvalidSignatureException", 403);
  const Judgement j = judged(forged(), seen, claims(true, "verifies signatures"));
  EXPECT_EQ(j.verdict, Verdict::pass) << j.reason;
  ASSERT_EQ(j.readings.size(), 1U);
  EXPECT_EQ(j.readings[0], (std::pair<std::string, std::string>("auth.claim", "verifies signatures")));
}

TEST(JudgeForged, BlamesWhatIsCarriedOutOrRefusedForSomethingElse) {
  Observation seen = refused_well();
  seen.session_after = Presence::absent;
  seen.stimulus = answered(200, R"({"Id":"twin"})");
  expect_blame(judged(forged(), seen), "auth.signature");
  seen = refused_well();
  seen.stimulus = error("ValidationException");
  expect_blame(judged(forged(), seen), "auth.signature");
  seen.stimulus = error("InternalServiceException", 500);
  expect_blame(judged(forged(), seen), "auth.signature");
}

TEST(JudgeForged, BlamesAnEffectInSpiteOfTheRefusal) {
  Observation seen = refused_well();
  seen.stimulus = error("InvalidSignatureException");
  seen.session_after = Presence::absent;
  expect_blame(judged(forged(), seen), "malformed.no_effect");
}

TEST(JudgeForged, ProvesNothingWhereEveryMissingSessionGetsTheSame) {
  Observation seen = refused_well();
  seen.session_created = false;
  seen.stimulus = seen.control = error("AccessDeniedException");
  Baseline baseline;
  baseline.missing = classify(*seen.stimulus, table());
  EXPECT_EQ(judged(forged(), seen, baseline).verdict, Verdict::inconclusive);
  seen.control = answered(200, "{}");
  EXPECT_EQ(judged(forged(), seen, baseline).verdict, Verdict::inconclusive);
  baseline.missing = classify(*seen.control, table());
  EXPECT_EQ(judged(forged(), seen, baseline).verdict, Verdict::pass);
}

TEST(JudgeForged, SaysSoOfAnEndpointThatDoesNotAuthenticate) {
  Observation seen;
  seen.not_sent = "it refuses none";
  const Judgement j = judged(forged(), seen, claims(false, "does not authenticate"));
  EXPECT_EQ(j.verdict, Verdict::skipped);
  ASSERT_EQ(j.readings.size(), 1U);
  EXPECT_EQ(j.readings[0].second, "does not authenticate");
}

}  // namespace
}  // namespace conformance::judge_test
