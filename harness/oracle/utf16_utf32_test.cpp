#include "harness/oracle/utf16_utf32.h"

#include <gtest/gtest.h>

#include <string_view>

namespace conformance::oracle::utf16_utf32_test {
namespace {

using namespace std::string_view_literals;

void expect_decoded(std::string_view bytes, std::string_view encoding, std::string_view text) {
  const std::optional<Decoded> decoded = decode_utf16_utf32(bytes);
  ASSERT_TRUE(decoded) << encoding;
  EXPECT_EQ(decoded->encoding, encoding);
  EXPECT_EQ(decoded->text, text) << encoding;
}

TEST(Utf16Utf32, AByteOrderMarkNamesTheEncoding) {
  expect_decoded("\xFF\xFE{\0}\0"sv, "UTF-16LE", "{}");
  expect_decoded("\xFE\xFF\0{\0}"sv, "UTF-16BE", "{}");
  expect_decoded("\xFF\xFE\0\0{\0\0\0}\0\0\0"sv, "UTF-32LE", "{}");
  expect_decoded("\0\0\xFE\xFF\0\0\0{\0\0\0}"sv, "UTF-32BE", "{}");
}

TEST(Utf16Utf32, WithoutAMarkTheZerosDo) {
  expect_decoded("{\0}\0"sv, "UTF-16LE", "{}");
  expect_decoded("\0{\0}"sv, "UTF-16BE", "{}");
  expect_decoded("{\0\0\0}\0\0\0"sv, "UTF-32LE", "{}");
  expect_decoded("\0\0\0{\0\0\0}"sv, "UTF-32BE", "{}");
  expect_decoded("1\0"sv, "UTF-16LE", "1");
}

TEST(Utf16Utf32, PairsOfSurrogatesAreOneCharacterAndALoneOneIsNone) {
  expect_decoded("\xFE\xFF\xD8\x3D\xDE\0"sv, "UTF-16BE", "\xF0\x9F\x98\x80");
  expect_decoded("\xFE\xFF\xD8\x3D\0x"sv, "UTF-16BE", "\xEF\xBF\xBDx");
  expect_decoded("\xFE\xFF\xD8\x3D"sv, "UTF-16BE", "\xEF\xBF\xBD");
  expect_decoded("\xFE\xFF\xDE\0\xD8\x3D"sv, "UTF-16BE", "\xEF\xBF\xBD\xEF\xBF\xBD");
  expect_decoded("\0\0\xFE\xFF\0\x11\0\0"sv, "UTF-32BE", "\xEF\xBF\xBD");
  expect_decoded("\0\0\xFE\xFF\0\0\xD8\0"sv, "UTF-32BE", "\xEF\xBF\xBD");
}

TEST(Utf16Utf32, Utf8IsNeither) {
  EXPECT_FALSE(decode_utf16_utf32(""));
  EXPECT_FALSE(decode_utf16_utf32("{"));
  EXPECT_FALSE(decode_utf16_utf32("{}"));
  EXPECT_FALSE(decode_utf16_utf32("{\"\xC3\xA9\":1}"));
  EXPECT_FALSE(decode_utf16_utf32("\0\0"sv));
}

TEST(Utf16Utf32, ATextThatEndsWithinACodeUnitIsNeither) {
  EXPECT_FALSE(decode_utf16_utf32("{\0}"sv));
  EXPECT_FALSE(decode_utf16_utf32("{\0\0\0}\0\0"sv));
}

}  // namespace
}  // namespace conformance::oracle::utf16_utf32_test
