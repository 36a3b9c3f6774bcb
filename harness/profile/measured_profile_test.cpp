#include "harness/profile/measured_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/profile/held.h"

namespace conformance::profile::measured_profile_test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

CaseResult answered(const std::string& id, const std::string& characteristic, int status, const std::string& type) {
  CaseResult result;
  result.test.id = id;
  result.test.characteristic = characteristic;
  result.stimulus.emplace();
  result.stimulus->response.emplace();
  result.judgement.verdict = Verdict::pass;
  result.judgement.answer.status = status;
  result.judgement.answer.type = type;
  result.judgement.answer.outcome = status < 300 ? spec::Outcome::success : spec::Outcome::rejected_as_invalid;
  return result;
}

class Measuring : public testing::Test {
 protected:
  Measuring() {
    RunInfo info;
    info.endpoint = "http://h\x1b";
    info.tool_version = "1.2.3";
    measured_.on_start(info, spec::builtin_table());
  }
  void add(CaseResult result) {
    results_.push_back(result);
    measured_.on_case(result);
  }
  [[nodiscard]] std::string file() const { return measured_.to_toml("2026-11-27"); }

  MeasuredProfile measured_{spec::builtin_table()};
  std::vector<CaseResult> results_;
};

TEST_F(Measuring, IsOneLineACharacteristicUnderItsQuestion) {
  add(answered("missing.plain", "missing.session", 200, ""));
  EXPECT_THAT(
      file(),
      AllOf(HasSubstr("endpoint = \"http://h\\u001b\"\nmeasured = \"2026-11-27\"\ntool = \"glue-conformance 1.2.3\"\n"),
            HasSubstr("get? (1 case)\n\"missing.session\" = \"200\"\n")));
}

TEST_F(Measuring, SaysWhatItWasMeasuredWith) {
  EXPECT_THAT(file(), AllOf(HasSubstr("\ntier = \"standard\"\n"), Not(HasSubstr("\nfilters"))));
  MeasuredProfile some(spec::builtin_table(), {"id.*", "!id.x"});
  RunInfo info;
  info.tier = Tier::smoke;
  some.on_start(info, spec::builtin_table());
  const Profile read = parse_profile(some.to_toml("2026-11-27"), "p.toml", spec::builtin_table());
  EXPECT_EQ(read.tier, Tier::smoke);
  EXPECT_THAT(read.filters, testing::ElementsAre("id.*", "!id.x"));
}

TEST_F(Measuring, SaysOfMostAndThenTheExceptions) {
  for (const char* id : {"json.a.1", "json.a.2", "json.b.1", "json.b.2", "json.c"})
    add(answered(id, "json.error", 400, "SerializationException"));
  for (const char* id : {"json.d.1", "json.d.2", "json.b.3"})
    add(answered(id, "json.error", 400, "ValidationException"));
  EXPECT_THAT(file(),
              HasSubstr("\"json.error\" = {\"400 SerializationException\" = \"*\", \"400 ValidationException\" = "
                        "[\"json.b.3\", \"json.d.*\"]}\n"));
}

TEST_F(Measuring, WritesWhatIsNotMeasuredOrNotTheSameTwiceAsAComment) {
  CaseResult story = answered("session.x", "", 200, "");
  story.judgement.readings = {{"delete.delay", "at once"}};
  add(story);
  CaseResult skipped = answered("missing.plain", "missing.session", 200, "");
  skipped.judgement.verdict = Verdict::skipped;
  skipped.judgement.reason = "no sessions\nhere";
  add(skipped);
  EXPECT_THAT(file(), AllOf(HasSubstr("\n# \"delete.delay\" = \"at once\"\n"),
                            HasSubstr("not pinned, for it is a matter of time"),
                            HasSubstr("\n# \"missing.session\": not measured: no sessions\\nhere\n"),
                            HasSubstr("\n# \"json.error\": not measured\n")));
  EXPECT_THAT(measured_.not_measured(), AllOf(Contains("missing.session"), Not(Contains("delete.delay"))));
}

TEST_F(Measuring, NamesTheUnitOfALength) {
  CaseResult length = answered("id.length.unit.x", "id.length.unit", 200, "");
  length.test.lengths = Lengths{200, 200, 400};
  add(length);
  RunEnd end;
  end.characteristics = {{"id.length.unit", "code_points or utf16_units", {}}};
  measured_.on_end(end);
  EXPECT_THAT(file(), HasSubstr("\"id.length.unit\" = [\"code_points\", \"utf16_units\"]\n"));
}

TEST_F(Measuring, NamesUndeclaredErrorsOfAnyCase) {
  add(answered("a", "", 400, "InvalidInputException"));
  EXPECT_THAT(file(), HasSubstr("\"error.undeclared\" = \"none\"\n"));
  add(answered("b", "", 400, "ValidationException"));
  EXPECT_THAT(file(), HasSubstr("\"error.undeclared\" = \"ValidationException\"\n"));
}

TEST_F(Measuring, NamesTheHeaderFieldsOfErrorsByTheirKindsWhereTheyDiffer) {
  CaseResult error = answered("a", "type.error", 400, "A");
  error.stimulus->response->headers = {{"Date", "now"}, {"Content-Type", "a/b"}};
  add(error);
  error.judgement.answer.type = "B";
  add(error);
  EXPECT_THAT(file(), HasSubstr("\n\"error.headers\" = \"content-type, date\"\n"));
  error.stimulus->response->headers.pop_back();
  add(error);
  EXPECT_THAT(file(), HasSubstr("\n\"error.headers\" = [\"400 A: content-type, date\", \"400 B: content-type, date\", "
                                "\"400 B: date\"]\n"));
}

// What was measured holds of what it was measured from, whatever an endpoint calls its errors.
TEST_F(Measuring, HoldsOfItself) {
  int number = 0;
  for (const char* characteristic : {"json.error", "type.error", "missing.session"})
    for (const char* type : {"A", "\"quoted\\", "\xff\x1b", "A", "\xc3\xa9"})
      add(answered(std::string(characteristic) + "." + std::to_string(number++ % 7), characteristic, 400, type));
  CaseResult story = answered("session.x", "", 200, "");
  story.judgement.readings = {{"delete.again.answer", "200"}, {"delete.again.answer", "400 X"}};
  add(story);
  const Profile profile = parse_profile(file(), "p.toml", spec::builtin_table());
  const spec::SpecTable table = with_requirements(spec::builtin_table(), profile);
  Held held(profile, table);
  for (CaseResult& result : results_) {
    held.rule(result);
    EXPECT_FALSE(result.judgement.checks.empty());
    EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.test.id << ": " << result.judgement.expected;
  }
}

}  // namespace
}  // namespace conformance::profile::measured_profile_test
