#include "harness/text/stable_hash.h"

#include <gtest/gtest.h>

namespace conformance::text::stable_hash_test {
namespace {

// The test vectors of the FNV reference code.
TEST(StableHash, IsFnv1a) {
  EXPECT_EQ(stable_hash(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(stable_hash("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(stable_hash("foobar"), 0x85944171f73967e8ULL);
}

}  // namespace
}  // namespace conformance::text::stable_hash_test
