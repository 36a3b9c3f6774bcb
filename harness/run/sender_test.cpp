#include "harness/run/sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "fixtures/scripted/scripted_server.h"

namespace conformance::sender_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

std::string answer(int status, const std::string& headers = "", const std::string& body = "{}") {
  return "HTTP/1.1 " + std::to_string(status) + " -\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string request(std::string body) {
  wire::Request request;
  request.body = std::move(body);
  return wire::serialise(request);
}

const std::string too_many = answer(429), unavailable = answer(503, "", "<html>"),
                  exception = answer(400, "", R"({"__type":"ThrottlingException","message":"Rate exceeded"})");

// Answers the nth request of each body by `script(body, n)`.
class Endpoint {
 public:
  using Script = std::function<std::string(const std::string& body, int nth)>;
  explicit Endpoint(Script script)
      : script_(std::move(script)), server_([this](scripted::Peer& peer) { serve(peer); }) {}

  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] std::size_t asked() {
    const std::lock_guard lock(mutex_);
    return order_.size();
  }
  std::vector<std::string> order() {
    const std::lock_guard lock(mutex_);
    return order_;
  }

 private:
  void serve(scripted::Peer& peer) {
    for (std::string body; peer.read_request(body);) {
      int nth = 0;
      {
        const std::lock_guard lock(mutex_);
        nth = ++counts_[body];
        order_.push_back(body);
      }
      peer.send(script_(body, nth));
    }
  }

  Script script_;
  std::mutex mutex_;
  std::map<std::string, int> counts_;
  std::vector<std::string> order_;
  scripted::Server server_;  // last: its threads use the rest
};

class SenderTest : public testing::Test {
 protected:
  // What came of each body, in words.
  std::vector<std::string> send(Endpoint& endpoint, const std::vector<std::string>& bodies, SendLimits limits = {}) {
    wire::Client client(wire::parse_url(endpoint.url()), {.connections = 4});
    Sender sender(client, spec::builtin_table(), limits, time());
    std::vector<std::string> came(bodies.size());
    befores_.assign(bodies.size(), "");
    sender.exchange_all(
        bodies.size(), [&](std::size_t i) { return request(bodies[i]); },
        [&](std::size_t i, const wire::Exchange& exchange, const std::string& before) {
          EXPECT_EQ(came[i], "") << "done more than once";
          came[i] = exchange.response ? std::to_string(exchange.response->status)
                                      : std::string(wire::name_of(exchange.failure)) + ": " + exchange.detail;
          befores_[i] = before;
        });
    requests_ = sender.requests();
    refused_ = sender.refused();
    patience_ = sender.backoff().patience();
    return came;
  }

  BackoffTime time() {
    return {[] { return std::chrono::system_clock::from_time_t(784111777); },
            [this](milliseconds pause) {
              slept_.push_back(pause);
              return true;
            },
            [] { return 0.5; }};
  }

  std::vector<milliseconds> slept_;
  std::vector<std::string> befores_;
  std::size_t requests_ = 0, refused_ = 0;
  milliseconds patience_{0};
};

TEST_F(SenderTest, SendsWhatIsThrottledAgainUntilItIsAnswered) {
  // Wherever a type is read, and however its name is spelled.
  const std::string escaped = answer(400, "", R"({"__type":"Throttling\u0045xception"})");
  const std::string in_header = answer(400, "X-Amzn-ErrorType: ThrottlingException:http://x/\r\n");
  for (const std::string& refusal : {too_many, unavailable, exception, escaped, in_header}) {
    Endpoint endpoint([&](const std::string&, int nth) { return nth <= 3 ? refusal : answer(200); });
    EXPECT_THAT(send(endpoint, {"a"}), ElementsAre("200"));
    EXPECT_EQ(requests_, 4U);
    EXPECT_THAT(befores_.front(), testing::Not(IsEmpty()));
  }
  EXPECT_EQ(slept_.size(), 15U);
}

TEST_F(SenderTest, SendsNothingAgainThatIsAnswered) {
  Endpoint endpoint([](const std::string& body, int) { return answer(std::stoi(body)); });
  EXPECT_THAT(send(endpoint, {"200", "400", "404", "408", "500", "502", "504"}),
              ElementsAre("200", "400", "404", "408", "500", "502", "504"));
  EXPECT_EQ(endpoint.asked(), 7U);
  EXPECT_THAT(slept_, IsEmpty());
  EXPECT_THAT(befores_, testing::Each(""));
}

