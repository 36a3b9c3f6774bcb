#include "harness/run/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "fixtures/testing/temporary_folder.h"

namespace conformance {
namespace {

std::string text_of(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Ledger, IsOnDiskBeforeAnythingIsCreated) {
  const testing_support::TemporaryFolder folder;
  Ledger ledger(folder.file("ledger.jsonl"));
  ledger.creating({"a", "b\n"});
  EXPECT_EQ(text_of(folder.file("ledger.jsonl")),
            "{\"event\":\"create\",\"id\":\"a\"}\n{\"event\":\"create\",\"id\":\"b\\n\"}\n");
}

TEST(Ledger, SaysOnDiskWhatCameOfEach) {
  const testing_support::TemporaryFolder folder;
  {
    Ledger ledger(folder.file("ledger.jsonl"));
    ledger.creating({"a", "b"});
    ledger.not_created("a");
    ledger.gone("b");
  }
  EXPECT_THAT(text_of(folder.file("ledger.jsonl")),
              testing::EndsWith("{\"event\":\"refused\",\"id\":\"a\"}\n{\"event\":\"gone\",\"id\":\"b\"}\n"));
}

// What a run before it left must not be forgotten.
TEST(Ledger, GoesOnWhereAnotherEnded) {
  const testing_support::TemporaryFolder folder;
  for (const char* id : {"a", "b"}) Ledger(folder.file("ledger.jsonl")).creating({id});
  EXPECT_EQ(text_of(folder.file("ledger.jsonl")),
            "{\"event\":\"create\",\"id\":\"a\"}\n{\"event\":\"create\",\"id\":\"b\"}\n");
}

// A run that was killed while it wrote has created nothing of what it could not finish to write.
TEST(Ledger, CutsOffPartOfALineThatAKilledRunLeft) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.file("ledger.jsonl");
  for (const std::string whole : {"", "{\"event\":\"create\",\"id\":\"a\"}\n"}) {
    std::ofstream(path, std::ios::trunc) << whole << R"({"event":"create","i)";
    Ledger(path).creating({"b"});
    EXPECT_EQ(text_of(path), whole + "{\"event\":\"create\",\"id\":\"b\"}\n");
  }
}

TEST(Ledger, KnowsWhatMayStillBeThere) {
  Ledger ledger;
  ledger.creating({"a", "b", "c"});
  ledger.gone("a");
  ledger.not_created("b");
  EXPECT_THAT(ledger.open(), testing::ElementsAre("c"));
  EXPECT_TRUE(ledger.owns("c"));
  EXPECT_FALSE(ledger.owns("a"));
}

TEST(Ledger, RefusesAPlaceThatCannotBeWritten) { EXPECT_THROW(Ledger("/nowhere/at/all/ledger"), LedgerError); }

}  // namespace
}  // namespace conformance
