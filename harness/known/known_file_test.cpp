#include "harness/known/known_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace conformance::known::known_file_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* good = R"([[known]]
match = "id.length.max"
outcome = "400 EntityNotFoundException"
reason = "lengths are not checked"
issue = "https://example.org/issues/1"
owner = "team"
until = 2027-01-31
)";

auto fault(std::size_t line, const std::string& what) {
  return AllOf(Field("line", &Fault::line, line), Field("what", &Fault::what, HasSubstr(what)));
}

std::string with(const std::string& from, const std::string& to) {
  std::string text = good;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(KnownFile, IsReadInTheOrderOfItsLines) {
  const KnownFile file = parse_known_file(std::string("# ours\n") + good + R"(
[[flaky]]
match = ["a.*", "b.c"]  # two
outcome = [
  "500",
  "id.type: no response"]
reason = "races"
issue = "http://example.org/2"
owner = "b"
until = 2028-02-29
version = "5.*"
)");
  EXPECT_THAT(file.faults, IsEmpty());
  ASSERT_THAT(file.entries, SizeIs(2));
  const Entry &first = file.entries[0], &second = file.entries[1];
  EXPECT_FALSE(first.flaky);
  EXPECT_EQ(first.line, 2U);
  EXPECT_EQ(day_text(first.until), "2027-01-31");
  EXPECT_EQ(first.version, "");
  EXPECT_TRUE(second.flaky);
  EXPECT_EQ(second.line, 10U);
  EXPECT_THAT(second.match, ElementsAre("a.*", "b.c"));
  EXPECT_EQ(second.pins[0].kind, "500");
  EXPECT_EQ(second.pins[1].requirement, "id.type");
  EXPECT_EQ(second.pins[1].kind, "no response");
  EXPECT_EQ(second.version, "5.*");
}

TEST(KnownFile, MayBeEmpty) {
  EXPECT_THAT(parse_known_file("").faults, IsEmpty());
  EXPECT_THAT(parse_known_file("# nothing yet\n").entries, IsEmpty());
}

TEST(KnownFile, EachFaultIsSaidWithItsLineAndWhatToDo) {
  struct Wrong {
    std::string text;
    std::size_t line;
    const char* what;
  };
  const Wrong wrong[] = {
      {with("match = ", "mtach = "), 2, "there is no key 'mtach' here; did you mean 'match'?"},
      {with("match = ", "mtach = "), 1, "the entry has no 'match'"},
      {with("owner = \"team\"\n", ""), 1, "the entry has no 'owner'"},
      {with("\"team\"", "7"), 6, "'owner' is no text"},
      {with("\"lengths are not checked\"", "\"  \""), 4, "'reason' is empty"},
      {with("\"id.length.max\"", "[]"), 2, "'match' is empty"},
      {with("\"id.length.max\"", "[1]"), 2, "'match' is no text"},
      {with("\"id.length.max\"", "{a = 1}"), 2, "neither a text nor an array"},
      {with("2027-01-31", "\"2027-01-31\""), 7, "'until' is no date"},
      {with("2027-01-31", "2027-01-31T00:00:00"), 7, "'until' is no date"},
      {with("2027-01-31", "2027-02-30"), 7, "it is no TOML"},
      {with("https://example.org/issues/1", "PROJ-1"), 5, "issue 'PROJ-1' is no address"},
      {with("400 EntityNotFoundException", "EntityNotFoundException"), 3, "outcome 'EntityNotFoundException' is none"},
      {with("[[known]]", "[known]"), 1, "'known' is no list: write [[known]]"},
      {with("[[known]]", "[[knwon]]"), 1, "did you mean [[known]]?"},
      {with("reason = ", "reason = \"a\"\nreason = "), 5, "already exists"},
      {with("\"team\"", "\"team"), 6, "it is no TOML"},
      {with("team", "\xff"), 6, "it is no UTF-8"},
      {"a = " + std::string(100, '['), 1, "nested too deeply"},
      {std::string(2UL << 20, '\n'), 1, "larger than a megabyte"},
  };
  for (const Wrong& one : wrong) {
    const KnownFile file = parse_known_file(one.text);
    EXPECT_THAT(file.faults, testing::Contains(fault(one.line, one.what))) << one.text.substr(0, 400);
    EXPECT_THAT(file.entries, IsEmpty()) << one.what;
  }
}

TEST(KnownFile, AllFaultsAreSaidAtOnce) {
  const std::string text = with("\"team\"", "\"\"") + "\n" + with("2027-01-31", "1") + "x = 1\n";
  EXPECT_THAT(parse_known_file(text).faults,
              ElementsAre(fault(6, "'owner' is empty"), fault(15, "no date"), fault(16, "no key 'x'")));
}

TEST(KnownFile, AnOutcomeIsAKindOfAnswerAndMayNameARequirement) {
  for (const char* kind : {"200", "400 ValidationException", "no response", "answers", "effects", "500 a: b",
                           "answers (Content-Type: a/b)", "200 (the session (ours) is gone)", "400 X (a: b)"}) {
    const auto pin = parse_pin(kind);
    ASSERT_TRUE(pin) << kind;
    EXPECT_EQ(pin->kind, kind);
    EXPECT_EQ(pin->requirement, "");
    EXPECT_EQ(parse_pin("id.type: " + std::string(kind))->requirement, "id.type");
  }
  for (const char* none : {"", "20", "2000", "400 ", "400  ", "x", ": 200", "id.type:200", "id.type: x", "200x",
                           "answer (x)", "answers (x", "answers ()", "(x)", "answers  (x)"})
    EXPECT_FALSE(parse_pin(none)) << none;
}

TEST(KnownFile, ADayIsWrittenInOneWayOnly) {
  EXPECT_EQ(day_text(parse_day("2028-02-29").value()), "2028-02-29");
  for (const char* none : {"2027-02-29", "2027-1-1", "27-01-01", "2027/01/01", "2027-01-01 ", "", "2027-13-01"})
    EXPECT_FALSE(parse_day(none)) << none;
}

TEST(KnownFile, AnAddressIsOneThatPeopleCanOpen) {
  EXPECT_TRUE(is_address("https://example.org/a?b#c"));
  for (const char* none : {"", "https://", "example.org", "ftp://a", "https://a b", "https:///x", "https://a\n"})
    EXPECT_FALSE(is_address(none)) << none;
}

}  // namespace
}  // namespace conformance::known::known_file_test
