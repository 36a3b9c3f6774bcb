#include "harness/text/escape.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <random>

#include "harness/text/utf8.h"

namespace conformance::text::escape_test {
namespace {

// The reverse of visible(), as a reader of a report would do it. It shares nothing with the code under test.
std::string bytes_of(const std::string& shown) {
  std::string out;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] != '\\') {
      out += shown[i];
      continue;
    }
    const char kind = shown.at(++i);
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    const unsigned long value = digits == 0 ? 0 : std::stoul(shown.substr(i + 1, digits), nullptr, 16);
    i += digits;
    if (kind == 'x') {
      out += static_cast<char>(value);
    } else if (digits > 0) {
      append(out, static_cast<char32_t>(value));
    } else {
      out += kind == 'n' ? '\n' : kind == 'r' ? '\r' : kind == 't' ? '\t' : kind;
    }
  }
  return out;
}

// Bytes that meet the edges more often than chance would.
std::string random_bytes(std::mt19937& random) {
  static const std::array<std::string, 16> pieces{
      "::",           "##[",          "##vso[",       "\\",   "\\u003a", "%",  "'",    "\r\n",
      "\xE2\x80\xAE", "\xEF\xBF\xBF", "\xED\xA0\x80", "\x1b", "-",       "-n", "\xC3", std::string(300, 'z')};
  std::string bytes;
  for (auto n = random() % 8; n > 0; --n)
    bytes += random() % 2 == 0 ? pieces[random() % pieces.size()]
                               : std::string(random() % 3 + 1, static_cast<char>(static_cast<unsigned char>(random())));
  return bytes;
}

std::string output_of(const std::string& command) {
  std::string out;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 4096> buffer{};
  for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) out.append(buffer.data(), n);
  return out;
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

TEST(Visible, LosesNoByte) {
  std::mt19937 random(2);
  for (int i = 0; i < 5000; ++i) {
    const std::string bytes = random_bytes(random);
    EXPECT_EQ(bytes_of(visible(bytes)), bytes) << visible(bytes);
  }
  std::string every;
  for (char32_t c = 0; c <= 0x10FFFF; ++c)
    if (c < 0xD800 || c > 0xDFFF) append(every, c);
  EXPECT_TRUE(bytes_of(visible(every)) == every);
}

TEST(VisibleLines, KeepsLineFeedsOnly) {
  EXPECT_EQ(visible_lines("a\r\nb\nc\rd\te"), "a\nb\nc\\rd\\te");
  EXPECT_EQ(visible_lines("x\n::error::y"), "x\n:\\u003aerror:\\u003ay");
}

TEST(Visible, BreaksWhatWouldAttachAFile) {
  EXPECT_EQ(visible("[[ATTACHMENT|/etc/passwd]]"), "[[ATTACHMENT\\u007c/etc/passwd]]");
  EXPECT_EQ(visible_lines("a\n[[ATTACHMENT|x]]"), "a\n[[ATTACHMENT\\u007cx]]");
  EXPECT_EQ(visible("a|b [[x|"), "a|b [[x|");
}

TEST(Elide, CutsNoCharacter) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\u00E9";
  for (std::size_t max = 1; max < 100; ++max) EXPECT_TRUE(is_valid(elide(text, max))) << max;
  EXPECT_EQ(in_quotes("a\x1b"), "'a\\u001b'");
  EXPECT_LT(in_quotes(std::string(5000, 'a')).size(), 250U);
  EXPECT_EQ(elide("short", 10), "short");
  EXPECT_EQ(elide(std::string(30, 'a'), 10), std::string(30, 'a')) << "saying so would take as much";
}

TEST(Elide, KeepsHeadAndTail) {
  const std::string shown = elide("head" + std::string(1000, '.') + "tail", 30);
  EXPECT_TRUE(shown.starts_with("head"));
  EXPECT_TRUE(shown.ends_with("tail"));
  EXPECT_NE(shown.find("…(978 more bytes)…"), std::string::npos) << shown;
}

TEST(Hexdump, ShowsOffsetsAndSaysWhatIsLeftOut) {
  EXPECT_EQ(hexdump("AB\n", 2), "  000000  41 42" + std::string(44, ' ') + "|AB|\n  (1 more bytes)\n");
}

TEST(Hexdump, BeginsALineEverySixteenBytes) {
  const std::string dump = hexdump(std::string(17, 'a'), 100);
  EXPECT_NE(dump.find("  000010  61" + std::string(46, ' ') + " |a|\n"), std::string::npos) << dump;
  EXPECT_EQ(dump.find("more bytes"), std::string::npos) << dump;
  EXPECT_EQ(hexdump("", 100), "");
}

TEST(Hexdump, LetsNoTokenThrough) {
  const std::string dump = hexdump("::error::##[group]", 100);
  EXPECT_EQ(dump.find("::"), std::string::npos) << dump;
  EXPECT_EQ(dump.find("##"), std::string::npos) << dump;
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

TEST(PrintfCommand, WritesRandomBytes) {
  std::mt19937 random(3);
  for (int i = 0; i < 150; ++i) {
    const std::string bytes = random_bytes(random);
    const std::string command = printf_command(bytes);
    EXPECT_EQ(output_of(command), bytes) << command;
    for (const char c : command) EXPECT_TRUE(c >= 0x20 && c <= 0x7E) << command;
    EXPECT_EQ(command.find("::"), std::string::npos) << command;
    EXPECT_EQ(command.find("##"), std::string::npos) << command;
  }
}

TEST(PrintfCommand, WritesLongRunsOfAnyByte) {
  for (int byte = 0; byte < 256; byte += 5) {
    const std::string bytes = "-" + std::string(257, static_cast<char>(static_cast<unsigned char>(byte))) + "7";
    EXPECT_EQ(output_of(printf_command(bytes)), bytes) << byte;
  }
}

TEST(ShellQuote, IsOneWord) {
  for (const char* word : {"plain", "", "a b", "it's", "$HOME", "a\nb", "*"})
    EXPECT_EQ(output_of("printf %s " + shell_quote(word)), word);
}

TEST(ShellQuote, LeavesASafeWordUnquoted) {
  EXPECT_EQ(shell_quote("http://localhost:5000/a-b_c.d,e=f"), "http://localhost:5000/a-b_c.d,e=f");
  EXPECT_EQ(shell_quote("a;b"), "'a;b'");
  EXPECT_EQ(shell_quote("~"), "'~'");
}

TEST(PercentEncoded, LeavesOnlyTheUnreserved) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("a b/+%\xC3\xA9"), "a%20b%2F%2B%25%C3%A9");
}

}  // namespace
}  // namespace conformance::text::escape_test
