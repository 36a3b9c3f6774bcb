#include "harness/run/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "fixtures/testing/temporary_folder.h"

namespace conformance::ledger_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// With "R" for what tells a run from every other.
std::string text_of(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return std::regex_replace(text.str(), std::regex(R"("run":"[0-9a-f]{16}")"), R"("run":"R")");
}

const LedgerRun here{.endpoint = "http://here", .tool = "tool 1", .prefix = "gc01"};
constexpr const char* introduction =
    "{\"event\":\"run\",\"run\":\"R\",\"endpoint\":\"http://here\",\"tool\":\"tool 1\",\"prefix\":\"gc01\"}\n";

class LedgerTest : public testing::Test {
 protected:
  // Of a file that holds `text`.
  std::vector<OpenSession> read(const std::string& text) {
    std::ofstream(path_, std::ios::trunc) << text;
    return read_ledger(path_);
  }
  std::string refusal(const std::string& text) {
    try {
      (void)read(text);
    } catch (const LedgerError& error) {
      return error.what();
    }
    return "";
  }

  testing_support::TemporaryFolder folder_;
  std::string path_ = folder_.file("ledger.jsonl");
};

TEST_F(LedgerTest, IsOnDiskBeforeAnythingIsCreated) {
  Ledger ledger(path_, here);
  EXPECT_EQ(text_of(path_), "") << "nothing was created";
  ledger.creating({"a", "b\n"});
  EXPECT_EQ(text_of(path_), introduction + std::string("{\"event\":\"create\",\"run\":\"R\",\"id\":\"a\"}\n"
                                                       "{\"event\":\"create\",\"run\":\"R\",\"id\":\"b\\n\"}\n"));
}

TEST_F(LedgerTest, SaysOnDiskWhatCameOfEach) {
  {
    Ledger ledger(path_);
    ledger.creating({"a", "b"});
    ledger.not_created("a");
    ledger.gone("b");
  }
  EXPECT_THAT(text_of(path_), testing::EndsWith("{\"event\":\"refused\",\"run\":\"R\",\"id\":\"a\"}\n"
                                                "{\"event\":\"gone\",\"run\":\"R\",\"id\":\"b\"}\n"));
}

// What a run before it left must not be forgotten.
TEST_F(LedgerTest, GoesOnWhereAnotherEnded) {
  for (const char* id : {"a", "b"}) Ledger(path_, here).creating({id});
  EXPECT_THAT(read_ledger(path_), ElementsAre(OpenSession{"http://here", "a"}, OpenSession{"http://here", "b"}));
}

// A run that was killed while it wrote has created nothing of what it could not finish to write.
TEST_F(LedgerTest, CutsOffPartOfALineThatAKilledRunLeft) {
  for (const std::string whole : {"", "{\"event\":\"create\",\"id\":\"a\"}\n"}) {
    std::ofstream(path_, std::ios::trunc) << whole << R"({"event":"create","i)";
    Ledger(path_, here).creating({"b"});
    EXPECT_EQ(text_of(path_), whole + introduction + "{\"event\":\"create\",\"run\":\"R\",\"id\":\"b\"}\n");
  }
}

TEST_F(LedgerTest, KnowsWhatMayStillBeThere) {
  Ledger ledger;
  ledger.creating({"a", "b", "c"});
  ledger.gone("a");
  ledger.not_created("b");
  EXPECT_THAT(ledger.open(), ElementsAre("c"));
  EXPECT_TRUE(ledger.owns("c"));
  EXPECT_FALSE(ledger.owns("a"));
}

TEST_F(LedgerTest, RefusesAPlaceThatCannotBeWritten) { EXPECT_THROW(Ledger("/nowhere/at/all/ledger"), LedgerError); }

