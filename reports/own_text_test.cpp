#include "reports/own_text.h"

#include <gtest/gtest.h>

#include <string>

#include "fixtures/testing/harmless.h"

namespace conformance::reports::own_text_test {
namespace {

TEST(OwnText, IsShownAsItIsWhereItIsHarmless) {
  for (const char* line : {"", "printf '\\101' | curl -sS http://[::1]:80/", "Ein Satz über „Zeichen“.", "a # b"})
    EXPECT_EQ(own(line), line);
}

TEST(OwnText, CanActOnNothing) {
  for (const char* line : {"::error::x", "a ##[error]x", "a ##vso[task.x]", "a\nb", "a\r::error::", "\x1b[31m", "\xff",
                           "\u202e", "\u200b"}) {
    EXPECT_NE(own(line), line);
    EXPECT_EQ(testing_support::fault_of_console(own(line)), "") << line;
  }
}

}  // namespace
}  // namespace conformance::reports::own_text_test
