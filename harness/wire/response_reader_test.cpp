#include "harness/wire/response_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace conformance::wire::response_reader_test {
namespace {

using State = ResponseReader::State;
using testing::HasSubstr;

struct Outcome {
  State state = State::need_more;
  Response response;
  TransportFailure failure = TransportFailure::none;
  std::string detail;
};

Outcome read_in_pieces(std::string_view bytes, std::size_t piece, Limits limits, bool end) {
  ResponseReader reader(limits);
  for (std::size_t i = 0; i < bytes.size(); i += piece) reader.feed(bytes.substr(i, piece));
  if (end) reader.end_of_stream();
  Outcome outcome{reader.state(), {}, reader.failure(), reader.detail()};
  if (reader.state() == State::complete) outcome.response = reader.take();
  return outcome;
}

// Whole and in pieces of one, two and seven bytes: every test of this file is also one of the cutting.
Outcome read(std::string_view bytes, Limits limits = {}, bool end = false) {
  const Outcome whole = read_in_pieces(bytes, std::max<std::size_t>(bytes.size(), 1), limits, end);
  for (const std::size_t piece : {1U, 2U, 7U}) {
    const Outcome cut = read_in_pieces(bytes, piece, limits, end);
    EXPECT_EQ(cut.state, whole.state);
    EXPECT_EQ(cut.failure, whole.failure);
    EXPECT_EQ(cut.detail, whole.detail);
    EXPECT_EQ(cut.response.status, whole.response.status);
    EXPECT_EQ(cut.response.headers, whole.response.headers);
    EXPECT_EQ(cut.response.body, whole.response.body);
    EXPECT_EQ(cut.response.keep_alive, whole.response.keep_alive);
  }
  return whole;
}

Outcome read_closed(std::string_view bytes, Limits limits = {}) { return read(bytes, limits, true); }

void expect_fault(std::string_view bytes, std::string_view what) {
  const Outcome outcome = read(bytes);
  EXPECT_EQ(outcome.state, State::failed) << what;
  EXPECT_EQ(outcome.failure, TransportFailure::malformed) << what;
  EXPECT_THAT(outcome.detail, HasSubstr(std::string(what)));
}

std::string with_headers(std::string_view headers, std::string_view rest = "") {
  return std::string("HTTP/1.1 200 OK\r\n").append(headers).append("\r\n").append(rest);
}

TEST(ResponseReader, ReadsALengthDelimitedBody) {
  const Outcome outcome = read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-Empty:\r\nX-Tab:\t a\tb \r\n\r\nabc");
  ASSERT_EQ(outcome.state, State::complete);
  EXPECT_EQ(outcome.response.status, 200);
  EXPECT_EQ(outcome.response.reason, "OK");
  EXPECT_EQ(outcome.response.body, "abc");
  EXPECT_EQ(outcome.response.headers,
            (std::vector<Header>{{"Content-Length", "3"}, {"X-Empty", ""}, {"X-Tab", "a\tb"}}));
  EXPECT_TRUE(outcome.response.keep_alive);
}

TEST(ResponseReader, ReadsChunks) {
  const Outcome outcome = read(with_headers(
      "Transfer-Encoding: Chunked\r\n", "3;name=value\r\nabc\r\n00A ;x\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n"));
  ASSERT_EQ(outcome.state, State::complete) << outcome.detail;
  EXPECT_EQ(outcome.response.body, "abc0123456789");
  EXPECT_TRUE(outcome.response.keep_alive);
}

TEST(ResponseReader, ReadsUntilTheEndWithoutALength) {
  EXPECT_EQ(read(with_headers("", "abc")).state, State::need_more);
  const Outcome outcome = read_closed(with_headers("", "abc"));
  ASSERT_EQ(outcome.state, State::complete);
  EXPECT_EQ(outcome.response.body, "abc");
  EXPECT_FALSE(outcome.response.keep_alive);
}

TEST(ResponseReader, KnowsResponsesWithoutABody) {
  EXPECT_EQ(read("HTTP/1.1 204 \r\n\r\n").state, State::complete);
  EXPECT_EQ(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").state, State::complete);
  EXPECT_EQ(read(with_headers("Content-Length: 0\r\n")).state, State::complete);
  Limits to_head;
  to_head.to_head = true;
  EXPECT_EQ(read(with_headers("Content-Length: 5\r\n"), to_head).state, State::complete);
}

TEST(ResponseReader, SkipsInterimResponses) {
  const Outcome outcome = read("HTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" +
                               with_headers("Content-Length: 0\r\n"));
  ASSERT_EQ(outcome.state, State::complete);
  EXPECT_EQ(outcome.response.status, 200);
  EXPECT_EQ(outcome.response.headers.size(), 1U);

  std::string many;
  for (int i = 0; i < 17; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
  expect_fault(many, "interim");
  expect_fault("HTTP/1.1 101 Switching Protocols\r\n\r\n", "101");
}

TEST(ResponseReader, DerivesKeepAlive) {
  const auto keeps = [](std::string_view version, std::string_view headers) {
    return read(std::string(version).append(" 200 OK\r\nContent-Length: 0\r\n").append(headers).append("\r\n"))
        .response.keep_alive;
  };
  EXPECT_TRUE(keeps("HTTP/1.1", ""));
  EXPECT_FALSE(keeps("HTTP/1.1", "Connection: Close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1", "connection: x, close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1", "Connection: x\r\nConnection: close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0", ""));
  EXPECT_TRUE(keeps("HTTP/1.0", "Connection: Keep-Alive\r\n"));
}

TEST(ResponseReader, NamesFaultsOfTheStatusLine) {
  expect_fault("SSH-2.0-OpenSSH", "byte 0: the status line does not start with HTTP/");
  expect_fault("HTTQ", "byte 3");
  expect_fault("\r\nHTTP/1.1 200 OK\r\n", "byte 0");
  expect_fault("HTTP/x.1 200 OK\r\n", "no HTTP version");
  expect_fault("HTTP/2.0 200 OK\r\n", "not 1.x");
  expect_fault("HTTP/1.1 20 OK\r\n", "three digits");
  expect_fault("HTTP/1.1 2000 OK\r\n", "three digits");
  expect_fault("HTTP/1.1  200 OK\r\n", "three digits");
  expect_fault("HTTP/1.1 200\r\n", "no space after");
  expect_fault("HTTP/1.1 600 X\r\n", "100 to 599");
  expect_fault("HTTP/1.1 099 X\r\n", "100 to 599");
  expect_fault("HTTP/1.1 200 a\x01z\r\n", "byte 14: a control character in the reason phrase");
}

TEST(ResponseReader, NamesFaultsOfLines) {
  expect_fault("HTTP/1.1 200 OK\n", "byte 15: a line ends in LF without CR");
  expect_fault(with_headers("A: 1\n"), "LF without CR");
  expect_fault("HTTP/1.1 200 OK\r\n\n", "LF without CR");
  expect_fault(with_headers("A: 1\rB: 2\r\n"), "byte 21: CR without LF");
  expect_fault(with_headers("A: 1\r\n b\r\n"), "folding");
  expect_fault(with_headers("A : 1\r\n"), "byte 18: white space before the colon");
  expect_fault(with_headers("A B: 1\r\n"), "must not");
  expect_fault(with_headers("A\r\n"), "no colon");
  expect_fault(with_headers(": 1\r\n"), "no name");
  expect_fault(with_headers(std::string_view("A: \0\r\n", 6)), "control character in a header value");
  expect_fault(with_headers("A: \x7f\r\n"), "control character in a header value");
  expect_fault(with_headers("A\x01: 1\r\n"), "control character in a header name");
}

TEST(ResponseReader, NamesFaultsOfTheFraming) {
  expect_fault(with_headers("Content-Length: 1\r\nContent-Length: 2\r\n"), "that differ");
  expect_fault(with_headers("Content-Length: 1\r\ncontent-length: 1\r\n"), "two Content-Length headers");
  expect_fault(with_headers("Content-Length: 1, 1\r\n"), "not a number");
  expect_fault(with_headers("Content-Length: abc\r\n"), "not a number");
  expect_fault(with_headers("Content-Length: +1\r\n"), "not a number");
  expect_fault(with_headers("Content-Length: -1\r\n"), "not a number");
  expect_fault(with_headers("Content-Length:\r\n"), "not a number");
  expect_fault(with_headers("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), "both");
  expect_fault(with_headers("Transfer-Encoding: gzip, chunked\r\n"), "other than chunked");
  expect_fault(with_headers("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "two Transfer-Encoding");
  expect_fault("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0");
}

TEST(ResponseReader, NamesFaultsOfChunks) {
  const auto chunked = [](std::string_view body) { return with_headers("Transfer-Encoding: chunked\r\n", body); };
  expect_fault(chunked("x\r\n"), "not a hexadecimal number");
  expect_fault(chunked("\r\n"), "not a hexadecimal number");
  expect_fault(chunked("0x1\r\n"), "not a hexadecimal number");
  expect_fault(chunked("-1\r\n"), "not a hexadecimal number");
  expect_fault(chunked("1 \r\n"), "not a hexadecimal number");
  expect_fault(chunked("1\nA"), "LF without CR");
  expect_fault(chunked("1\r\nAB\r\n"), "no CR LF after the data");
  expect_fault(chunked("1\r\nA\n"), "no CR LF after the data");
  expect_fault(chunked("1\r\nA0\r\n\r\n"), "no CR LF after the data");
  expect_fault(chunked("1;\x01\r\n"), "extension");
  expect_fault(chunked("0\r\nbad trailer\r\n\r\n"), "must not");
}

TEST(ResponseReader, CountsTheBytesAfterTheBody) {
  expect_fault(with_headers("Content-Length: 1\r\n", "abc"), "2 bytes after the body");
  expect_fault("HTTP/1.1 204 \r\n\r\nx", "1 byte after the body");
  expect_fault(with_headers("Transfer-Encoding: chunked\r\n", "0\r\n\r\n\r\n"), "2 bytes after the body");
  ResponseReader reader({});
  reader.feed(with_headers("Content-Length: 1\r\n", "abc"));
  EXPECT_EQ(reader.leftover(), 2U);
}

TEST(ResponseReader, TellsWhereTheConnectionEnded) {
  const auto closed = [](std::string_view bytes) {
    const Outcome outcome = read_closed(bytes);
    EXPECT_EQ(outcome.failure, TransportFailure::closed);
    return outcome.detail;
  };
  EXPECT_THAT(closed(""), HasSubstr("before any byte"));
  EXPECT_THAT(closed("HTTP/1.1 200 OK\r\nA:"), HasSubstr("in the header section"));
  EXPECT_THAT(closed(with_headers("Content-Length: 10\r\n", "abc")), HasSubstr("after 3 of 10 bytes"));
  EXPECT_THAT(closed(with_headers("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n")), HasSubstr("chunked body"));
  EXPECT_THAT(closed(with_headers("Transfer-Encoding: chunked\r\n", "0\r\n")), HasSubstr("chunked body"));
  EXPECT_EQ(read_closed(with_headers("Content-Length: 1\r\n", "a")).state, State::complete);
}

TEST(ResponseReader, HoldsItsLimits) {
  Limits limits;
  limits.max_header_bytes = 40;
  limits.max_body_bytes = 10;
  const auto too_large = [&](std::string_view bytes) {
    const Outcome outcome = read(bytes, limits);
    EXPECT_EQ(outcome.failure, TransportFailure::too_large) << bytes;
    return outcome.detail;
  };
  EXPECT_EQ(read(with_headers("Content-Length: 10\r\n", "0123456789"), limits).state, State::complete);
  EXPECT_THAT(too_large(with_headers("Content-Length: 10\r\nA: 1\r\n")), HasSubstr("40 bytes"));
  EXPECT_THAT(too_large("HTTP/1.1 200 " + std::string(100, 'x')), HasSubstr("byte 40"));
  EXPECT_THAT(too_large(with_headers("Content-Length: 11\r\n")), HasSubstr("cap of 10"));
  EXPECT_THAT(too_large(with_headers("", "0123456789a")), HasSubstr("cap of 10"));
  Limits roomy = limits;
  roomy.max_header_bytes = 1000;
  for (const char* body : {"a\r\n", "1\r\na\r\n1\r\nb\r\n", "ffffffffffffffffffff\r\n"})
    EXPECT_EQ(read(with_headers("Transfer-Encoding: chunked\r\n", body), roomy).failure, TransportFailure::too_large);
  EXPECT_EQ(read(with_headers("Content-Length: 99999999999999999999999\r\n"), roomy).failure,
            TransportFailure::too_large);
}

}  // namespace
}  // namespace conformance::wire::response_reader_test