TEST_F(LedgerTest, IsReadAsItWasWritten) {
  {
    Ledger ledger(path_, here);
    ledger.creating({"gone", "refused", "left", "e\u0301\"\\\n\U0001F600"});
    ledger.gone("gone");
    ledger.not_created("refused");
  }
  EXPECT_THAT(read_ledger(path_),
              ElementsAre(OpenSession{"http://here", "e\u0301\"\\\n\U0001F600"}, OpenSession{"http://here", "left"}));
}

TEST_F(LedgerTest, TellsTheEndpointsOfRunsThatWroteAtOnce) {
  {
    Ledger one(path_, here), other(path_, {.endpoint = "http://there"});
    one.creating({"a"});
    other.creating({"a", "b"});
    one.creating({"c"});
    other.gone("a");
  }
  EXPECT_THAT(read_ledger(path_), ElementsAre(OpenSession{"http://here", "a"}, OpenSession{"http://here", "c"},
                                              OpenSession{"http://there", "b"}));
}

// It is refused because the first is still there.
TEST_F(LedgerTest, KeepsOpenWhatALaterRunCouldNotCreate) {
  Ledger(path_, here).creating({"a"});
  {
    Ledger again(path_, here);
    again.creating({"a"});
    again.not_created("a");
  }
  EXPECT_THAT(read_ledger(path_), ElementsAre(OpenSession{"http://here", "a"}));
  {
    Ledger sweeper(path_, here);
    sweeper.adopt({"a"});
    sweeper.gone("a");
  }
  EXPECT_THAT(read_ledger(path_), IsEmpty());
}

TEST_F(LedgerTest, ForgetsWhatEndedWithItsEndpoint) {
  Ledger(path_).creating({"a"});
  EXPECT_THAT(read_ledger(path_), IsEmpty());
}

TEST_F(LedgerTest, ReadsLinesThatDoNotSayWhoseTheyAre) {
  EXPECT_THAT(read("{\"event\":\"create\",\"id\":\"a\"}\n"), ElementsAre(OpenSession{"", "a"}));
  EXPECT_THAT(read(""), IsEmpty());
}

TEST_F(LedgerTest, PassesOverPartOfALastLine) {
  const std::string line = R"({"event":"create","id":"ab"})";
  for (std::size_t size = 0; size < line.size(); ++size)
    EXPECT_THAT(read("{\"event\":\"create\",\"id\":\"a\"}\n" + line.substr(0, size)), ElementsAre(OpenSession{"", "a"}))
        << size;
  EXPECT_EQ(read(line).size(), 1U) << "only its end is missing";
}

TEST_F(LedgerTest, IsRefusedWithTheNumberOfTheLineThatIsNone) {
  const std::string line = "{\"event\":\"create\",\"id\":\"a\"}\n";
  for (const char* bad :
       {"x", "", "[]", "1", "{}", R"({"event":"create"})", R"({"event":"create","id":1})", R"({"event":"x","id":"a"})",
        R"({"event":"create","run":"unknown","id":"a"})", R"({"event":"run","run":"a"})",
        R"({"event":"run","endpoint":"http://here"})", "{\"event\":\"create\",\"id\":\"\xff\"}"})
    EXPECT_THAT(refusal(line + bad + "\n" + line), HasSubstr("line 2 is none of a ledger")) << bad;
  EXPECT_THAT(refusal("<xml/>\n"), HasSubstr("line 1 "));
}

TEST_F(LedgerTest, IsRefusedWhereItCannotBeRead) {
  EXPECT_THROW((void)read_ledger(folder_.file("none")), LedgerError);
  EXPECT_THROW((void)read_ledger(folder_.path()), LedgerError);
}

TEST_F(LedgerTest, IsKnownToBeWrittenAsLongAsItsRunLives) {
  EXPECT_FALSE(is_being_written(path_));
  {
    const Ledger ledger(path_), another(path_);
    EXPECT_TRUE(is_being_written(path_));
  }
  EXPECT_FALSE(is_being_written(path_));
}

}  // namespace
}  // namespace conformance::ledger_test
