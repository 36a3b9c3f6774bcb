#include "harness/profile/held.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::profile::held_test {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

// A case that was carried out and passed, and what it was answered.
CaseResult answered(const std::string& id, const std::string& characteristic, int status, const std::string& type) {
  CaseResult result;
  result.test.id = id;
  result.test.kind = Kind::free_form;
  result.test.characteristic = characteristic;
  result.stimulus.emplace();
  result.stimulus->response.emplace();
  result.judgement.verdict = Verdict::pass;
  result.judgement.answer.status = status;
  result.judgement.answer.type = type;
  result.judgement.answer.outcome = status < 300 ? spec::Outcome::success : spec::Outcome::rejected_as_invalid;
  return result;
}

CaseResult ruled(const std::string& pins, CaseResult result) {
  const Profile profile =
      parse_profile("endpoint = \"http://glue\"\nmeasured = \"2026-11-27\"\n[characteristics]\n" + pins, "p.toml",
                    spec::builtin_table());
  const spec::SpecTable table = with_requirements(spec::builtin_table(), profile);
  Held(profile, table).rule(result);
  return result;
}

TEST(Held, FailsACaseThatIsAnsweredOtherwise) {
  const CaseResult result = ruled("\"missing.session\" = \"200\"\n",
                                  answered("missing.plain", "missing.session", 400, "EntityNotFoundException"));
  EXPECT_EQ(result.judgement.verdict, Verdict::fail);
  EXPECT_EQ(result.judgement.requirement, "profile.missing.session");
  EXPECT_EQ(result.judgement.expected, "200, as p.toml:4 has it");
  EXPECT_EQ(result.judgement.actual, "400 EntityNotFoundException");
}

TEST(Held, LeavesACaseThatIsAnsweredSo) {
  const CaseResult result = ruled("\"missing.session\" = [\"404\", \"400 EntityNotFoundException\"]\n",
                                  answered("missing.plain", "missing.session", 400, "EntityNotFoundException"));
  EXPECT_EQ(result.judgement.verdict, Verdict::pass);
  ASSERT_EQ(result.judgement.checks.size(), 1U) << "it counts among what was checked";
  EXPECT_EQ(result.judgement.checks[0].requirement, "profile.missing.session");
  EXPECT_TRUE(result.judgement.checks[0].held);
}

TEST(Held, SaysNothingOfWhatIsNotPinned) {
  const CaseResult other = answered("missing.plain", "missing.session", 400, "X");
  EXPECT_THAT(ruled("\"json.error\" = \"400 A\"\n", other).judgement.checks, IsEmpty());
  EXPECT_THAT(ruled("\"missing.session\" = {\"200\" = \"other.*\"}\n", other).judgement.checks, IsEmpty());
}

// What was pinned of a selection says nothing of the rest.
TEST(Held, HoldsOnlyCasesThatTheProfileWasMeasuredWith) {
  const Profile profile =
      parse_profile("tier = \"smoke\"\nfilters = \"missing.*\"\n[characteristics]\n\"missing.session\" = \"200\"\n",
                    "p.toml", spec::builtin_table());
  const spec::SpecTable table = with_requirements(spec::builtin_table(), profile);
  Held held(profile, table);
  const auto verdict = [&held](const std::string& id, Tier tier) {
    CaseResult result = answered(id, "missing.session", 400, "X");
    result.test.tier = tier;
    held.rule(result);
    return result.judgement.verdict;
  };
  EXPECT_EQ(verdict("missing.plain", Tier::standard), Verdict::pass);
  EXPECT_EQ(verdict("other.plain", Tier::smoke), Verdict::pass);
  RunEnd end;
  held.conclude(end);
  ASSERT_EQ(end.not_held.size(), 1U);
  EXPECT_EQ(end.not_held[0].why, "the profile was not measured with the cases that show it here");
  EXPECT_EQ(verdict("missing.plain", Tier::smoke), Verdict::fail);
}

TEST(Held, LeavesAFailureOfTheSpecificationItsReason) {
  CaseResult failed = answered("missing.plain", "missing.session", 500, "");
  failed.judgement.verdict = Verdict::fail;
  failed.judgement.requirement = "answer.http";
  EXPECT_EQ(ruled("\"missing.session\" = \"200\"\n", failed).judgement.requirement, "answer.http");
}

