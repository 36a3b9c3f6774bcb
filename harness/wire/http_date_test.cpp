#include "harness/wire/http_date.h"

#include <gtest/gtest.h>

namespace conformance::wire::http_date_test {
namespace {

TEST(HttpDate, IsReadInAllThreeForms) {
  constexpr std::chrono::seconds time(784111777);
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), time);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), time);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), time);
  EXPECT_EQ(parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT"), std::chrono::seconds(253402300799));
}

TEST(HttpDate, IsNothingElse) {
  for (const char* none :
       {"", "now", "784111777", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 GMT ", "1994-11-06T08:49:37Z"})
    EXPECT_EQ(parse_http_date(none), std::nullopt) << none;
}

}  // namespace
}  // namespace conformance::wire::http_date_test
