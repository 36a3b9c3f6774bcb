// The whole program over TLS: what is asked byte by byte is asked there too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "fixtures/reference/reference_endpoint.h"
#include "fixtures/testing/process.h"
#include "fixtures/testing/self_signed.h"
#include "fixtures/testing/temporary_folder.h"

namespace conformance::cli::tls_test {
namespace {

using testing::HasSubstr;
using testing_support::Process;

class OverTls : public testing::Test {
 protected:
  [[nodiscard]] Process::Ended run_against(const reference::Options& options) const {
    const reference::ReferenceEndpoint endpoint(options);
    Process process(
        {PROGRAM_PATH, "run", "--endpoint", endpoint.url(), "--ca-bundle", identity_.certificate(), "--seed", "1",
         "--progress", "none", "--filter", "http.*", "--filter", "route.*", "--filter", "dialect.*"},
        {});
    return process.wait();
  }

  [[nodiscard]] reference::Options encrypted() const {
    reference::Options options;
    options.tls_certificate = identity_.certificate();
    options.tls_key = identity_.key();
    return options;
  }

 private:
  const testing_support::TemporaryFolder folder_;
  const testing_support::SelfSigned identity_{folder_.file("identity")};
};

TEST_F(OverTls, FramingRoutingAndDialectsHoldOfTheReferenceEndpoint) {
  const Process::Ended ended = run_against(encrypted());
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr(" 0 failed, 0 known, 0 inconclusive, 0 skipped, 0 errors"));
}

TEST_F(OverTls, ADeviationOfTheWireIsFound) {
  reference::Options options = encrypted();
  options.deviations = {"chunked-not-read"};
  const Process::Ended ended = run_against(options);
  EXPECT_EQ(ended.status, 1) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("FAIL http.chunked.read"));
}

}  // namespace
}  // namespace conformance::cli::tls_test
