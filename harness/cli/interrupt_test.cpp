#include "harness/cli/interrupt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <future>
#include <thread>

namespace conformance::cli::interrupt_test {
namespace {

// To the process, as a terminal or a CI runner sends it: whichever thread takes it.
void send(int signal) { ASSERT_EQ(::kill(::getpid(), signal), 0); }

// The first signal has been taken: an action that is given now runs.
void wait_for_the_signal(InterruptGuard& guard) {
  std::promise<void> seen;
  guard.on_interrupt([&seen] { seen.set_value(); });
  seen.get_future().wait();
  guard.on_interrupt({});
}

bool is_blocked(int signal) {
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  return sigismember(&blocked, signal) == 1;
}

class InterruptSignal : public testing::TestWithParam<int> {};

TEST_P(InterruptSignal, RunsTheActionOnAThreadOfItsOwn) {
  std::promise<std::thread::id> where;  // outlives the guard, whose thread may still be in it
  InterruptGuard guard;
  guard.on_interrupt([&where] { where.set_value(std::this_thread::get_id()); });
  send(GetParam());
  EXPECT_NE(where.get_future().get(), std::this_thread::get_id());
}

TEST_P(InterruptSignal, IsBlockedWhileAGuardLives) {
  ASSERT_FALSE(is_blocked(GetParam()));
  {
    const InterruptGuard guard;
    EXPECT_TRUE(is_blocked(GetParam()));
    bool in_thread = false;
    std::thread([&in_thread] { in_thread = is_blocked(GetParam()); }).join();
    EXPECT_TRUE(in_thread);
  }
  EXPECT_FALSE(is_blocked(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Both, InterruptSignal, testing::Values(SIGINT, SIGTERM),
                         [](const auto& tested) { return tested.param == SIGINT ? "Int" : "Term"; });

TEST(InterruptGuard, RunsAnActionAtOnceThatComesAfterTheSignal) {
  InterruptGuard guard;
  send(SIGINT);
  wait_for_the_signal(guard);
  std::thread::id where;
  guard.on_interrupt([&where] { where = std::this_thread::get_id(); });
  EXPECT_EQ(where, std::this_thread::get_id());
}

TEST(InterruptGuard, RunsNoActionThatWasTakenBack) {
  InterruptGuard guard;
  std::atomic<bool> ran = false;
  guard.on_interrupt([&ran] { ran = true; });
  guard.on_interrupt({});
  send(SIGINT);
  wait_for_the_signal(guard);
  EXPECT_FALSE(ran);
}

TEST(InterruptGuard, RunsOnlyTheLastAction) {
  InterruptGuard guard;
  std::atomic<bool> first_ran = false;
  std::promise<void> second_ran;
  guard.on_interrupt([&first_ran] { first_ran = true; });
  guard.on_interrupt([&second_ran] { second_ran.set_value(); });
  send(SIGTERM);
  second_ran.get_future().wait();
  guard.on_interrupt({});
  EXPECT_FALSE(first_ran);
}

TEST(InterruptGuard, StartsAnewAfterAnother) {
  for (int i = 0; i < 2; ++i) {
    InterruptGuard guard;
    std::atomic<int> times = 0;
    std::promise<void> ran;
    guard.on_interrupt([&] {
      if (++times == 1) ran.set_value();
    });
    EXPECT_EQ(times, 0) << "the signal of the guard before is its own";
    send(SIGINT);
    ran.get_future().wait();
    guard.on_interrupt({});
    EXPECT_EQ(times, 1);
  }
}

// A test's process ends here, so each runs in a new one.
class InterruptDeathTest : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

[[noreturn]] void wait_for_the_end() {
  for (;;) ::pause();
}

TEST_F(InterruptDeathTest, ASecondSignalEndsTheProcessAtOnce) {
  EXPECT_EXIT(
      {
        InterruptGuard guard;
        guard.say_at_the_end("what to do now");
        send(SIGINT);
        wait_for_the_signal(guard);
        send(SIGTERM);
        wait_for_the_end();
      },
      testing::ExitedWithCode(130), "what to do now");
}

TEST_F(InterruptDeathTest, ASignalAfterTheGuardKillsAsUsual) {
  EXPECT_EXIT(
      {
        { const InterruptGuard guard; }
        send(SIGTERM);
        wait_for_the_end();
      },
      testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace conformance::cli::interrupt_test
