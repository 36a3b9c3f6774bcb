#include "harness/text/utf8.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/text/escape.h"

namespace conformance::text::utf8_test {
namespace {

TEST(Utf8, RoundTripsEveryScalarValue) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const Step next = step(encode(c));
    ASSERT_EQ(next.code_point, c);
    ASSERT_EQ(next.bytes, encode(c).size());
  }
}

// RFC 3629 section 3: where one length ends and the next begins.
TEST(Utf8, TakesAsManyBytesAsTheRangeOfTheCodePoint) {
  EXPECT_EQ(encode(U'\0'), std::string(1, '\0'));
  EXPECT_EQ(encode(0x7F), "\x7F");
  EXPECT_EQ(encode(0x80), "\xC2\x80");
  EXPECT_EQ(encode(0x7FF), "\xDF\xBF");
  EXPECT_EQ(encode(0x800), "\xE0\xA0\x80");
  EXPECT_EQ(encode(0xD7FF), "\xED\x9F\xBF");
  EXPECT_EQ(encode(0xE000), "\xEE\x80\x80");
  EXPECT_EQ(encode(0xFFFF), "\xEF\xBF\xBF");
  EXPECT_EQ(encode(0x10000), "\xF0\x90\x80\x80");
  EXPECT_EQ(encode(0x10FFFF), "\xF4\x8F\xBF\xBF");
}

TEST(Utf8, AppendsToWhatIsThere) {
  std::string out = "a";
  append(out, 0xE9);
  append(out, U'b');
  EXPECT_EQ(out,
            "a\xC3\xA9"
            "b");
}

TEST(Utf8, RefusesWhatIsNot) {
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xED\xBF\xBF",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82", "a\xC3"}) {
    EXPECT_FALSE(is_valid(bad)) << visible(bad);
    EXPECT_FALSE(decode(bad).has_value());
  }
}

TEST(Utf8, RefusesASequenceThatAnotherCharacterBreaks) {
  for (const char* bad : {"\xC3(", "\xE2(\x82", "\xE2\x82(", "\xF0\x9F\x98(", "\xC3\xC3\xA9", "\xF0\x8F\xBF\xBF"}) {
    EXPECT_EQ(step(bad).bytes, 0U) << visible(bad);
    EXPECT_FALSE(is_valid(bad)) << visible(bad);
  }
}

TEST(Utf8, StepsOverOneCodePointWhateverFollows) {
  const Step next = step("\xE2\x82\xAC\xFF");
  EXPECT_EQ(next.bytes, 3U);
  EXPECT_EQ(next.code_point, U'\u20AC');
  EXPECT_EQ(step("").bytes, 0U);
}

TEST(Utf8, DecodesEveryCodePointInOrder) {
  EXPECT_EQ(decode(std::string_view("a\0\u00E9\U0001F600", 8)), std::u32string(U"a\0\u00E9\U0001F600", 4));
  EXPECT_EQ(decode(""), std::u32string());
  EXPECT_TRUE(is_valid(""));
}

TEST(Utf8, CountsInEveryUnit) {
  EXPECT_EQ(code_points("a\u00E9\U0001F600"), 3U);
  EXPECT_EQ(utf16_units("a\u00E9\U0001F600"), 4U);
}

// The last character of one UTF-16 unit and the first of two: a character of three bytes is never a pair.
TEST(Utf8, CountsTheEdgesOfAUtf16Unit) {
  EXPECT_EQ(utf16_units("\uFFFF"), 1U);
  EXPECT_EQ(utf16_units("\U00010000"), 2U);
  EXPECT_EQ(utf16_units("\U0010FFFF"), 2U);
  EXPECT_EQ(code_points(""), 0U);
  EXPECT_EQ(utf16_units(""), 0U);
}

}  // namespace
}  // namespace conformance::text::utf8_test
