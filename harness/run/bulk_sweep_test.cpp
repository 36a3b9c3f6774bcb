#include "harness/run/bulk_sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fixtures/scripted/scripted_server.h"

namespace conformance::bulk_sweep_test {
namespace {

using testing::Each;

constexpr std::size_t stretch = BulkSweep::stretch;
const std::string control = "a valid request";

std::string answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " -\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

const std::string good = answer(200, R"({"Id":"a"})"),
                  refused = answer(400, R"({"__type":"ValidationException","message":"no"})"),
                  otherwise = answer(400, R"({"__type":"InternalServiceException","message":"no"})");

wire::Outgoing request(const std::string& body) {
  wire::Request request;
  request.body = body;
  return wire::Outgoing(wire::serialise(request));
}

// Asks a sweep of points whose bodies are their numbers. A script says what is answered to the nth control, or hangs up
// by an empty text; points are refused, as they should be.
class BulkSweepTest : public testing::Test {
 protected:
  using Script = std::function<std::string(int nth)>;

  std::vector<bool> ask(std::size_t count, const Script& answer_control, SendLimits limits = {},
                        const std::string& of_points = refused) {
    const scripted::Server server([&](scripted::Peer& peer) {
      for (std::string body; peer.read_request(body);) {
        const std::string bytes = body == control ? answer_control(controls_++) : of_points;
        points_ += body == control ? 0 : 1;
        if (bytes.empty()) return;
        peer.send(bytes);
      }
    });
    wire::Client client(wire::parse_url(server.url()), {.connections = 2});
    Sender sender(client, table_, limits, real_time([] { return false; }));
    const Case test = sweep();
    BulkSweep bulk(
        test, [](std::string& to, const std::string& body) { to += request(body).bytes; }, sender, table_, gathering_,
        [&](const std::string& body) {
          ++by_itself_;
          return sender.exchange(request(body), 65536);
        });
    bulk.learn(judged());
    std::vector<char32_t> points(count);
    std::iota(points.begin(), points.end(), U'\0');
    std::vector<bool> passed = bulk.ask(points);
    worth_it_ = bulk.is_worth_it();
    requests_ = sender.requests();
    return passed;
  }

  static std::vector<bool> part(const std::vector<bool>& all, std::size_t number) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(number * stretch);
    return {begin, begin + std::min<std::ptrdiff_t>(stretch, all.end() - begin)};
  }

  std::atomic<int> controls_{0}, points_{0};
  int by_itself_ = 0;
  bool worth_it_ = false;
  std::size_t requests_ = 0;

 private:
  static Case sweep() {
    Case c;
    c.control_body = control;
    auto sweep = std::make_shared<Sweep>();
    sweep->body = [](char32_t point, std::string& to) { to += std::to_string(static_cast<std::uint32_t>(point)); };
    c.sweep = std::move(sweep);
    return c;
  }

  static CaseResult judged() {
    CaseResult result;
    result.judgement.verdict = Verdict::pass;
    result.stimulus.emplace();
    result.stimulus->received = refused;
    return result;
  }

  const spec::SpecTable& table_ = spec::builtin_table();
  Gathering gathering_{table_};
};

TEST_F(BulkSweepTest, AsksEachPointOnceAndAControlForEachStretch) {
  for (const std::size_t count : {std::size_t{1}, stretch, 2 * stretch + 100}) {
    controls_ = points_ = 0;
    const std::vector<bool> passed = ask(count, [](int) { return good; });
    EXPECT_EQ(passed.size(), count);
    EXPECT_THAT(passed, Each(true));
    EXPECT_EQ(static_cast<std::size_t>(points_), count);
    EXPECT_EQ(static_cast<std::size_t>(controls_), (count + stretch - 1) / stretch);
    EXPECT_EQ(by_itself_, 0);
    EXPECT_TRUE(worth_it_);
  }
}

TEST_F(BulkSweepTest, PassesNothingOfAStretchWhoseControlIsRefused) {
  const std::vector<bool> passed = ask(3 * stretch, [](int nth) { return nth == 1 ? refused : good; });
  EXPECT_THAT(part(passed, 0), Each(true));
  EXPECT_THAT(part(passed, 1), Each(false));
  EXPECT_FALSE(worth_it_);
  EXPECT_LT(static_cast<std::size_t>(points_), 3 * stretch);  // nothing more is sent
}

TEST_F(BulkSweepTest, AsksAControlByItselfThatGetsNoAnswerAmongOthers) {
  const std::vector<bool> passed = ask(2 * stretch, [](int nth) { return nth == 0 ? "" : good; });
  EXPECT_GT(2 * std::count(passed.begin(), passed.end(), true), static_cast<std::ptrdiff_t>(3 * stretch));
  EXPECT_EQ(by_itself_, 1);
  EXPECT_TRUE(worth_it_);
}

TEST_F(BulkSweepTest, PassesNothingWhereAControlByItselfIsRefused) {
  const std::vector<bool> passed = ask(1000, [](int nth) { return nth == 0 ? "" : refused; });
  EXPECT_THAT(passed, Each(false));
  EXPECT_FALSE(worth_it_);
}

TEST_F(BulkSweepTest, EndsWhereMostIsAnsweredOtherwise) {
  const std::vector<bool> passed = ask(
      3 * stretch, [](int) { return good; }, {}, otherwise);
  EXPECT_THAT(passed, Each(false));
  EXPECT_FALSE(worth_it_);
  EXPECT_LT(static_cast<std::size_t>(points_), 2 * stretch);
}

TEST_F(BulkSweepTest, TrustsNothingWhereMoreCameThanWasAsked) {
  const std::vector<bool> passed = ask(1000, [](int) { return good + good; });
  EXPECT_THAT(passed, Each(false));
  EXPECT_FALSE(worth_it_);
}

TEST_F(BulkSweepTest, AsksNoMoreThanMayBeSent) {
  const std::vector<bool> passed = ask(3 * stretch, [](int) { return good; }, {.max_requests = stretch + 10});
  EXPECT_EQ(passed.size(), stretch + 8);  // and a control each of the two stretches
  EXPECT_THAT(passed, Each(true));
  EXPECT_EQ(requests_, stretch + 10);
}

TEST_F(BulkSweepTest, AsksNothingWhereNothingMayBeSent) {
  EXPECT_TRUE(ask(10, [](int) { return good; }, {.max_requests = 1}).empty());
  EXPECT_FALSE(worth_it_);
  EXPECT_EQ(requests_, 0U);
}

}  // namespace
}  // namespace conformance::bulk_sweep_test
