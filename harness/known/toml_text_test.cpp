#include "harness/known/toml_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/known/known_file.h"
#include "harness/text/toml_string.h"

namespace conformance::known::toml_text_test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::string_view at(std::string_view text, Stretch place) { return text.substr(place.begin, place.end - place.begin); }

TEST(TomlText, FindsEntriesWithTheCommentsAboveThem) {
  const std::string_view text = R"(# the file

# one
# two
[[known]]
match = "a"  # here

  [[ flaky ]]
outcome = 'b'
)";
  const std::vector<Block> blocks = blocks_of(text);
  ASSERT_THAT(blocks, SizeIs(2));
  EXPECT_EQ(blocks[0].list, "known");
  EXPECT_EQ(blocks[0].line, 5U);
  EXPECT_EQ(at(text, blocks[0].lines), "# one\n# two\n[[known]]\nmatch = \"a\"  # here\n");
  EXPECT_EQ(at(text, blocks[0].keys.at("match").whole), "\"a\"");
  EXPECT_EQ(blocks[1].list, "flaky");
  EXPECT_EQ(blocks[1].line, 8U);
  EXPECT_EQ(at(text, blocks[1].keys.at("outcome").texts.at(0)), "'b'");
}

TEST(TomlText, IsNotFooledByWhatStandsInTexts) {
  const std::string_view text = R"([[known]]
reason = """
[[known]]
match = "x" \""" # no
"""
issue = '[[known]] # "'
"match" = [  # [[known]]
  "a]", # "b"
  'c"',
  '''d'''
]
until = 2027-01-31 # when
[[known]]
)";
  const std::vector<Block> blocks = blocks_of(text);
  ASSERT_THAT(blocks, SizeIs(2));
  EXPECT_EQ(blocks[1].line, 13U);
  const ValuePlace& match = blocks[0].keys.at("match");
  ASSERT_THAT(match.texts, SizeIs(3));
  EXPECT_EQ(at(text, match.texts[0]), "\"a]\"");
  EXPECT_EQ(at(text, match.texts[2]), "'''d'''");
  EXPECT_EQ(text[match.whole.end - 1], ']');
  EXPECT_EQ(at(text, blocks[0].keys.at("until").whole), "2027-01-31");
}

TEST(TomlText, EndsWhateverItIsGiven) {
  EXPECT_THAT(blocks_of(""), IsEmpty());
  for (const char* text : {"[[", "[[known", "[[known]]\nmatch", "[[known]]\nmatch =", "[[known]]\nmatch = \"",
                           "[[known]]\nmatch = [\"a\\", "[[known]]\nmatch = '''", "=", "#", "\r\n", "[[known]]\na = {"})
    (void)blocks_of(text);
}

TEST(TomlText, WritesStringsThatAParserReadsBack) {
  for (const std::string& text : {std::string("a\"\\\n\t\x01\x7f"), std::string("é\u2028😀"), std::string()}) {
    const KnownFile file = parse_known_file("[[known]]\nowner = " + text::toml_string(text) + "x\n");
    EXPECT_THAT(file.faults.front().what, testing::HasSubstr("it is no TOML")) << "the test is none";
    const KnownFile read =
        parse_known_file("[[known]]\nmatch = [" + text::toml_string(text + "z") + "]\noutcome = \"500\"\n" +
                         "reason = \"r\"\nissue = \"https://a\"\nowner = \"o\"\nuntil = 2027-01-01\n");
    ASSERT_THAT(read.entries, SizeIs(1)) << text;
    EXPECT_EQ(read.entries.front().match.front(), text + "z");
  }
}

TEST(TomlText, WritesOneTextAsItIsAndManyAsAnArray) {
  EXPECT_EQ(toml_strings({"a"}), "\"a\"");
  EXPECT_EQ(toml_strings({"a", "b"}), R"(["a", "b"])");
  EXPECT_EQ(toml_strings({std::string(60, 'a'), std::string(60, 'b')}),
            "[\n  \"" + std::string(60, 'a') + "\",\n  \"" + std::string(60, 'b') + "\",\n]");
}

}  // namespace
}  // namespace conformance::known::toml_text_test
