#include "suites/headers.h"

#include <gtest/gtest.h>

namespace conformance::suites::headers_test {
namespace {

using Headers = std::vector<wire::Header>;

TEST(Headers, AreChangedByNameWithoutCase) {
  wire::Request request{.headers = {{"A", "1"}, {"b", "2"}, {"a", "3"}}, .body = {}};
  set(request, "B", "4");
  set(request, "C", "5");
  EXPECT_EQ(request.headers, (Headers{{"A", "1"}, {"b", "4"}, {"a", "3"}, {"C", "5"}}));
  remove(request, "a");
  EXPECT_EQ(request.headers, (Headers{{"b", "4"}, {"C", "5"}}));
}

}  // namespace
}  // namespace conformance::suites::headers_test