// Forged requests are not judged where nothing is verified, which is just what a profile may forbid.
TEST(Held, FailsASkippedCaseThatShowsWhatThePinForbids) {
  CaseResult skipped;
  skipped.test.id = "auth.unsigned.header";
  skipped.judgement.verdict = Verdict::skipped;
  skipped.judgement.reason = "it does not authenticate";
  skipped.judgement.readings = {{"auth.claim", "does not authenticate"}};
  const CaseResult result = ruled("\"auth.claim\" = \"verifies signatures\"\n", skipped);
  EXPECT_EQ(result.judgement.verdict, Verdict::fail);
  EXPECT_EQ(result.judgement.requirement, "profile.auth.claim");
  EXPECT_EQ(result.judgement.actual, "does not authenticate");
  EXPECT_EQ(ruled("\"auth.claim\" = \"does not authenticate\"\n", skipped).judgement.verdict, Verdict::skipped);
}

TEST(Held, SaysNothingOfACaseThatProvedNothing) {
  for (const Verdict verdict : {Verdict::inconclusive, Verdict::skipped, Verdict::error}) {
    CaseResult result = answered("missing.plain", "missing.session", 400, "X");
    result.judgement.verdict = verdict;
    EXPECT_EQ(ruled("\"missing.session\" = \"200\"\n", result).judgement.verdict, verdict);
  }
}

TEST(Held, HoldsLengthsToTheirUnit) {
  // 200 code points, 400 bytes.
  const auto of_200 = [](int status) {
    CaseResult result =
        answered("id.length.unit.x", "id.length.unit", status, status == 200 ? "" : "ValidationException");
    result.test.lengths = Lengths{200, 200, 400};
    return result;
  };
  const auto verdict = [&](const std::string& unit, int status) {
    return ruled("\"id.length.unit\" = " + unit + "\n", of_200(status)).judgement.verdict;
  };
  EXPECT_EQ(verdict("\"code_points\"", 200), Verdict::pass);
  EXPECT_EQ(verdict("\"code_points\"", 400), Verdict::fail);
  EXPECT_EQ(verdict("\"bytes\"", 200), Verdict::fail);
  EXPECT_EQ(verdict("\"bytes\"", 400), Verdict::pass);
  EXPECT_EQ(verdict("[\"bytes\", \"code_points\"]", 200), Verdict::pass);
  EXPECT_EQ(verdict("\"no limit seen\"", 200), Verdict::pass);
  EXPECT_EQ(verdict("\"no limit seen\"", 400), Verdict::fail);
}

TEST(Held, HoldsErrorsOfAllCasesToThoseThatAreNamed) {
  const auto verdict = [](const std::string& errors, const std::string& type) {
    return ruled("\"error.undeclared\" = " + errors + "\n", answered("any", "", 400, type)).judgement.verdict;
  };
  EXPECT_EQ(verdict("\"none\"", "ValidationException"), Verdict::fail);
  EXPECT_EQ(verdict("[\"ValidationException\"]", "ValidationException"), Verdict::pass);
  EXPECT_EQ(verdict("\"none\"", "InvalidInputException"), Verdict::pass) << "it is declared";
}

TEST(Held, HoldsErrorsToTheHeaderFieldsThatTheyHadWhereTheyWereMeasured) {
  CaseResult error = answered("type.number", "type.error", 400, "SerializationException");
  error.stimulus->response->headers = {{"Content-Type", "a/b"}, {"Date", "now"}};
  const std::string pin = "\"error.headers\" = \"content-type, date\"\n";
  EXPECT_EQ(ruled(pin, error).judgement.verdict, Verdict::pass);
  error.stimulus->response->headers.push_back({"Server", "s"});
  const CaseResult result = ruled(pin, error);
  EXPECT_EQ(result.judgement.verdict, Verdict::fail);
  EXPECT_EQ(result.judgement.requirement, "profile.error.headers");
  EXPECT_EQ(result.judgement.actual, "400 SerializationException: content-type, date, server");
  EXPECT_EQ(ruled("\"type.error\" = \"400 X\"\n" + pin, error).judgement.requirement, "profile.type.error")
      << "what the case asks comes first";
}

