#include "harness/wire/signed_series.h"

#include <gtest/gtest.h>

namespace conformance::wire {
namespace {

Request request_with(std::string body) {
  Request request;
  request.target = "/a?b=c";
  request.headers = {{"Host", "localhost:5000"},
                     {"X-Amz-Target", "AWSGlue.DeleteSession"},
                     {"Content-Type", "application/x-amz-json-1.1"},
                     {"User-Agent", "glue-conformance"}};
  request.body = std::move(body);
  return request;
}

// In the same second as `series` did.
std::string one_by_one(const Signer& signer, SignedSeries& series, const std::string& body, std::string& in_series) {
  for (;;) {
    Request before = request_with(body), after = before;
    signer.sign(before);
    in_series.clear();
    series.append(in_series, body);
    signer.sign(after);
    if (before.headers == after.headers) return serialise(after);
  }
}

TEST(SignedSeries, SignsAsOneRequestAfterAnotherWouldBe) {
  for (const char* token : {"", "a-token"}) {
    const Signer signer({.access_key = "AKID", .secret_key = "secret", .session_token = token}, "us-east-1", "glue");
    SignedSeries series(request_with(""), signer);
    for (const std::string body : {"", "0", "{\"Id\":\"a\"}", "Content-Length: 0"}) {
      std::string in_series;
      EXPECT_EQ(one_by_one(signer, series, body, in_series), in_series);
    }
  }
}

TEST(SignedSeries, GoesByTheClockThatWasCorrected) {
  const Signer signer({.access_key = "AKID", .secret_key = "secret", .session_token = ""}, "us-east-1", "glue");
  SignedSeries series(request_with(""), signer);
  std::string first, second;
  series.append(first, "{}");
  signer.correct_clock(std::chrono::hours(30));
  EXPECT_EQ(one_by_one(signer, series, "{}", second), second);
  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace conformance::wire
