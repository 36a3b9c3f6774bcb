#include "harness/case/case_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>

#include "harness/text/json_string.h"
#include "harness/text/utf8.h"

namespace conformance::case_builder_test {
namespace {

using testing::StartsWith;

const CaseBuilder& builder() {
  static const CaseBuilder b(spec::builtin_table(), run_prefix(7));
  return b;
}

Case named(const std::string& id) { return CaseBuilder::start(id, "a title", "id.length.max", Kind::malformed); }

// Promise 4: the same seed gives the same bytes, on every machine and in every version. Computed by hand from FNV-1a.
TEST(RunPrefix, DependsOnTheSeedAlone) {
  EXPECT_EQ(run_prefix(0), "gc5f4d4abc");
  EXPECT_EQ(run_prefix(7), "gc5f4d4909");
  EXPECT_EQ(run_prefix(std::numeric_limits<std::uint64_t>::max()), "gc3d2b1035");
}

TEST(RunPrefix, TellsRunsApart) {
  std::set<std::string> prefixes;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) prefixes.insert(run_prefix(seed));
  EXPECT_EQ(prefixes.size(), 1000U);
}

TEST(CaseBuilder, StartsACaseInItsArea) {
  const Case c = CaseBuilder::start("id.length.ascii.256", "a title", "id.length.max", Kind::free_form);
  EXPECT_EQ(c.id, "id.length.ascii.256");
  EXPECT_EQ(c.area, "id.length.ascii");
  EXPECT_EQ(c.title, "a title");
  EXPECT_EQ(c.requirement, "id.length.max");
  EXPECT_EQ(c.kind, Kind::free_form);
  EXPECT_TRUE(c.body.empty());
}

TEST(CaseBuilder, FindsTheMembersInTheTable) {
  EXPECT_EQ(builder().identifier().name, "Id");
  EXPECT_EQ(builder().option().name, "RequestOrigin");
}

TEST(CaseBuilder, SaysThatATableHasNoOtherMember) {
  spec::SpecTable lonely = spec::builtin_table();
  std::erase_if(lonely.request_members, [](const spec::Member& m) { return m.name != "Id"; });
  EXPECT_THROW((void)CaseBuilder(lonely, "gc").option(), std::logic_error);
}

TEST(Token, IsTheRunsPrefixAndTheCasesOwnHash) {
  EXPECT_EQ(builder().token(named("id.length.ascii.256")), "gc5f4d4909-abd2a87d80");
}

TEST(Token, IsAnIdentifierThatEveryReadingAllows) {
  const std::string token = builder().token(named("id.x"));
  EXPECT_LE(token.size(), 24U);
  EXPECT_EQ(token.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos) << token;
}

TEST(Token, BelongsToOneCaseOfOneRun) {
  const Case one = named("id.one"), two = named("id.two");
  EXPECT_NE(builder().token(one), builder().token(two));
  EXPECT_NE(builder().token(one), CaseBuilder(spec::builtin_table(), run_prefix(8)).token(one));
}

TEST(Padded, FillsTheTokenUpToTheLength) {
  const Case c = named("id.x");
  const std::string token = builder().token(c);
  EXPECT_EQ(builder().padded(c, token.size()), token);
  EXPECT_EQ(builder().padded(c, token.size() + 3), token + "xxx");
  EXPECT_EQ(builder().padded(c, token.size() + 2, "\u00E9"), token + "\u00E9\u00E9");
}

TEST(Padded, CountsCodePoints) {
  for (const char* filler : {"x", "\u00E9", "\u20AC", "\U0001F600"}) {
    const std::string id = builder().padded(named("id.x"), 255, filler);
    EXPECT_EQ(text::code_points(id), 255U);
    EXPECT_THAT(id, StartsWith("gc5f4d4909-"));
  }
}

TEST(Padded, IsOnlyLettersWhereTheTokenDoesNotFit) {
  const Case c = named("id.x");
  for (std::size_t length = 0; length < builder().token(c).size(); ++length) {
    const std::string id = builder().padded(c, length);
    EXPECT_EQ(id.size(), length);
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), std::string::npos) << id;
    EXPECT_EQ(id, builder().padded(c, length)) << "the same seed gives the same bytes";
  }
}

TEST(Body, NamesTheMembersAsTheTableDoes) {
  EXPECT_EQ(builder().body("\"a\""), R"({"Id":"a"})");
  EXPECT_EQ(builder().body("null"), R"({"Id":null})");
  EXPECT_EQ(builder().body("\"a\"", "7"), R"({"Id":"a","RequestOrigin":7})");
}

TEST(Accept, NamesTheSessionThatGoes) {
  Case c = CaseBuilder::start("delete.escaped", "t", "delete.success", Kind::valid);
  builder().accept(c, "\u00E9", text::quote_ascii("\u00E9"), "\"o\"");
  EXPECT_EQ(c.body, R"({"Id":"\u00e9","RequestOrigin":"o"})");
  EXPECT_EQ(c.session, "\u00E9");
  EXPECT_EQ(c.expected_echo, "\u00E9");
  EXPECT_FALSE(c.control_body.has_value());
}

TEST(RefuseIdentifier, HasATwinThatIsNamedWell) {
  Case c = named("id.x");
  builder().refuse_identifier(c, "twin\"", "7");
  EXPECT_EQ(c.body, R"({"Id":7})");
  EXPECT_EQ(c.control_body, R"({"Id":"twin\""})");
  EXPECT_EQ(c.session, "twin\"");
  EXPECT_TRUE(c.names_missing_session);
  EXPECT_TRUE(c.expected_echo.empty());
}

TEST(RefuseOption, ChangesNothingButTheOption) {
  Case c = named("origin.x");
  builder().refuse_option(c, "\"a/b\"");
  const std::string id = builder().token(c);
  EXPECT_EQ(c.session, id);
  EXPECT_EQ(c.body, R"({"Id":")" + id + R"(","RequestOrigin":"a/b"})");
  EXPECT_EQ(c.control_body, R"({"Id":")" + id + R"(","RequestOrigin":"glue-conformance"})");
  EXPECT_FALSE(c.names_missing_session) << "its identifier is that of a session which stands";
}

// A control that the table does not allow would prove nothing.
TEST(RefuseOption, HasAControlThatTheTableAllows) {
  const spec::Member& option = builder().option();
  EXPECT_GE(CaseBuilder::plain_option.size(), option.min_length);
  EXPECT_LE(CaseBuilder::plain_option.size(), option.max_length);
  for (const char c : CaseBuilder::plain_option) EXPECT_TRUE(option.allows(static_cast<unsigned char>(c))) << c;
}

}  // namespace
}  // namespace conformance::case_builder_test
