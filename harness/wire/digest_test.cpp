#include "harness/wire/digest.h"

#include <gtest/gtest.h>

#include <string>

namespace conformance::wire {
namespace {

// FIPS 180-2, appendix B.1.
TEST(Digest, OfTheStandardsExample) {
  constexpr std::string_view expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(hex(sha256("abc")), expected);
  EXPECT_EQ(hex(sha256("a", "bc")), expected);
}

// RFC 4231, test cases 2 and 6: a short key, and one that is longer than a block.
TEST(Digest, OfAKeyAndAMessage) {
  EXPECT_EQ(hex(hmac("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace conformance::wire
