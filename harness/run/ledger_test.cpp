#include "harness/run/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <sstream>

namespace conformance {
namespace {

TEST(Ledger, IsOnDiskBeforeAnythingIsCreated) {
  const std::string path = testing::TempDir() + "ledger_" + std::to_string(::getpid()) + ".jsonl";
  {
    Ledger ledger(path);
    ledger.creating({"a", "b\n"});
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    EXPECT_EQ(text.str(), "{\"event\":\"create\",\"id\":\"a\"}\n{\"event\":\"create\",\"id\":\"b\\n\"}\n");
  }
  std::filesystem::remove(path);
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
