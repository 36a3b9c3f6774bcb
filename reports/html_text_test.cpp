#include "reports/html_text.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "harness/text/utf8.h"
#include "reports/sentence.h"

namespace conformance::reports::html::html_text_test {
namespace {

bool is_well_formed(const std::string& contents) {
  return static_cast<bool>(pugi::xml_document().load_string(("<p>" + contents + "</p>").c_str(), pugi::parse_full));
}

TEST(HtmlText, EscapesWhatIsMarkup) {
  EXPECT_EQ(text("<script>alert('a' && \"b\")</script>"), "&lt;script&gt;alert('a' &amp;&amp; \"b\")&lt;/script&gt;");
  EXPECT_EQ(attribute("\" onload='x' <b>&"), "&quot; onload=&#39;x&#39; &lt;b&gt;&amp;");
}

TEST(HtmlText, ShowsByNameWhatIsInvisibleOrActs) {
  EXPECT_EQ(text("a\r\n\tb"), "a<b>CR</b><b>LF</b><b>HT</b>b");
  EXPECT_EQ(text(std::string("\0", 1)), "<b>U+0000</b>");
  EXPECT_EQ(text("\u202Ex\u2028\u200B"), "<b>U+202E</b>x<b>U+2028</b><b>U+200B</b>");
  EXPECT_EQ(text("\xff\xed\xa0\x80"), "<b>xFF</b><b>xED</b><b>xA0</b><b>x80</b>");
  EXPECT_EQ(text("\xF3\xA0\x80\x81"), "<b>U+E0001</b>");
  EXPECT_EQ(attribute("a\u202E\xff"), "a«U+202E»«xFF»");
}

TEST(HtmlText, TellsALiteralNameFromAHiddenCharacter) {
  EXPECT_NE(text("U+202E"), text("\u202E"));
  EXPECT_NE(text("<b>U+202E</b>"), text("\u202E"));
  EXPECT_EQ(text("\\u202e"), "\\u202e");
}

TEST(HtmlText, KeepsWhatIsPlain) {
  EXPECT_EQ(text("é € 😀 שלום"), "é € 😀 שלום");
  EXPECT_EQ(plain_lines("a <b\nc"), "a &lt;b\nc");
}

TEST(HtmlText, IsWellFormedWhateverTheBytes) {
  for (unsigned first = 0; first < 256; ++first)
    for (const unsigned second : {0U, 0x0AU, 0x22U, 0x3CU, 0x3EU, 0x80U, 0xBFU, 0xFFU}) {
      const std::string bytes{static_cast<char>(first), static_cast<char>(second)};
      EXPECT_TRUE(is_well_formed(text(bytes))) << first << " " << second;
      EXPECT_TRUE(is_well_formed("<i a=\"" + attribute(bytes) + "\"/>")) << first << " " << second;
      EXPECT_TRUE(is_well_formed(wire_text(bytes, {{1, 2}}, 100))) << first << " " << second;
      EXPECT_TRUE(is_well_formed(wire_hex(bytes, {{1, 2}}, 100))) << first << " " << second;
      EXPECT_TRUE(text::is_valid(text(bytes)));
    }
}

TEST(HtmlText, NamesAnchorsAndQueriesByHarmlessCharacters) {
  EXPECT_EQ(anchor("case", "id.length.max"), "case-id.length.max");
  EXPECT_EQ(anchor("case", "a b\"<"), "case-a:20b:22:3c");
  EXPECT_EQ(query_value("id.length&x=\""), "id.length%26x%3D%22");
}

TEST(HtmlText, LinksAddresses) {
  EXPECT_EQ(linked("Pages, DeleteSession: https://docs.aws.amazon.com/goto/X (read)"),
            "Pages, DeleteSession: <a href=\"https://docs.aws.amazon.com/goto/X\" "
            "rel=\"noreferrer\">https://docs.aws.amazon.com/goto/X</a> (read)");
  EXPECT_EQ(linked("github.com/a/b/issues/3: it says"),
            "<a href=\"https://github.com/a/b/issues/3\" rel=\"noreferrer\">github.com/a/b/issues/3</a>: it says");
  EXPECT_EQ(linked("javascript:alert(1)"), "javascript:alert(1)");
  EXPECT_EQ(linked(""), "");
}

std::string part(std::string_view bytes, const Span& span) {
  return std::string(bytes.substr(span.first, span.last - span.first));
}

TEST(HtmlText, FindsTheDifferenceOfTwoBodies) {
  const std::string control = R"({"Id":"ab"})";
  for (const auto& [stimulus, mine, others] :
       std::vector<std::array<std::string, 3>>{{R"({"Id":"aXb"})", "X", ""},
                                               {R"({"Id":"b"})", "", "a"},
                                               {R"({"Id":5})", "5", "\"ab\""},
                                               {R"([{"Id":"ab"}])", R"([{"Id":"ab"}])", control},
                                               {"", "", control}}) {
    EXPECT_EQ(part(stimulus, difference(stimulus, control)), mine);
    EXPECT_EQ(part(control, difference(control, stimulus)), others);
  }
}

TEST(HtmlText, ADifferenceCutsNoCharacter) {
  const std::string one = "a\u00E9b", other = "a\u00E8b";
  EXPECT_EQ(part(one, difference(one, other)), "\u00E9");
  const std::string high = "\u0169", low = "\u00E9";  // share their last byte
  EXPECT_EQ(part(high, difference(high, low)), high);
}

TEST(HtmlText, MarksHeadersThatTheOtherLacks) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nX-Amz-Date: 1\r\n\r\n";
  const std::string other = "POST / HTTP/1.1\r\nHost: a\r\nX-A: 2\r\nX-Amz-Date: 2\r\n\r\n";
  const std::vector<Span> marks = other_lines(head, other);
  ASSERT_EQ(marks.size(), 1U);
  EXPECT_EQ(part(head, marks.front()), "X-A: 1");
  EXPECT_TRUE(other_lines(head, head).empty());
}

TEST(HtmlText, ShowsLinesOfTheWire) {
  EXPECT_EQ(wire_text("A\r\nB\nC\rD", {}, 100), "A\nB<b>LF</b>\nC<b>CR</b>D");
  EXPECT_EQ(wire_text("abc", {{1, 2}}, 100), "a<mark>b</mark>c");
  EXPECT_EQ(wire_text("abc", {{1, 1}}, 100), "a<mark></mark>bc");
  EXPECT_EQ(wire_text("abc", {{3, 3}}, 100), "abc<mark></mark>");
}

TEST(HtmlText, SaysHowMuchItLeavesOutAndKeepsTheMark) {
  std::string bytes(10000, 'a');
  bytes[5000] = 'X';
  const std::string shown = wire_text(bytes, {{5000, 5001}}, 600);
  EXPECT_LT(shown.size(), 900U);
  EXPECT_NE(shown.find("<mark>X</mark>"), std::string::npos);
  std::size_t left_out = 0, kept = 0;
  for (std::size_t at = shown.find("<i>… "); at != std::string::npos; at = shown.find("<i>… ", at + 1)) {
    std::string digits;
    for (const char* c = shown.c_str() + at + 7; *c != ' '; ++c)
      if (*c != ',') digits += *c;
    left_out += std::stoul(digits);
  }
  for (const char c : shown) kept += c == 'a' || c == 'X' ? 1U : 0U;
  EXPECT_EQ(kept - 2, 10000 - left_out);  // "mark" has an a, twice
}

TEST(HtmlText, CutsNoCharacterWhereItLeavesOut) {
  std::string bytes;
  for (int i = 0; i < 3000; ++i) bytes += "\u20AC";
  EXPECT_EQ(wire_text(bytes, {}, 500).find("<b>"), std::string::npos);
}

TEST(HtmlText, ShowsBytesAsHexadecimal) {
  EXPECT_EQ(wire_hex("ab<\xff", {{1, 3}}, 100),
            "000000  61 <mark>62 3c </mark>ff " + std::string(37, ' ') + "a<mark>b&lt;</mark>.\n");
  EXPECT_NE(wire_hex(std::string(40, 'a'), {}, 16).find("<i>… 24 bytes more</i>"), std::string::npos);
}

TEST(HtmlText, CountsInWords) {
  EXPECT_EQ(counted(1, "case"), "1 case");
  EXPECT_EQ(counted(3252, "case"), "3,252 cases");
  EXPECT_EQ(with_commas(1234567), "1,234,567");
  EXPECT_EQ(with_commas(0), "0");
}

}  // namespace
}  // namespace conformance::reports::html::html_text_test
