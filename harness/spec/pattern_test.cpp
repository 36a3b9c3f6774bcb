// A member's pattern stands in the table twice: as documented, and as the ranges that the harness works with. This
// test proves the two equal on every code point, by a regular-expression engine that the harness does not use.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <gtest/gtest.h>
#include <pcre2.h>

#include <cstdint>
#include <memory>
#include <string>

#include "harness/spec/spec_table.h"

namespace conformance::spec::pattern_test {
namespace {

// The documented patterns are Java's, and JavaScript's with the u flag: \uXXXX, and a character beyond U+FFFF as its
// pair of surrogates. So \uD800\uDC00-\uDBFF\uDFFF is the range from U+10000 (D800 DC00) to U+10FFFF (DBFF DFFF); read
// as single units, it would hold the nonsensical range DC00-DBFF. PCRE2 writes both as \x{…}, and in UTF mode takes
// no surrogate at all.
std::string to_pcre2(std::string pattern) {
  const auto replace_all = [&pattern](const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = pattern.find(from, at)) != std::string::npos; at += to.size()) {
      pattern.replace(at, from.size(), to);
    }
  };
  replace_all("\\uD800\\uDC00-\\uDBFF\\uDFFF", "\\x{10000}-\\x{10FFFF}");
  for (std::size_t at = 0; (at = pattern.find("\\u", at)) != std::string::npos;) {
    pattern.replace(at, 6, "\\x{" + pattern.substr(at + 2, 4) + "}");
  }
  return pattern;
}

std::string utf8(std::uint32_t c) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000) return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
}

class Pattern {
 public:
  explicit Pattern(const std::string& documented) {
    // In full, as the real service matches; \z and not $, which would let a trailing newline through.
    const std::string text = "\\A(?:" + to_pcre2(documented) + ")\\z";
    int error = 0;
    PCRE2_SIZE offset = 0;
    code_.reset(
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), PCRE2_UTF, &error, &offset, nullptr));
    EXPECT_TRUE(code_) << text << " at " << offset;
    if (code_) match_.reset(pcre2_match_data_create_from_pattern(code_.get(), nullptr));
  }

  [[nodiscard]] bool usable() const { return code_ && match_; }

  [[nodiscard]] bool matches(const std::string& text) const {
    const int count =
        pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, match_.get(), nullptr);
    EXPECT_TRUE(count > 0 || count == PCRE2_ERROR_NOMATCH) << count;
    return count > 0;
  }

 private:
  std::unique_ptr<pcre2_code, void (*)(pcre2_code*)> code_{nullptr, pcre2_code_free};
  std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> match_{nullptr, pcre2_match_data_free};
};

void expect_ranges_are_the_pattern(const Member& member) {
  const Pattern pattern(member.pattern);
  ASSERT_TRUE(pattern.usable());
  int differences = 0;
  for (std::uint32_t c = 0; c <= 0x10FFFF && differences < 10; ++c) {
    // A lone surrogate is no character, and UTF-8 has no form for it: never allowed.
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    const bool expected = !surrogate && pattern.matches(utf8(c));
    if (member.allows(c) == expected) continue;
    ++differences;
    ADD_FAILURE() << member.name << ": U+" << std::hex << c << " is " << (expected ? "" : "not ") << "of the pattern";
  }
}

TEST(Pattern, RangesAgreeWithItOnEveryCodePoint) {
  for (const Member& m : builtin_table().request_members) expect_ranges_are_the_pattern(m);
  for (const Member& m : builtin_table().response_members) expect_ranges_are_the_pattern(m);
}

TEST(Pattern, TheKnownEdges) {
  const Member& id = builtin_table().member("Id");
  for (const std::uint32_t c :
       {0x09U, 0x20U, 0x7FU, 0x85U, 0x2028U, 0xD7FFU, 0xE000U, 0xFEFFU, 0xFFFDU, 0x10000U, 0x10FFFFU}) {
    EXPECT_TRUE(id.allows(c)) << std::hex << c;
  }
  for (const std::uint32_t c : {0x00U, 0x08U, 0x0AU, 0x0DU, 0x1FU, 0xD800U, 0xDFFFU, 0xFFFEU, 0xFFFFU, 0x110000U}) {
    EXPECT_FALSE(id.allows(c)) << std::hex << c;
  }
}

TEST(Pattern, TheTranslation) {
  EXPECT_EQ(to_pcre2("[\\u0020-\\uD7FF\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*"),
            "[\\x{0020}-\\x{D7FF}\\x{10000}-\\x{10FFFF}\\t]*");
}

}  // namespace
}  // namespace conformance::spec::pattern_test
