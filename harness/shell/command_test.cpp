#include "harness/shell/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace conformance::shell::command_test {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;

TEST(Command, GivesWhatItPrintsEachStreamApart) {
  const Ran ran = run("printf out; printf err >&2", {});
  EXPECT_EQ(ran.fault, "");
  EXPECT_EQ(ran.out, "out");
  EXPECT_EQ(ran.err, "err");
}

TEST(Command, ThatFailsSaysHow) {
  const Ran failed = run("echo half; echo because >&2; exit 3", {});
  EXPECT_EQ(failed.fault, "it ended with status 3");
  EXPECT_EQ(failed.err, "because\n");
  EXPECT_EQ(run("kill -TERM $$", {}).fault, "it was ended by signal 15");
  EXPECT_EQ(run("no-such-command-anywhere", {}).fault, "it ended with status 127");
}

TEST(Command, ThatDoesNotEndIsKilledWithAllThatItStarted) {
  const Ran ran = run("sleep 600 & sleep 600", {.deadline = milliseconds(200)});
  EXPECT_EQ(ran.fault, "it did not end in 0.2 s");
}

TEST(Command, IsOverWhenItEndsWhateverHoldsItsPipes) {
  EXPECT_EQ(run("sleep 1 & echo done", {.deadline = milliseconds(60000)}).out, "done\n");
}

TEST(Command, ThatPrintsTooMuchIsEndedAtOnceAndKeptWithinBounds) {
  const Ran ran = run("yes", {.deadline = std::chrono::hours(1), .most_output = 1000});
  EXPECT_EQ(ran.fault, "it printed more than 1000 bytes");
  EXPECT_GT(ran.out.size(), 1000U);
  EXPECT_LT(ran.out.size(), 10000U);
}

TEST(Command, HasNoTerminalAndNothingToRead) {
  EXPECT_THAT(run("cat", {}).out, IsEmpty());
  EXPECT_NE(run("true </dev/tty", {}).fault, "");
}

}  // namespace
}  // namespace conformance::shell::command_test
