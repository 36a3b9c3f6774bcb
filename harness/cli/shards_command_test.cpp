// Several runs of the program, merged and compared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"

namespace conformance::cli::shards_command_test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing_support::contents;
using testing_support::Process;

class Records : public testing::Test {
 protected:
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  static Process::Ended program(std::vector<std::string> arguments, std::vector<std::string> environment = {}) {
    arguments.insert(arguments.begin(), PROGRAM_PATH);
    environment.emplace_back("PATH=/usr/bin:/bin");
    return Process(arguments, environment).wait();
  }
  // Its record is `name`.
  [[nodiscard]] Process::Ended run(const std::string& name, std::vector<std::string> options = {},
                                   const std::vector<std::string>& environment = {}) const {
    options.insert(options.begin(),
                   {"run", "--seed", "1", "--filter", "id.*", "--progress", "none", "--report", "json:" + file(name)});
    return program(options, environment);
  }
  void run_shards(const std::vector<std::string>& options = {}) const {
    for (const char* shard : {"0", "1", "2"})
      (void)run(shard, options, {"GTEST_TOTAL_SHARDS=3", std::string("GTEST_SHARD_INDEX=") + shard});
  }

 private:
  testing_support::TemporaryFolder folder_;
};

TEST_F(Records, OfShardsAreThoseOfAWholeRun) {
  const std::vector<std::string> deviation = {"--deviation", "id-max-256"};
  const Process::Ended whole = run("whole", deviation);
  run_shards(deviation);
  const Process::Ended merged =
      program({"merge", file("0"), file("1"), file("2"), "--report", "json:" + file("merged")});
  EXPECT_EQ(merged.status, 1) << "the endpoint does not conform";
  EXPECT_EQ(merged.err, "");
  EXPECT_THAT(merged.out, HasSubstr("FAIL id.length.max"));
  EXPECT_THAT(merged.out, HasSubstr("does not conform"));
  const Process::Ended compared = program({"compare", file("whole"), file("merged")});
  EXPECT_EQ(compared.status, 0) << compared.out;
}

TEST_F(Records, OfShardsThatConformAreASuccess) {
  run_shards();
  EXPECT_EQ(program({"merge", file("0"), file("1"), file("2")}).status, 0);
}

TEST_F(Records, OfShardsThatAreNoWholePlanAreRefused) {
  run_shards();
  (void)run("other", {"--seed", "2"});
  const std::string report = "json:" + file("merged");
  const Process::Ended missing = program({"merge", file("0"), file("2"), "--report", report});
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.err, HasSubstr(" is missing: it is in no shard"));
  EXPECT_THAT(missing.err, HasSubstr("no report was written"));
  const Process::Ended doubled = program({"merge", file("0"), file("1"), file("1"), file("2"), "--report", report});
  EXPECT_EQ(doubled.status, 1);
  EXPECT_THAT(doubled.err, HasSubstr(" is doubled: "));
  EXPECT_FALSE(std::filesystem::exists(file("merged")));
  EXPECT_EQ(program({"merge", file("0"), "--report", "json:" + file("0")}).status, 2);
  EXPECT_EQ(program({"merge", file("nothing")}).status, 2);
  EXPECT_EQ(program({"merge"}).status, 2);
}

TEST_F(Records, AreCompared) {
  (void)run("a");
  (void)run("b", {"--deviation", "id-max-256"});
  EXPECT_EQ(program({"compare", file("a"), file("a")}).status, 0);
  const Process::Ended text = program({"compare", file("a"), file("b")});
  EXPECT_EQ(text.status, 1);
  EXPECT_THAT(text.out, HasSubstr("  id.length.max  "));
  EXPECT_THAT(text.out, HasSubstr("    B  fails in "));
  const Process::Ended json =
      program({"compare", file("a"), file("b"), "--format", "json", "--output", file("c.json")});
  EXPECT_EQ(json.status, 1);
  EXPECT_EQ(json.out, "");
  EXPECT_THAT(contents(file("c.json")), StartsWith("{\n \"format\": \"glue-conformance comparison\""));
  const Process::Ended markdown = program({"compare", file("a"), file("b"), file("a"), "--format", "markdown"});
  EXPECT_THAT(markdown.out, StartsWith("# Runs compared\n"));
  EXPECT_EQ(program({"compare", file("a")}).status, 2);
  EXPECT_EQ(program({"compare", file("a"), file("nothing")}).status, 2);
  EXPECT_EQ(program({"compare", file("a"), file("b"), "--format", "xml"}).status, 2);
  EXPECT_EQ(program({"compare", file("a"), file("b"), "--output", ""}).status, 2);
}

TEST_F(Records, UnderGithubActionsAreSummedUpOnThePageOfTheJob) {
  const std::vector<std::string> github = {"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + file("summary")};
  const Process::Ended ran = run("a", {"--deviation", "id-max-256"}, github);
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, StartsWith("::error title=id.length.max::"));
  EXPECT_THAT(contents(file("summary")), StartsWith("# DeleteSession conformance"));
  EXPECT_THAT(contents(file("summary")), HasSubstr("### ❌ ` id.length.max `"));
  (void)run("b", {}, {"GITHUB_STEP_SUMMARY=" + file("other")});
  EXPECT_FALSE(std::filesystem::exists(file("other")));
}

}  // namespace
}  // namespace conformance::cli::shards_command_test
