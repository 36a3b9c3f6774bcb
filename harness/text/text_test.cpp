#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <random>

#include "harness/text/escape.h"
#include "harness/text/json_string.h"
#include "harness/text/suggest.h"
#include "harness/text/utf8.h"

namespace conformance::text {
namespace {

TEST(Utf8, RoundTripsEveryScalarValue) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const Step next = step(encode(c));
    ASSERT_EQ(next.code_point, c);
    ASSERT_EQ(next.bytes, encode(c).size());
  }
}

TEST(Utf8, RefusesWhatIsNot) {
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xED\xBF\xBF",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82", "a\xC3"}) {
    EXPECT_FALSE(is_valid(bad)) << visible(bad);
    EXPECT_FALSE(decode(bad).has_value());
  }
}

TEST(Utf8, CountsInEveryUnit) {
  EXPECT_EQ(code_points("a\u00E9\U0001F600"), 3U);
  EXPECT_EQ(utf16_units("a\u00E9\U0001F600"), 4U);
}

TEST(JsonString, WritesBothSpellings) {
  EXPECT_EQ(quote_raw("\"\\/\n\u00E9"), "\"\\\"\\\\/\\n\u00E9\"");
  EXPECT_EQ(quote_ascii(std::string("\0\x7f\u00E9\U0001F600", 8)), R"("\u0000\u007f\u00e9\ud83d\ude00")");
}

TEST(Visible, EscapesWhatActs) {
  EXPECT_EQ(visible("a\x1b[31m\r\n\\"), "a\\u001b[31m\\r\\n\\\\");
  EXPECT_EQ(visible("\xff\xC3"), "\\xff\\xc3");
  EXPECT_EQ(visible("\u202E\uFEFF\uFFFF\U000E0001"), "\\u202e\\ufeff\\uffff\\U000e0001");
  EXPECT_EQ(visible("\u00E9\U0001F600"), "\u00E9\U0001F600");
}

TEST(Visible, LeavesNoTokenThatARunnerTakesForACommand) {
  for (const char* token :
       {"::error::x", "##[group]", "##vso[task.complete]", " ::set-output", ":::::", "a\n::debug::"}) {
    for (const std::string& shown : {visible(token), visible_lines(token)}) {
      EXPECT_EQ(shown.find("::"), std::string::npos) << shown;
      EXPECT_EQ(shown.find("##"), std::string::npos) << shown;
    }
  }
}

TEST(Visible, IsValidAndWithoutControlsForAnyBytes) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string shown = visible(bytes);
    EXPECT_TRUE(is_valid(shown));
    for (const char c : shown) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  }
}

TEST(Elide, CutsNoCharacter) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\u00E9";
  for (std::size_t max = 1; max < 100; ++max) EXPECT_TRUE(is_valid(elide(text, max))) << max;
  EXPECT_EQ(elide("short", 10), "short");
}

TEST(Hexdump, ShowsOffsetsAndSaysWhatIsLeftOut) {
  EXPECT_EQ(hexdump("AB\n", 2), "  000000  41 42" + std::string(44, ' ') + "|AB|\n  (1 more bytes)\n");
}

TEST(Nearest, SuggestsOnlyWhatIsNear) {
  EXPECT_EQ(nearest("id.lenght.max", {"id.type", "id.length.max"}), "id.length.max");
  EXPECT_EQ(nearest("something", {"else"}), "");
}

std::string output_of(const std::string& command) {
  std::string out;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 4096> buffer{};
  for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) out.append(buffer.data(), n);
  return out;
}

TEST(PrintfCommand, WritesExactlyTheBytes) {
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  for (const std::string& bytes :
       {every, std::string("it's 100%\\"), std::string("{\"Id\":\"") + std::string(65536, 'a') + "\"}",
        std::string(300, '\''), std::string()}) {
    EXPECT_EQ(output_of(printf_command(bytes)), bytes);
  }
  EXPECT_LT(printf_command(std::string(65536, 'a')).size(), 100U);
}

TEST(ShellQuote, IsOneWord) {
  for (const char* word : {"plain", "", "a b", "it's", "$HOME", "a\nb", "*"})
    EXPECT_EQ(output_of("printf %s " + shell_quote(word)), word);
}

}  // namespace
}  // namespace conformance::text
