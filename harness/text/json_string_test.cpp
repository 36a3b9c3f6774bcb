#include "harness/text/json_string.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/text/utf8.h"

namespace conformance::text::json_string_test {
namespace {

TEST(JsonString, WritesBothSpellings) {
  EXPECT_EQ(quote_raw("\"\\/\n\u00E9"), "\"\\\"\\\\/\\n\u00E9\"");
  EXPECT_EQ(quote_ascii(std::string("\0\x7f\u00E9\U0001F600", 8)), R"("\u0000\u007f\u00e9\ud83d\ude00")");
}

TEST(JsonString, IsTwoQuotesWhenEmpty) {
  EXPECT_EQ(quote_raw(""), R"("")");
  EXPECT_EQ(quote_ascii(""), R"("")");
}

// RFC 8259 section 7: the quotation mark, the backslash and U+0000 to U+001F must be escaped.
TEST(JsonString, EscapesEveryControlInBothSpellings) {
  const std::string hex = "0123456789abcdef";
  for (char c = 0; c < 0x20; ++c) {
    std::string expected = std::string("\\u00") + (c < 0x10 ? '0' : '1') + hex[static_cast<std::size_t>(c) % 16];
    if (c == '\n') expected = "\\n";
    if (c == '\r') expected = "\\r";
    if (c == '\t') expected = "\\t";
    EXPECT_EQ(quote_raw(std::string(1, c)), "\"" + expected + "\"");
    EXPECT_EQ(quote_ascii(std::string(1, c)), "\"" + expected + "\"");
  }
}

TEST(JsonString, LeavesTheRestOfAsciiAsItIs) {
  for (char c = 0x20; c < 0x7F; ++c) {
    if (c == '"' || c == '\\') continue;
    EXPECT_EQ(quote_raw(std::string(1, c)), std::string("\"") + c + "\"");
    EXPECT_EQ(quote_ascii(std::string(1, c)), std::string("\"") + c + "\"");
  }
}

TEST(JsonString, RawTakesEverythingElseThrough) {
  EXPECT_EQ(quote_raw("\x7F\u0085\u2028\uFFFF"), "\"\x7F\u0085\u2028\uFFFF\"");
  EXPECT_EQ(quote_raw("a\xFF\xC3"), "\"a\xFF\xC3\"") << "bytes that are not UTF-8 are some cases' very stimulus";
}

TEST(JsonString, AsciiWritesAPairOnlyBeyondTheBasicPlane) {
  EXPECT_EQ(quote_ascii("\u0080\uD7FF\uE000\uFFFF"), R"("\u0080\ud7ff\ue000\uffff")");
  EXPECT_EQ(quote_ascii("\U00010000\U0010FFFF"), R"("\ud800\udc00\udbff\udfff")");
}

TEST(JsonString, AsciiLeavesOutWhatIsNotUtf8) {
  EXPECT_EQ(quote_ascii("a\xFF\xC3z"), R"("az")");
  EXPECT_EQ(quote_ascii("\xED\xA0\x80"), R"("")") << "a surrogate in UTF-8 is three bytes of no text";
}

TEST(JsonString, AsciiIsAsciiForEveryScalarValue) {
  std::string every;
  for (char32_t c = 0; c <= 0x10FFFF; ++c)
    if (c < 0xD800 || c > 0xDFFF) append(every, c);
  for (const char c : quote_ascii(every)) ASSERT_TRUE(c >= 0x20 && c < 0x7F) << static_cast<int>(c);
}

}  // namespace
}  // namespace conformance::text::json_string_test
