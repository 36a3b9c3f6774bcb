#include "harness/text/unified_diff.h"

#include <gtest/gtest.h>

#include <string>

namespace conformance::text::unified_diff_test {
namespace {

TEST(UnifiedDiff, IsEmptyWhereNothingDiffers) { EXPECT_EQ(unified_diff("a\nb\n", "a\nb\n", "x", "y"), ""); }

TEST(UnifiedDiff, ShowsWhatComesAndGoesInItsContext) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "old", "new"),
            "--- old\n+++ new\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, SplitsWhatIsFarApart) {
  std::string before, after;
  for (int i = 0; i < 30; ++i) {
    before += std::to_string(i) + "\n";
    if (i != 2 && i != 25) after += std::to_string(i) + "\n";
  }
  EXPECT_EQ(unified_diff(before, after, "a", "b"),
            "--- a\n+++ b\n@@ -1,6 +1,5 @@\n 0\n 1\n-2\n 3\n 4\n 5\n@@ -23,7 +22,6 @@\n 22\n 23\n 24\n-25\n 26\n 27\n "
            "28\n");
}

TEST(UnifiedDiff, OfANewFileIsAllOfIt) {
  EXPECT_EQ(unified_diff("", "a\nb\n", "/dev/null", "b"), "--- /dev/null\n+++ b\n@@ -0,0 +1,2 @@\n+a\n+b\n");
}

TEST(UnifiedDiff, SaysWhereTheLastLineHasNoEnd) {
  EXPECT_EQ(unified_diff("a", "a\n", "x", "x"), "--- x\n+++ x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

}  // namespace
}  // namespace conformance::text::unified_diff_test
