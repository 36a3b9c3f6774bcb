#include "harness/toml/value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace conformance::toml::value_test {
namespace {

using testing::HasSubstr;
using testing::Not;

// What is wrong with the text; fails if nothing is.
Error error_of(std::string_view text) {
  try {
    (void)parse(text);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "it was read: " << text;
  return Error({});
}

Value value_of(const std::string& written) { return parse("a = " + written).find("a").value(); }

TEST(Toml, IsReadAsWhatItIs) {
  EXPECT_EQ(*value_of("\"b\\n\"").text(), "b\n");
  EXPECT_EQ(value_of("true").flag(), true);
  EXPECT_EQ(value_of("-7").integer(), -7);
  EXPECT_EQ(value_of("0.5").fraction(), 0.5);
  EXPECT_EQ(value_of("2027-01-31").day(), std::chrono::year(2027) / 1 / 31);
  EXPECT_EQ(value_of("[1, 2]").list().value().at(1).integer(), 2);
  EXPECT_TRUE(value_of("{}").is_table());
}

TEST(Toml, IsNothingElse) {
  for (const char* written : {"\"b\"", "true", "7", "0.5", "2027-01-31", "2027-01-31T10:00:00Z", "[1]", "{b = 1}"}) {
    const Value value = value_of(written);
    EXPECT_EQ((value.text() != nullptr) + value.flag().has_value() + value.integer().has_value() +
                  value.fraction().has_value() + value.day().has_value() + value.list().has_value() + value.is_table(),
              std::string_view(written).ends_with('Z') ? 0 : 1)
        << written;
    EXPECT_EQ(value.find("b").has_value(), value.is_table()) << written;
    EXPECT_EQ(value.members().size(), value.is_table() ? 1U : 0U) << written;
  }
}

TEST(Toml, ReadsWhatIsTooLargeAsTheLargest) {
  EXPECT_EQ(value_of("99999999999999999999").integer(), std::numeric_limits<std::int64_t>::max());
}

TEST(Toml, HasMembersInTheOrderOfTheirNames) {
  std::string names;
  for (const auto& [name, value] : parse("c = 1\na = 2\n[b]\n").members()) names += name;
  EXPECT_EQ(names, "abc");
}

TEST(Toml, KnowsItsLines) {
  const Value file = parse("a = 1\n\nb = [\n  2,\n  3]\n[[c]]\nd = 4\n");
  EXPECT_EQ(file.find("a")->line(), 1U);
  EXPECT_EQ(file.find("b")->list()->at(1).line(), 5U);
  EXPECT_EQ(file.find("c")->list()->front().line(), 6U);
  EXPECT_EQ(file.find("c")->list()->front().find("d")->line(), 7U);
}

TEST(Toml, OutlivesTheFileThatItIsOf) {
  std::optional<Value> inner = parse("a = {b = \"c\"}").find("a")->find("b");
  EXPECT_EQ(*inner->text(), "c");
  EXPECT_EQ(inner->line(), 1U);
}

TEST(TomlError, SaysWhereAndWhatInOneLine) {
  const Error error = error_of("\na = \n");
  EXPECT_EQ(error.fault().line, 2U);
  EXPECT_THAT(error.what(), HasSubstr("it is no TOML: "));
  EXPECT_THAT(error.what(), Not(HasSubstr("toml::")));
  EXPECT_EQ(error.in_file("f.toml"), std::string("f.toml:2: ") + error.what());
  EXPECT_THAT(error.in_file("f\n"), Not(HasSubstr("\n")));
}

TEST(TomlError, NamesNoFunctionOfTheParser) {
  for (const char* value : {"0x", "0b2", "0o9", "1__0", "1.", "1e", "+", "'", "{", "[1", "2026-", "\"\\q\"", "tru"})
    EXPECT_THAT(error_of("a = " + std::string(value)).what(), Not(HasSubstr("parse_"))) << value;
}

TEST(TomlError, SaysWhatIsAtThePlaceIfThatSaysMore) {
  EXPECT_EQ(error_of("a = \"b\n").fault().said_there, "");
  EXPECT_EQ(error_of("a = 1 b\n").fault().said_there, "expected newline, but got 'b'.");
}

TEST(TomlError, KnowsTheSecondLineOfANameThatIsThereTwice) {
  EXPECT_EQ(error_of("\na = 1\n\na = 2\n").fault().line, 4U);
}

TEST(TomlError, KnowsTheLineOfADateThatThereIsNot) {
  for (const char* date : {"2026-13-45", "2026-02-30", "2026-02-30T10:00:00", "2026-02-10T25:00:00", "25:00:00"}) {
    for (const std::string before : {"", "\n\n", "b = [\n1,\n2]\n"}) {
      const Error error = error_of(before + "a = " + date + "\nc = 1\nd = [\n");
      EXPECT_EQ(error.fault().line, 1U + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')))
          << before << date << error.what();
    }
  }
}

TEST(TomlError, IsHarmlessAndOfALineWhateverIsRead) {
  for (const std::string& text :
       {std::string("\xff\x00\x1b[31m", 7),
        "\"" + std::string(10000, 'k') + "\" = 1\n" + "\"" + std::string(10000, 'k') + "\" = 2\n",
        std::string("a = \"\x01\"")}) {
    const std::string what = error_of(text).what();
    EXPECT_THAT(what, Not(HasSubstr("\x1b")));
    EXPECT_THAT(what, Not(HasSubstr("\n")));
    EXPECT_LT(what.size(), 300U);
  }
}

TEST(TomlError, IsOfWhatIsNestedTooDeeply) {
  const Error error = error_of("a = " + std::string(100000, '['));
  EXPECT_TRUE(error.fault().is_nesting);
  EXPECT_EQ(error.in_file("f.toml"), "f.toml is nested too deeply");
  EXPECT_NO_THROW((void)parse("a = [[[[1]]]]"));
}

}  // namespace
}  // namespace conformance::toml::value_test
