#include "harness/run/characteristics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::characteristics_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ConsistentUnits, NamesTheUnitThatExplainsEverything) {
  const Lengths accents{255, 255, 510}, emoji{128, 256, 512};
  EXPECT_THAT(consistent_units({{accents, true}, {emoji, true}}, 255), ElementsAre("code_points"));
  EXPECT_THAT(consistent_units({{accents, true}, {emoji, false}}, 255), ElementsAre("utf16_units"));
  EXPECT_THAT(consistent_units({{accents, false}, {emoji, false}}, 255), ElementsAre("bytes"));
  EXPECT_THAT(consistent_units({{accents, false}, {emoji, true}}, 255), IsEmpty());
  EXPECT_THAT(consistent_units({{accents, true}}, 255), ElementsAre("code_points", "utf16_units"));
}

TEST(ConsistentUnits, AreAllOfThemWithoutAnObservation) {
  EXPECT_THAT(consistent_units({}, 255), ElementsAre("code_points", "utf16_units", "bytes"));
}

CaseResult answered(const char* characteristic, int status, const std::string& type, spec::Outcome outcome) {
  CaseResult result;
  result.test.characteristic = characteristic;
  result.test.title = "a case";
  result.judgement.verdict = Verdict::pass;
  result.judgement.answer.status = status;
  result.judgement.answer.type = type;
  result.judgement.answer.outcome = outcome;
  result.stimulus.emplace().response.emplace();
  return result;
}

CaseResult refused(const char* characteristic) {
  return answered(characteristic, 400, "ValidationException", spec::Outcome::rejected_as_invalid);
}

CaseResult accepted(const char* characteristic) { return answered(characteristic, 200, "", spec::Outcome::success); }

Measured reading(const Characteristics& characteristics, const std::string& id) {
  for (const Measured& measured : characteristics.read())
    if (measured.id == id) return measured;
  return {id, "(not in the table)", {}};
}

// Those of proxies are read only where there is one.
TEST(Characteristics, AreThoseOfTheTableThoughNoneIsMeasured) {
  const spec::SpecTable& table = spec::builtin_table();
  std::vector<std::string> ids;
  for (const spec::Characteristic& c : table.characteristics)
    if (!table.is_of_proxies(c.id)) ids.push_back(c.id);
  EXPECT_EQ(ids.size() + 5, table.characteristics.size());
  const std::vector<Measured> all = Characteristics(table).read();
  ASSERT_EQ(all.size(), ids.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].id, ids[i]);
    EXPECT_EQ(all[i].reading, "not measured");
  }
}

TEST(Characteristics, NameTheErrorsThatTheOperationDoesNotDeclare) {
  Characteristics c(spec::builtin_table());
  c.add(answered("", 400, "InvalidInputException", spec::Outcome::rejected_as_invalid));
  EXPECT_EQ(reading(c, "error.undeclared").reading, "none");
  c.add(answered("", 400, "EntityNotFoundException", spec::Outcome::not_found));
  c.add(answered("", 400, "MissingAuthenticationToken", spec::Outcome::unauthenticated));
  EXPECT_EQ(reading(c, "error.undeclared").reading, "EntityNotFoundException");
  EXPECT_THAT(reading(c, "error.undeclared").observations, ElementsAre("a case: 400 EntityNotFoundException"));
}

TEST(Characteristics, NameTheHeaderFieldsOfErrors) {
  Characteristics c(spec::builtin_table());
  CaseResult success = accepted("missing.session");
  success.stimulus->response->headers = {{"Date", "now"}, {"Server", "s"}};
  c.add(success);
  EXPECT_EQ(reading(c, "error.headers").reading, "not measured") << "a success is no error";
  CaseResult other = refused("");
  c.add(other);
  EXPECT_EQ(reading(c, "error.headers").reading, "not measured") << "nor is it asked by a measurement";
  CaseResult error = refused("constraint.error");
  error.stimulus->response->headers = {{"Date", "now"}, {"Content-Type", "a/b"}, {"Content-Length", "2"}};
  c.add(error);
  c.add(error);
  EXPECT_EQ(reading(c, "error.headers").reading, "content-type, date");
  EXPECT_THAT(reading(c, "error.headers").observations,
              ElementsAre("a case: 400 ValidationException: content-type, date"));
  error.stimulus->response->headers.pop_back();
  error.stimulus->response->headers.pop_back();
  c.add(error);
  error.judgement.answer.type = "";
  c.add(error);
  EXPECT_EQ(reading(c, "error.headers").reading,
            "400 ValidationException: content-type, date; 400 or 400 ValidationException: date");
}

