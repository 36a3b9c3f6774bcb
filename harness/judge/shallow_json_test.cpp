#include "harness/judge/shallow_json.h"

#include <gtest/gtest.h>

#include <string>

namespace conformance::shallow_json_test {
namespace {

std::string nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(ShallowJson, ParsesWhatNestsAsDeepAsAnAnswerMay) {
  EXPECT_TRUE(parse_shallow(nested(deepest_answer)).is_array());
  EXPECT_TRUE(parse_shallow(nested(deepest_answer + 1)).is_discarded());
}

TEST(ShallowJson, CountsNoBracketsInStrings) {
  const std::string brackets(1000, '[');
  EXPECT_EQ(parse_shallow("\"" + brackets + "\\\"" + brackets + "\""), brackets + "\"" + brackets);
}

TEST(ShallowJson, CountsWhatIsClosedNoMore) {
  std::string text = "[0";
  for (int i = 0; i < 1000; ++i) text += ",[]";
  EXPECT_EQ(parse_shallow(text + "]").size(), 1001U);
}

TEST(ShallowJson, DiscardsWhatIsNoJson) {
  for (const char* text : {"", "{", "\"", "\"\\", "]]]]", "{}x"})
    EXPECT_TRUE(parse_shallow(text).is_discarded()) << text;
}

TEST(ShallowJson, ParsesAsManyValuesAsAnAnswerMayHold) {
  std::string text = "[0";
  for (std::size_t i = 0; i < most_values - 2; ++i) text += ",0";
  EXPECT_EQ(parse_shallow(text + "]").size(), most_values - 1);
  EXPECT_TRUE(parse_shallow(text + ",0]").is_discarded());
}

TEST(ShallowJson, CountsNoCommasInStrings) {
  EXPECT_TRUE(parse_shallow("\"" + std::string(2 * most_values, ',') + "\"").is_string());
}

TEST(ShallowJson, BuildsNothingOfMillionsOfBrackets) {
  EXPECT_TRUE(parse_shallow(std::string(3'000'000, '[')).is_discarded());
  EXPECT_TRUE(parse_shallow(nested(3'000'000)).is_discarded());
}

}  // namespace
}  // namespace conformance::shallow_json_test
