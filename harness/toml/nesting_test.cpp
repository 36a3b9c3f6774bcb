#include "harness/toml/nesting.h"

#include <gtest/gtest.h>

#include <string>

namespace conformance::toml::nesting_test {
namespace {

TEST(Nesting, IsThatOfBrackets) {
  EXPECT_FALSE(nests_deeper("a = [[1], [2]]\n[[b]]\nc = {d = 1}", 2));
  EXPECT_TRUE(nests_deeper("a = [[1], [2]]", 1));
  EXPECT_TRUE(nests_deeper("a = {b = {c = 1}}", 1));
  EXPECT_TRUE(nests_deeper(std::string(100000, '['), 16));
}

TEST(Nesting, OfCommentsAndStringsDoesNotCount) {
  std::string comments;
  for (int i = 0; i < 20; ++i) comments += "# see [1 for\n";
  EXPECT_FALSE(nests_deeper(comments + "a = 1", 1));
  EXPECT_FALSE(nests_deeper("a = \"[[[\\\"[[\" # [[\nb = '[[[\\'\nc = \"\"\"[[\n\"[[\"\"\"\nd = '''[[\n['''", 1));
  EXPECT_TRUE(nests_deeper("a = \"[\" # [\nb = [[1]]", 1));
}

TEST(Nesting, EndsWhateverItIsGiven) {
  for (const char* text : {"", "\"", "\"\\", "'''", "\"\"\"x", "#", "]]]]", "\"a\n[["}) (void)nests_deeper(text, 3);
}

}  // namespace
}  // namespace conformance::toml::nesting_test
