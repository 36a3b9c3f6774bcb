#include "harness/run/board.h"

#include <gtest/gtest.h>

#include <thread>

namespace conformance::board_test {
namespace {

CaseResult result_of(const std::string& id) {
  CaseResult result;
  result.test.id = id;
  return result;
}

TEST(Board, GivesWhoeverAsksTheirOwnResultWhateverTheOrder) {
  Board board;
  board.post(2, result_of("c"));
  board.post(1, result_of("b"));
  EXPECT_EQ(board.take(1)->test.id, "b");
  EXPECT_EQ(board.take(2)->test.id, "c");
}

TEST(Board, HasWhoeverAsksWaitUntilTheResultIsThere) {
  Board board;
  std::thread performer([&board] { board.post(7, result_of("late")); });
  EXPECT_EQ(board.take(7)->test.id, "late");
  performer.join();
}

TEST(Board, GivesNothingAfterItsEndButWhatIsThere) {
  Board board;
  board.post(0, result_of("a"));
  board.close("it is over");
  EXPECT_TRUE(board.take(0));
  EXPECT_FALSE(board.take(1));
  EXPECT_EQ(board.why(), "it is over");
}

TEST(Board, HasAPerformerWaitForReportsThatAreSlower) {
  Board board;
  std::thread performer([&board] {
    for (std::size_t i = 0; i < 5000; ++i) board.post(i, result_of(std::to_string(i)));
  });
  for (std::size_t i = 0; i < 5000; ++i) EXPECT_EQ(board.take(i)->test.id, std::to_string(i));
  performer.join();
}

TEST(Board, KeepsNoPerformerWaitingWhenNobodyTakesAnythingAnyMore) {
  Board board;
  board.abandon();
  for (std::size_t i = 0; i < 5000; ++i) board.post(i, result_of("dropped"));
  board.close("it is over");
  EXPECT_FALSE(board.take(0));
}

}  // namespace
}  // namespace conformance::board_test