TEST_F(SenderTest, SendsWhatIsThrottledInOneBatchAfterTheRest) {
  Endpoint endpoint(
      [](const std::string& body, int nth) { return body == "rest" || nth > 1 ? answer(200) : too_many; });
  EXPECT_THAT(send(endpoint, {"a", "rest", "b", "rest"}), testing::Each("200"));
  const std::vector<std::string> order = endpoint.order();
  ASSERT_EQ(order.size(), 6U);
  EXPECT_THAT(std::vector<std::string>(order.begin() + 4, order.end()), testing::UnorderedElementsAre("a", "b"));
  EXPECT_EQ(slept_.size(), 1U);
}

TEST_F(SenderTest, HandsOverWhatIsThrottledWhenPatienceEnds) {
  Endpoint endpoint([](const std::string& body, int) { return body == "rest" ? answer(200) : unavailable; });
  EXPECT_THAT(send(endpoint, {"never", "rest"}, {.backoff = {.patience = seconds(30)}}), ElementsAre("503", "200"));
  milliseconds all{0};
  for (const milliseconds pause : slept_) all += pause;
  EXPECT_EQ(all, seconds(30));
  EXPECT_EQ(patience_, seconds(15)) << "the next call waits less";
}

TEST_F(SenderTest, WaitsAsLongAsItIsToldTo) {
  Endpoint endpoint([](const std::string& body, int nth) {
    if (nth > 1) return answer(200);
    return answer(429, "Retry-After: " + body + "\r\n");
  });
  EXPECT_THAT(send(endpoint, {"3", "Sun, 06 Nov 1994 08:49:44 GMT", "soon"}), testing::Each("200"));
  ASSERT_EQ(slept_.size(), 1U);
  EXPECT_GE(slept_.front(), seconds(7)) << "the longest that was asked for";
  EXPECT_LT(slept_.front(), seconds(8));
}

TEST_F(SenderTest, GoesOnWhereEachWaitHelpsSomeOfThem) {
  std::vector<std::string> many;
  for (int i = 0; i < 40; ++i) many.push_back(std::to_string(i));
  Endpoint endpoint([](const std::string& body, int nth) { return nth > std::stoi(body) ? answer(200) : too_many; });
  EXPECT_THAT(send(endpoint, many, {.backoff = {.patience = milliseconds(300), .first = milliseconds(250)}}),
              testing::Each("200"));
}

TEST_F(SenderTest, SendsNoMoreThanItsBound) {
  Endpoint endpoint([](const std::string&, int) { return answer(200); });
  EXPECT_THAT(send(endpoint, {"a", "b", "c", "d"}, {.max_requests = 2}),
              ElementsAre("200", "200", "given_up: does not fit into --max-requests 2",
                          "given_up: does not fit into --max-requests 2"));
  EXPECT_EQ(endpoint.asked(), 2U);
  EXPECT_EQ(requests_, 2U);
  EXPECT_EQ(refused_, 2U);
}

TEST_F(SenderTest, CountsWhatItSendsAgainAgainstItsBound) {
  Endpoint endpoint([](const std::string&, int) { return too_many; });
  EXPECT_THAT(send(endpoint, {"a"}, {.max_requests = 3}), ElementsAre("given_up: does not fit into --max-requests 3"));
  EXPECT_EQ(endpoint.asked(), 3U);
}

TEST_F(SenderTest, CleansUpWhateverItCosts) {
  Endpoint endpoint([](const std::string&, int) { return answer(200); });
  wire::Client client(wire::parse_url(endpoint.url()), {});
  Sender sender(client, spec::builtin_table(), {.max_requests = 1}, time());
  const auto ask = [&] { return sender.exchange(request("a"), 1000).response.has_value(); };
  EXPECT_TRUE(ask());
  EXPECT_FALSE(ask());
  {
    const Sender::Unbounded unbounded(sender);
    EXPECT_TRUE(ask());
  }
  EXPECT_FALSE(ask());
  EXPECT_EQ(sender.requests(), 2U) << "and counts it";
}

TEST_F(SenderTest, WaitsForASingleExchangeToo) {
  Endpoint endpoint([](const std::string&, int nth) { return nth <= 2 ? exception : answer(200); });
  wire::Client client(wire::parse_url(endpoint.url()), {});
  Sender sender(client, spec::builtin_table(), {}, time());
  const wire::Exchange exchange = sender.exchange(request("a"), 1000);
  ASSERT_TRUE(exchange.response);
  EXPECT_EQ(exchange.response->status, 200);
  EXPECT_EQ(sender.requests(), 3U);
}

TEST(IsThrottled, LooksAtEveryAnswerOfAConversation) {
  wire::Response response;
  response.status = 200;
  wire::Exchange exchange;
  exchange.response = response;
  EXPECT_FALSE(is_throttled(exchange, spec::builtin_table()));
  response.status = 429;
  exchange.earlier.push_back(response);
  EXPECT_TRUE(is_throttled(exchange, spec::builtin_table()));
}

}  // namespace
}  // namespace conformance::sender_test