TEST(Characteristics, AreReadFromTheEffectWhereNoAnswerWasAwaited) {
  Characteristics c(spec::builtin_table());
  CaseResult left;
  left.test.characteristic = "http.left";
  left.test.title = "a case";
  left.judgement.verdict = Verdict::pass;
  left.stimulus.emplace().failure = wire::TransportFailure::left;
  c.add(left);
  EXPECT_EQ(reading(c, "http.left").reading, "not measured");
  left.judgement.carried_out = true;
  c.add(left);
  EXPECT_EQ(reading(c, "http.left").reading, "carried out");
  left.judgement.carried_out = false;
  c.add(left);
  EXPECT_EQ(reading(c, "http.left").reading, "carried out (once), not carried out (once)");
}

TEST(Characteristics, AreReadFromTheAnswers) {
  Characteristics c(spec::builtin_table());
  c.add(refused("constraint.error"));
  c.add(refused("constraint.error"));
  EXPECT_EQ(reading(c, "constraint.error").reading, "400 ValidationException");
  EXPECT_THAT(reading(c, "constraint.error").observations,
              ElementsAre("a case: 400 ValidationException", "a case: 400 ValidationException"));
  c.add(answered("constraint.error", 400, "InvalidInputException", spec::Outcome::rejected_as_invalid));
  EXPECT_EQ(reading(c, "constraint.error").reading,
            "400 InvalidInputException (once), 400 ValidationException (2 times)");
}

TEST(Characteristics, OfALengthAreItsUnit) {
  Characteristics c(spec::builtin_table());
  CaseResult many_bytes = accepted("id.length.unit");
  many_bytes.test.lengths = Lengths{255, 255, 510};
  c.add(many_bytes);
  EXPECT_EQ(reading(c, "id.length.unit").reading, "code_points or utf16_units");
  CaseResult many_units = refused("id.length.unit");
  many_units.test.lengths = Lengths{255, 510, 1020};
  c.add(many_units);
  EXPECT_EQ(reading(c, "id.length.unit").reading, "utf16_units");
  CaseResult few = refused("id.length.unit");
  few.test.lengths = Lengths{1, 1, 1};
  c.add(few);
  EXPECT_EQ(reading(c, "id.length.unit").reading, "no unit explains what was seen");
}

// An endpoint without a limit takes what a limit in code points would take, and has none.
TEST(Characteristics, OfALengthWithoutALimitSaySo) {
  CaseResult measured = accepted("id.length.unit");
  measured.test.lengths = Lengths{255, 510, 1020};
  CaseResult taken = accepted("");
  taken.test.requirement = "id.length.max";
  taken.test.kind = Kind::malformed;
  taken.judgement.verdict = Verdict::fail;
  CaseResult refusal = refused("");
  refusal.test = taken.test;

  Characteristics none(spec::builtin_table());
  none.add(measured);
  none.add(taken);
  EXPECT_EQ(reading(none, "id.length.unit").reading, "no limit seen");
  Characteristics limited(spec::builtin_table());
  limited.add(measured);
  limited.add(refusal);
  EXPECT_EQ(reading(limited, "id.length.unit").reading, "code_points");
  limited.add(taken);
  EXPECT_EQ(reading(limited, "id.length.unit").reading, "code_points") << "a limit elsewhere is one";
  Characteristics bytes(spec::builtin_table());
  CaseResult too_many_bytes = refused("id.length.unit");
  too_many_bytes.test.lengths = Lengths{255, 510, 1020};
  bytes.add(too_many_bytes);
  bytes.add(taken);
  EXPECT_EQ(reading(bytes, "id.length.unit").reading, "utf16_units or bytes");
}

// A throttled answer says nothing about a length.
TEST(Characteristics, LeaveOutAnswersThatAreAboutSomethingElse) {
  Characteristics c(spec::builtin_table());
  for (const Verdict verdict : {Verdict::inconclusive, Verdict::skipped, Verdict::error}) {
    CaseResult result = refused("constraint.error");
    result.judgement.verdict = verdict;
    c.add(result);
  }
  CaseResult lost = refused("constraint.error");
  lost.stimulus->response.reset();
  c.add(lost);
  CaseResult not_sent = refused("constraint.error");
  not_sent.stimulus.reset();
  c.add(not_sent);
  c.add(refused(""));
  EXPECT_EQ(reading(c, "constraint.error").reading, "not measured");
  CaseResult failed = refused("constraint.error");
  failed.judgement.verdict = Verdict::fail;
  c.add(failed);
  EXPECT_EQ(reading(c, "constraint.error").reading, "400 ValidationException")
      << "what was wrong was answered all the same";
}

TEST(Characteristics, KeepFortyObservationsOfALongRun) {
  Characteristics c(spec::builtin_table());
  for (int i = 0; i < 1000; ++i) c.add(refused("constraint.error"));
  EXPECT_EQ(reading(c, "constraint.error").observations.size(), 40U);
}

}  // namespace
}  // namespace conformance::characteristics_test
