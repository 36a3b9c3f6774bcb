#include "harness/text/numbers.h"

#include <gtest/gtest.h>

namespace conformance::text::numbers_test {
namespace {

TEST(Numbers, HaveACommaBeforeEachThreeDigits) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(123456), "123,456");
  EXPECT_EQ(with_commas(18446744073709551615U), "18,446,744,073,709,551,615");
}

}  // namespace
}  // namespace conformance::text::numbers_test
