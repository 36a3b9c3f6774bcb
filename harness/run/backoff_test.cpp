#include "harness/run/backoff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace conformance::backoff_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;
using testing::ElementsAre;

const system_clock::time_point now = system_clock::from_time_t(784111777);  // Sun, 06 Nov 1994 08:49:37 GMT

// Time that passes by being told so.
struct Fake {
  std::vector<milliseconds> slept;
  double draw = 0.5;
  bool stopped = false;

  BackoffTime time() {
    return {[] { return now; },
            [this](milliseconds pause) {
              slept.push_back(pause);
              return !stopped;
            },
            [this] { return draw; }};
  }
};

TEST(RetryAfter, IsSecondsOrADate) {
  EXPECT_EQ(parse_retry_after("0", now), seconds(0));
  EXPECT_EQ(parse_retry_after("120", now), seconds(120));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now), seconds(10));
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:49:47 GMT", now), seconds(10));
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:49:47 1994", now), seconds(10));
}

TEST(RetryAfter, OfADateThatHasPassedIsNow) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), seconds(0));
}

TEST(RetryAfter, OfMoreThanCanBeCountedIsLong) {
  for (const char* value : {"99999999999", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
    EXPECT_GE(parse_retry_after(value, now), seconds(86400)) << value;
}

TEST(RetryAfter, OfAnythingElseSaysNothing) {
  for (const char* value : {"", "-1", "1.5", "soon", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:47 GMT x", "0x10"})
    EXPECT_EQ(parse_retry_after(value, now), std::nullopt) << value;
}

TEST(Backoff, WaitsTwiceAsLongEachTimeUpToTheLongest) {
  Fake fake;
  fake.draw = 0.999;
  Backoff backoff({.patience = seconds(100), .first = milliseconds(1000), .longest = milliseconds(4000), .tries = 5},
                  fake.time());
  Backoff::Wait wait;
  while (backoff.wait(wait, std::nullopt)) continue;
  EXPECT_THAT(fake.slept, ElementsAre(milliseconds(999), milliseconds(1998), milliseconds(3996), milliseconds(3996),
                                      milliseconds(3996)));
}

TEST(Backoff, DrawsEachWaitByLotFromNothingOn) {
  Fake fake;
  Backoff backoff({.first = milliseconds(1000)}, fake.time());
  Backoff::Wait wait;
  for (const double draw : {0.0, 0.25, 0.9}) {
    fake.draw = draw;
    ASSERT_TRUE(backoff.wait(wait, std::nullopt));
  }
  EXPECT_THAT(fake.slept, ElementsAre(milliseconds(1), milliseconds(500), milliseconds(3600)));
}

TEST(Backoff, WaitsNoLongerInAllThanItsPatience) {
  Fake fake;
  fake.draw = 0.999;
  Backoff backoff({.patience = seconds(5), .first = milliseconds(2000)}, fake.time());
  Backoff::Wait wait;
  while (backoff.wait(wait, std::nullopt)) continue;
  milliseconds all{0};
  for (const milliseconds pause : fake.slept) all += pause;
  EXPECT_EQ(all, seconds(5));
}

TEST(Backoff, BelievesRetryAfterAndComesALittleLater) {
  Fake fake;
  Backoff backoff({.patience = seconds(30), .first = milliseconds(200)}, fake.time());
  Backoff::Wait wait;
  ASSERT_TRUE(backoff.wait(wait, seconds(7)));
  EXPECT_THAT(fake.slept, ElementsAre(milliseconds(7100)));
}

TEST(Backoff, BelievesRetryAfterNoFurtherThanItsPatience) {
  Fake fake;
  Backoff backoff({.patience = seconds(30)}, fake.time());
  Backoff::Wait wait;
  EXPECT_TRUE(backoff.wait(wait, std::chrono::hours(1)));
  EXPECT_FALSE(backoff.wait(wait, std::chrono::hours(1)));
  EXPECT_THAT(fake.slept, ElementsAre(seconds(30)));
}

TEST(Backoff, WithoutPatienceWaitsForNothing) {
  Fake fake;
  Backoff backoff({.patience = milliseconds(0)}, fake.time());
  Backoff::Wait wait;
  EXPECT_FALSE(backoff.wait(wait, seconds(1)));
  EXPECT_THAT(fake.slept, testing::IsEmpty());
}

TEST(Backoff, BeginsAnewWhereSomethingWasAnswered) {
  Fake fake;
  Backoff backoff({.patience = milliseconds(10), .first = milliseconds(100)}, fake.time());
  Backoff::Wait wait;
  ASSERT_TRUE(backoff.wait(wait, std::nullopt));
  ASSERT_FALSE(backoff.wait(wait, std::nullopt));
  Backoff::progress(wait);
  EXPECT_TRUE(backoff.wait(wait, std::nullopt));
}

TEST(Backoff, SpendsLessAndLessOnWhatIsInVainAndNeverNothing) {
  Fake fake;
  Backoff backoff({.patience = seconds(30), .first = milliseconds(250)}, fake.time());
  backoff.in_vain();
  EXPECT_EQ(backoff.patience(), seconds(15));
  for (int i = 0; i < 20; ++i) backoff.in_vain();
  EXPECT_EQ(backoff.patience(), milliseconds(250));
  backoff.helped();
  EXPECT_EQ(backoff.patience(), milliseconds(500));
  for (int i = 0; i < 20; ++i) backoff.helped();
  EXPECT_EQ(backoff.patience(), seconds(30));
}

TEST(Backoff, StopsWhenNothingMoreIsToBeSent) {
  Fake fake;
  fake.stopped = true;
  Backoff backoff({}, fake.time());
  Backoff::Wait wait;
  EXPECT_FALSE(backoff.wait(wait, std::nullopt));
}

TEST(RealTime, IsCutShortByAnInterrupt) {
  const BackoffTime time = real_time([] { return true; });
  EXPECT_FALSE(time.sleep(std::chrono::hours(1)));
  EXPECT_GE(time.random(), 0);
  EXPECT_LT(time.random(), 1);
}

}  // namespace
}  // namespace conformance::backoff_test
