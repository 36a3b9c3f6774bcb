#include "harness/text/toml_string.h"

#include <gtest/gtest.h>

namespace conformance::text::toml_string_test {
namespace {

TEST(TomlString, EscapesWhatTomlDoesNotTake) {
  EXPECT_EQ(toml_string("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(toml_string(std::string("\n\x01\x7f", 3)), "\"\\n\\u0001\\u007F\"");
  EXPECT_EQ(toml_string("é😀"), "\"é😀\"");
}

TEST(TomlString, MakesVisibleWhatIsNoText) { EXPECT_EQ(toml_string("\xff"), "\"\\\\xff\""); }

TEST(TomlList, IsOneStringOrAnArrayOnOneLine) {
  EXPECT_EQ(toml_list({"a"}), "\"a\"");
  EXPECT_EQ(toml_list({"a", std::string(200, 'b')}), "[\"a\", \"" + std::string(200, 'b') + "\"]");
}

}  // namespace
}  // namespace conformance::text::toml_string_test