TEST(Held, HoldsEachKindOfErrorToItsOwnHeaderFields) {
  const auto verdict = [](const std::string& sets, const std::string& type) {
    CaseResult error = answered("type.number", "type.error", 400, type);
    error.stimulus->response->headers = {{"Date", "now"}};
    return ruled("\"error.headers\" = " + sets + "\n", error).judgement.verdict;
  };
  EXPECT_EQ(verdict("[\"400 A: date\", \"400 B: server\"]", "A"), Verdict::pass);
  EXPECT_EQ(verdict("[\"400 A: date\", \"400 B: server\"]", "B"), Verdict::fail);
  EXPECT_EQ(verdict("[\"400 A: date\", \"400 B: server\"]", "C"), Verdict::pass) << "nothing is said of it";
  EXPECT_EQ(verdict("[\"400 A: date\", \"server\"]", "C"), Verdict::fail) << "all others";
  EXPECT_EQ(verdict("[\"400 B: server\", \"400 B: date\"]", "B"), Verdict::pass) << "any of them";
}

TEST(Held, TakesHeaderFieldsInAnyOrderAndCase) {
  const auto verdict = [](const std::string& sets) {
    CaseResult error = answered("type.number", "type.error", 400, "A");
    error.stimulus->response->headers = {{"Content-Type", "a/b"}, {"date", "now"}};
    return ruled("\"error.headers\" = " + sets + "\n", error).judgement.verdict;
  };
  EXPECT_EQ(verdict("\"Date,Content-Type\""), Verdict::pass);
  EXPECT_EQ(verdict("[\"400 A:Date, content-TYPE\", \"server\"]"), Verdict::pass);
  EXPECT_EQ(verdict("{\"Date, Content-Type\" = \"type.*\"}"), Verdict::pass);
  EXPECT_EQ(verdict("\"Date, Server\""), Verdict::fail);
  EXPECT_EQ(verdict("\"Date\""), Verdict::fail);
}

TEST(Held, NamesThePinsThatNothingWasHeldToAndWhy) {
  const Profile profile = parse_profile(
      "[characteristics]\n\"missing.session\" = \"200\"\n\"json.error\" = \"400 X\"\n\"auth.error\" = \"400 X\"\n"
      "\"type.error\" = {\"400 X\" = \"other.*\"}\n\"proxy.framing\" = \"chunked\"\n",
      "p.toml", spec::builtin_table());
  const spec::SpecTable table = with_requirements(spec::builtin_table(), profile);
  Held held(profile, table);
  CaseResult missing = answered("missing.plain", "missing.session", 400, "X");
  held.rule(missing);
  CaseResult skipped = answered("auth.plain", "auth.error", 400, "X");
  skipped.judgement.verdict = Verdict::skipped;
  skipped.judgement.reason = "it does not authenticate";
  held.rule(skipped);
  CaseResult of_no_pattern = answered("type.plain", "type.error", 400, "Y");
  held.rule(of_no_pattern);
  RunEnd end;
  held.conclude(end);
  std::vector<std::string> all;
  for (const NotHeld& pin : end.not_held) all.push_back(pin.id + ": " + pin.why);
  EXPECT_THAT(all, ElementsAre("json.error: no case that shows it was asked", "auth.error: it does not authenticate",
                               "type.error: no case that shows it was asked",
                               "proxy.framing: only a run through a proxy, with --direct, shows it, and this did not"));
}

TEST(Requirements, OfAProfileCiteIt) {
  const Profile profile = parse_profile(
      "endpoint = \"http://glue\"\nmeasured = \"2026-11-27\"\ntool = \"t\"\n[characteristics]\n\"missing.session\" = "
      "\"200\"\n",
      "p.toml", spec::builtin_table());
  const spec::SpecTable table = with_requirements(spec::builtin_table(), profile);
  const spec::Requirement& r = table.requirement("profile.missing.session");
  EXPECT_EQ(r.level, spec::Level::must);
  EXPECT_EQ(r.evidence, spec::Evidence::observed);
  EXPECT_THAT(r.sentence, HasSubstr("As the profile has it: \"200\"."));
  ASSERT_EQ(r.sources.size(), 1U);
  EXPECT_EQ(table.sources.at(r.sources[0]), "the profile p.toml, measured on 2026-11-27 from http://glue by t");
}

}  // namespace
}  // namespace conformance::profile::held_test
