#include "harness/run/revival.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <utility>

namespace conformance::revival_test {
namespace {

using std::chrono::milliseconds;
using wire::TransportFailure;

// An endpoint that ends questions in this way, the last of them for ever.
class Endpoint {
 public:
  explicit Endpoint(std::deque<TransportFailure> ends) : ends_(std::move(ends)) {}

  [[nodiscard]] Revival revival(RevivalOptions options = {.pause = milliseconds(0)}) {
    return {[this] {
              ++asked;
              wire::Exchange exchange;
              exchange.failure = ends_.front();
              if (exchange.failure == TransportFailure::none || half) exchange.received = "HTTP/1.1 ";
              if (ends_.size() > 1) ends_.pop_front();
              return exchange;
            },
            [this] { return interrupted; }, options};
  }

  int asked = 0;
  bool interrupted = false;
  bool half = false;  // it answers with something

 private:
  std::deque<TransportFailure> ends_;
};

TEST(Revival, FindsOneThatAnswersAtOnceThere) {
  Endpoint endpoint({TransportFailure::none});
  EXPECT_EQ(endpoint.revival().look(), Life::there);
  EXPECT_EQ(endpoint.asked, 1);
}

TEST(Revival, TakesAnythingThatEndsForASignOfLife) {
  using enum TransportFailure;
  for (const auto& [end, life] : {std::pair(malformed, Life::there), std::pair(closed, Life::there),
                                  std::pair(timeout, Life::gone), std::pair(too_large, Life::gone)}) {
    Endpoint endpoint({end});
    endpoint.half = true;
    EXPECT_EQ(endpoint.revival().look(), life);
  }
}

TEST(Revival, WaitsForOneThatCannotBeConnectedToOrHangsUp) {
  Endpoint endpoint(
      {TransportFailure::connect, TransportFailure::closed, TransportFailure::connect, TransportFailure::none});
  EXPECT_EQ(endpoint.revival().look(), Life::back);
  EXPECT_EQ(endpoint.asked, 4);
}

TEST(Revival, AsksOneThatIsSilentOnlyOnce) {
  Endpoint endpoint({TransportFailure::timeout});
  EXPECT_EQ(endpoint.revival().look(), Life::gone);
  EXPECT_EQ(endpoint.asked, 1);
}

TEST(Revival, CallsOneGoneThatStaysAway) {
  Endpoint endpoint({TransportFailure::connect});
  EXPECT_EQ(endpoint.revival({.patience = milliseconds(5), .pause = milliseconds(1)}).look(), Life::gone);
  EXPECT_GT(endpoint.asked, 1);
}

TEST(Revival, BoundsOutagesInARow) {
  Endpoint endpoint({TransportFailure::connect, TransportFailure::none, TransportFailure::connect,
                     TransportFailure::none, TransportFailure::none});
  Revival revival = endpoint.revival({.pause = milliseconds(0), .most_silences = 0, .most_outages = 2});
  EXPECT_EQ(revival.look_after_outage(), Life::back);
  EXPECT_EQ(revival.look_after_outage(), Life::back);
  EXPECT_EQ(revival.look_after_outage(), Life::gone);
  EXPECT_EQ(revival.look(), Life::there);
  revival.progress();
  EXPECT_EQ(revival.look_after_outage(), Life::there);
}

TEST(Revival, BoundsSilencesInAll) {
  Endpoint endpoint({TransportFailure::none});
  Revival revival = endpoint.revival({.most_silences = 2, .most_outages = 0});
  EXPECT_EQ(revival.look_after_silence(), Life::there);
  revival.progress();
  EXPECT_EQ(revival.look_after_silence(), Life::there);
  EXPECT_EQ(revival.look_after_silence(), Life::gone);
  EXPECT_EQ(endpoint.asked, 2);
}

TEST(Revival, EndsWithTheRun) {
  Endpoint endpoint({TransportFailure::connect});
  endpoint.interrupted = true;
  EXPECT_EQ(endpoint.revival().look(), Life::gone);
  EXPECT_EQ(endpoint.asked, 0);
}

}  // namespace
}  // namespace conformance::revival_test
