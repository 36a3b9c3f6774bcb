#include "harness/wire/exchange.h"

#include <gtest/gtest.h>

namespace conformance::wire::exchange_test {
namespace {

TEST(Exchange, SerialisesHeadersInOrderAndAddsTheLength) {
  const Request request{.headers = {{"Host", "h:1"}, {"X-B", "2"}, {"X-A", "1"}}, .body = "{}"};
  EXPECT_EQ(serialise(request), "POST / HTTP/1.1\r\nHost: h:1\r\nX-B: 2\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n{}");
}

TEST(Exchange, KeepsALengthThatTheRequestGives) {
  const Request request{.method = "PUT", .target = "/x", .headers = {{"content-LENGTH", "7"}}, .body = "abc"};
  EXPECT_EQ(serialise(request), "PUT /x HTTP/1.1\r\ncontent-LENGTH: 7\r\n\r\nabc");
}

TEST(Exchange, SendsALengthOfZeroForAnEmptyBody) {
  EXPECT_EQ(serialise(Request{}), "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
}

TEST(Exchange, FindsTheFirstHeaderWithoutCase) {
  const std::vector<Header> headers{{"A", "1"}, {"a", "2"}};
  ASSERT_NE(find_header(headers, "a"), nullptr);
  EXPECT_EQ(find_header(headers, "a")->value, "1");
  EXPECT_EQ(find_header(headers, "b"), nullptr);
}

TEST(Exchange, NamesEveryFailure) {
  EXPECT_EQ(name_of(TransportFailure::none), "none");
  EXPECT_EQ(name_of(TransportFailure::resolve), "resolve");
  EXPECT_EQ(name_of(TransportFailure::connect), "connect");
  EXPECT_EQ(name_of(TransportFailure::tls), "tls");
  EXPECT_EQ(name_of(TransportFailure::timeout), "timeout");
  EXPECT_EQ(name_of(TransportFailure::closed), "closed");
  EXPECT_EQ(name_of(TransportFailure::malformed), "malformed");
  EXPECT_EQ(name_of(TransportFailure::too_large), "too_large");
  EXPECT_EQ(name_of(TransportFailure::interrupted), "interrupted");
  EXPECT_EQ(name_of(TransportFailure::given_up), "given_up");
}

TEST(BrokeOff, IsWhatBeganAndDidNotEnd) {
  Exchange exchange;
  exchange.failure = TransportFailure::timeout;
  EXPECT_FALSE(broke_off(exchange)) << "nothing came";
  exchange.received = "HTTP/1.1 200 OK\r\nContent-Le";
  EXPECT_TRUE(broke_off(exchange));
  exchange.failure = TransportFailure::closed;
  EXPECT_TRUE(broke_off(exchange));
  exchange.answered_bytes = exchange.received.size();
  EXPECT_FALSE(broke_off(exchange)) << "what came was answers, each whole";
}

TEST(BrokeOff, IsNotAnInterimAnswerThatNothingFollowsInTime) {
  Exchange exchange;
  exchange.failure = TransportFailure::timeout;
  for (const char* received : {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 1", "HT"}) {
    exchange.received = received;
    EXPECT_FALSE(broke_off(exchange)) << received;
  }
}

}  // namespace
}  // namespace conformance::wire::exchange_test
