#include "harness/text/base64.h"

#include <gtest/gtest.h>

namespace conformance::text::base64_test {
namespace {

TEST(Base64, IsThatOfTheRfc) {
  for (const auto& [bytes, text] : {std::pair{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"},
                                    {"\xff", "/w=="}})
    EXPECT_EQ(base64(bytes), text);
}

TEST(Base64, GivesEveryByteBack) {
  std::string all;
  for (int c = 0; c < 256; ++c) {
    all += static_cast<char>(c);
    EXPECT_EQ(from_base64(base64(all)), all);
  }
}

TEST(Base64, RefusesWhatItWouldNotWrite) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zm\n=", "Zg==Zg==", "Zm9_", "=",
                           "Zm9v\n", " Zm9v", "Zm=v"})
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

}  // namespace
}  // namespace conformance::text::base64_test
