#include "harness/run/spared.h"

#include <gtest/gtest.h>

namespace conformance::spared_test {
namespace {

using namespace std::string_view_literals;

TEST(Spared, WithholdsARequestThatNamesOne) {
  const Spared spared({"etl-nightly", "b"});
  EXPECT_TRUE(spared.may_name(R"({"Id":"etl-nightly"})"));
  EXPECT_TRUE(spared.may_name(R"({"Id" : "b" , "RequestOrigin":"x"})"));
  EXPECT_FALSE(spared.may_name(R"({"Id":"gc01234567-b"})"));
  EXPECT_FALSE(spared.may_name(R"({"Id":"etl-nightly2"})"));
  EXPECT_FALSE(spared.may_name("{}"));
}

TEST(Spared, WithholdsNothingWhereThereIsNothingToSpare) {
  EXPECT_FALSE(Spared().may_name(R"({"Id":"a"})"));
  EXPECT_TRUE(Spared().empty());
}

TEST(Spared, SeesThroughEverySpellingOfAnIdentifier) {
  const Spared spared({"A\xC3\xA9\xF0\x9F\x98\x80", "5", "say \"hi\", you: [x]", "cut"});
  for (const std::string_view body : {
           R"({"Id":"A\u00e9\ud83d\ude00"})"sv,
           R"({"Id":"\u0041\u00E9\uD83D\uDE00"})"sv,
           "{\"Id\":\"A\xC3\xA9\xF0\x9F\x98\x80\"}"sv,
           "{\"Id\":\"  a\xC3\xA9\xF0\x9F\x98\x80\\n\"}"sv,
           R"({"Id":5})"sv,
           R"({"Id":["5"]})"sv,
           R"({"Id":"say \"hi\", you: [x]"})"sv,
           R"({"Id":"cut\u0000off"})"sv,
           R"({'Id':'cut'})"sv,
           R"({"Id":cut})"sv,
           R"({"Id":"cut)"sv,
           R"({"Id":"cut\)"sv,
           "{\0\"\0I\0d\0\"\0:\0\"\0c\0u\0t\0\"\0}\0"sv,
           "cut"sv,
       })
    EXPECT_TRUE(spared.may_name(body)) << body;
}

TEST(Spared, ReadsEveryByteStringToItsEnd) {
  const Spared spared({"x"});
  for (const std::string_view body : {""sv, "\""sv, "\"\\"sv, "\\u"sv, "{\"Id\":\"\\uD83D\\u\"}"sv, "\"\\uD83"sv})
    EXPECT_FALSE(spared.may_name(body)) << body;
  std::string deep(200'000, '[');
  EXPECT_FALSE(spared.may_name(deep));
  EXPECT_TRUE(spared.may_name(deep + "x]"));
}

}  // namespace
}  // namespace conformance::spared_test
