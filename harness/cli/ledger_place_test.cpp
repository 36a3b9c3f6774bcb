#include "harness/cli/ledger_place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "fixtures/testing/temporary_folder.h"
#include "harness/run/ledger.h"

namespace conformance::cli::ledger_place_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class LedgerPlaceTest : public testing::Test {
 protected:
  LedgerPlace place(const std::map<std::string, std::string>& variables = {}) {
    return ledger_place(
        options_,
        [&variables](const char* name) {
          const auto found = variables.find(name);
          return found == variables.end() ? nullptr : found->second.c_str();
        },
        7);
  }

  testing_support::TemporaryFolder folder_;
  Options options_ = [] {
    Options options;
    options.endpoint = "http://127.0.0.1:5000";
    return options;
  }();
};

TEST_F(LedgerPlaceTest, IsWhereTheUserSaysOrBesideTheReports) {
  options_.report_dir = folder_.path();
  EXPECT_EQ(place().path, folder_.file("ledger.jsonl"));
  options_.ledger = folder_.file("new/mine.jsonl");
  EXPECT_EQ(place().path, options_.ledger);
  EXPECT_TRUE(std::filesystem::is_directory(folder_.file("new")));
  EXPECT_FALSE(place().is_ours);
}

TEST_F(LedgerPlaceTest, IsElseAFileOfTheRunsOwnAmongTheStateOfItsUser) {
  const LedgerPlace home = place({{"HOME", folder_.path()}, {"XDG_STATE_HOME", "relative"}});
  EXPECT_THAT(home.path, StartsWith(folder_.file(".local/state/glue-conformance/ledger-7-")));
  EXPECT_TRUE(home.is_ours);
  const LedgerPlace state = place({{"HOME", "/nowhere"}, {"XDG_STATE_HOME", folder_.file("state")}});
  EXPECT_THAT(state.path, StartsWith(folder_.file("state/glue-conformance/ledger-7-")));
  std::ofstream(state.path) << "x";
  state.forget();
  EXPECT_FALSE(std::filesystem::exists(state.path));
}

TEST_F(LedgerPlaceTest, IsNoneWhereNothingCanBeLeftBehind) {
  options_.sessions = SessionMode::none;
  EXPECT_EQ(place().path, "");
  options_ = {};
  EXPECT_EQ(place().path, "") << "the embedded endpoint ends with the run";
}

TEST_F(LedgerPlaceTest, IsElseInAFolderOfTheUsersOwnAmongTemporaryOnes) {
  const std::string own = "glue-conformance-" + std::to_string(::geteuid());
  const std::map<std::string, std::string> homeless{{"HOME", "/proc/nowhere"}, {"TMPDIR", folder_.path()}};
  EXPECT_THAT(place(homeless).path, StartsWith(folder_.file(own + "/ledger-7-")));
  // Whoever was there first could have it written to a place of their choice.
  std::filesystem::remove_all(folder_.file(own));
  std::filesystem::create_directory(folder_.file("elsewhere"));
  std::filesystem::create_directory_symlink(folder_.file("elsewhere"), folder_.file(own));
  try {
    ADD_FAILURE() << place(homeless).path;
  } catch (const LedgerError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("--ledger"), HasSubstr("nothing was sent")));
  }
}

TEST_F(LedgerPlaceTest, IsKeptWhereItWasAskedFor) {
  options_.ledger = folder_.file("mine.jsonl");
  std::ofstream(options_.ledger) << "x";
  place().forget();
  EXPECT_TRUE(std::filesystem::exists(options_.ledger));
}

}  // namespace
}  // namespace conformance::cli::ledger_place_test
