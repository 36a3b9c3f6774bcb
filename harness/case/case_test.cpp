#include "harness/case/case.h"

#include <gtest/gtest.h>

namespace conformance::case_test {
namespace {

// The words of `list --format json`, which scripts read.
TEST(Kind, HasItsWord) {
  EXPECT_EQ(name_of(Kind::valid), "valid");
  EXPECT_EQ(name_of(Kind::malformed), "malformed");
  EXPECT_EQ(name_of(Kind::free_form), "free");
}

TEST(Case, AsksForNothingUnlessItIsSaid) {
  const Case c;
  EXPECT_FALSE(c.control_body.has_value());
  EXPECT_TRUE(c.session.empty());
  EXPECT_TRUE(c.bystanders.empty());
  EXPECT_FALSE(c.needs_session);
  EXPECT_FALSE(c.asks_which_session);
  EXPECT_FALSE(c.names_missing_session);
  EXPECT_FALSE(c.lengths.has_value());
}

}  // namespace
}  // namespace conformance::case_test
