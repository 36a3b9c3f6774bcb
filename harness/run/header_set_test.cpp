#include "harness/run/header_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

TEST(HeaderSet, IsTheNamesWithoutCaseAndOrder) {
  const std::string set = "content-type, date, x-amzn-requestid";
  EXPECT_EQ(header_set({{"x-amzn-RequestId", "1"}, {"Date", "now"}, {"Content-Type", "a/b"}}), set);
  EXPECT_EQ(header_set({{"content-type", "c/d"}, {"DATE", "then"}, {"X-Amzn-RequestId", "2"}}), set);
}

TEST(HeaderSet, HasANameOnce) { EXPECT_EQ(header_set({{"Vary", "a"}, {"vary", "b"}}), "vary"); }

TEST(HeaderSet, ShowsAFieldThatIsMissingOrMore) {
  EXPECT_EQ(header_set({{"Date", "now"}}), "date");
  EXPECT_EQ(header_set({{"Date", "now"}, {"Server", "s"}}), "date, server");
}

TEST(HeaderSet, LeavesOutWhatIsOfTheConnectionAndTheFraming) {
  EXPECT_EQ(header_set({{"Content-Length", "2"}, {"Connection", "close"}, {"Date", "now"}}), "date");
  EXPECT_EQ(header_set({{"Transfer-Encoding", "chunked"}, {"Trailer", "x"}, {"Keep-Alive", "timeout=5"}, {"Date", ""}}),
            "date");
  EXPECT_EQ(header_set({{"Connection", "X-Hop ,\tx-other"}, {"x-hop", "1"}, {"X-Other", "2"}, {"X-End", "3"}}),
            "x-end");
}

TEST(HeaderSet, OfNothingSaysSo) {
  EXPECT_EQ(header_set({}), no_header_fields);
  EXPECT_EQ(header_set({{"Content-Length", "0"}}), no_header_fields);
}

TEST(HeaderSet, IsTheSameHoweverSomebodyWroteIt) {
  EXPECT_EQ(header_set_text("Date,Content-Type ,date,"), "content-type, date");
  EXPECT_EQ(header_set_text("400 A:Server,\tDate"), "400 A: date, server");
  EXPECT_EQ(header_set_text("Content-Length, Date"), "date") << "no set that is measured has it";
  EXPECT_EQ(header_set_text("content-length"), no_header_fields);
  for (const std::string measured :
       {"content-type, date", "400 A: date", "no header field", "500: no header field", "x-148, x-149 and 50 more"})
    EXPECT_EQ(header_set_text(measured), measured);
}

TEST(HeaderSet, IsBoundedWhateverIsSent) {
  std::vector<wire::Header> many;
  for (int i = 100; i < 200; ++i) many.push_back({"x-" + std::to_string(i), "v"});
  EXPECT_THAT(header_set(many), testing::EndsWith("x-149 and 50 more"));
}

TEST(HeaderSet, HasTheKindOfTheAnswerBeforeIt) {
  const std::string text = with_kind("400 X", "a, b");
  EXPECT_EQ(text, "400 X: a, b");
  EXPECT_EQ(kind_before(text), "400 X");
  EXPECT_EQ(set_of(text), "a, b");
  EXPECT_EQ(kind_before("a, b"), "");
  EXPECT_EQ(set_of("a, b"), "a, b");
}

}  // namespace
}  // namespace conformance
