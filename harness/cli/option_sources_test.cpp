#include "harness/cli/option_sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "fixtures/testing/temporary_folder.h"
#include "harness/cli/config_file.h"
#include "harness/cli/options.h"

namespace conformance::cli::option_sources_test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Variables = std::map<std::string, std::string>;

class OptionSources : public testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(file_, std::ios::binary) << text; }

  std::variant<Options, Exit> parse(const std::vector<std::string>& line, const Variables& variables = {}) {
    Surroundings surroundings{folder_.path(), {}};
    for (const auto& [name, value] : variables) surroundings.variables.push_back(name);
    return parse_options(
        line,
        [&variables](const char* name) {
          const auto found = variables.find(name);
          return found == variables.end() ? nullptr : found->second.c_str();
        },
        surroundings);
  }

  Options options(const std::vector<std::string>& line, const Variables& variables = {}) {
    const auto parsed = parse(line, variables);
    if (const Exit* exit = std::get_if<Exit>(&parsed)) {
      ADD_FAILURE() << exit->out << exit->err;
      return {};
    }
    return std::get<Options>(parsed);
  }

  Exit exit(const std::vector<std::string>& line, const Variables& variables = {}) {
    const auto parsed = parse(line, variables);
    if (const Exit* ended = std::get_if<Exit>(&parsed)) return *ended;
    ADD_FAILURE() << "accepted: " << testing::PrintToString(line);
    return {};
  }

  testing_support::TemporaryFolder folder_;
  std::string file_ = (std::filesystem::path(folder_.path()) / config_file_name).string();
};

TEST_F(OptionSources, TheLineBeatsTheEnvironmentWhichBeatsTheFileWhichBeatsTheDefault) {
  EXPECT_EQ(options({"run"}).jobs, 16U);
  write("jobs = 2\n");
  EXPECT_EQ(options({"run"}).jobs, 2U);
  const Variables three{{"GLUE_CONFORMANCE_JOBS", "3"}};
  EXPECT_EQ(options({"run"}, three).jobs, 3U);
  EXPECT_EQ(options({"run", "--jobs", "4"}, three).jobs, 4U);
}

TEST_F(OptionSources, AVariableOfAwsBeatsTheFileButNotOurs) {
  write("endpoint = 'http://file'\nregion = 'file-1'\n");
  EXPECT_EQ(options({"run"}).endpoint, "http://file");
  const Variables aws{{"AWS_ENDPOINT_URL", "http://aws"}, {"AWS_REGION", "aws-1"}};
  EXPECT_EQ(options({"run"}, aws).endpoint, "http://aws");
  EXPECT_EQ(options({"run"}, aws).region, "aws-1");
  Variables both = aws;
  both["GLUE_CONFORMANCE_ENDPOINT"] = "http://ours";
  EXPECT_EQ(options({"run"}, both).endpoint, "http://ours");
  Variables ignored = aws;
  ignored["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(options({"run"}, ignored).endpoint, "http://file");
}

TEST_F(OptionSources, TakeListsFlagsAndChecksAsTheLineDoes) {
  write("filter = ['a.*', '!a.b']\nno-sign = true\nreport = ['junit:j.xml']\nsession = []\n");
  EXPECT_THAT(exit({"run"}).err, HasSubstr(":4: session is an empty list"));
  write("filter = ['a.*', '!a.b']\nno-sign = true\nreport = ['junit:j.xml']\n");
  const Options read = options({"run"});
  EXPECT_THAT(read.filters, ElementsAre("a.*", "!a.b"));
  EXPECT_FALSE(read.sign);
  ASSERT_EQ(read.reports.size(), 1U);
  EXPECT_EQ(read.reports[0].path, (std::filesystem::path(folder_.path()) / "j.xml").string());
  EXPECT_THAT(read.chosen, Contains("--no-sign"));
}

TEST_F(OptionSources, AFlagOfTheFileIsTakenBackOnTheLine) {
  write("no-sign = true\n");
  EXPECT_TRUE(options({"run", "--no-sign=false"}).sign);
  EXPECT_TRUE(options({"run"}, {{"GLUE_CONFORMANCE_NO_SIGN", "no"}}).sign);
}

TEST_F(OptionSources, SayWhereABadValueStands) {
  write("\njobs = 0\n");
  EXPECT_THAT(exit({"run"}).err,
              AllOf(HasSubstr(file_ + ":2: --jobs: '0' is no whole number"), HasSubstr("Nothing was sent")));
  EXPECT_EQ(exit({"run"}).status, 2);
  EXPECT_THAT(exit({"run", "--no-config"}, {{"GLUE_CONFORMANCE_TIER", "large"}}).err,
              HasSubstr("GLUE_CONFORMANCE_TIER: --tier: 'large' is none of"));
}

TEST_F(OptionSources, HoldOptionsOfSeveralSourcesAgainstEachOther) {
  write("endpoint = 'http://127.0.0.1:1'\n");
  EXPECT_THAT(exit({"run", "--deviation", "id-max-256"}).err, HasSubstr("leave out --endpoint"));
}

TEST_F(OptionSources, RefuseAVariableThatIsNoOption) {
  EXPECT_THAT(exit({"run"}, {{"GLUE_CONFORMANCE_TEIR", "smoke"}}).err, HasSubstr("did you mean GLUE_CONFORMANCE_TIER"));
  EXPECT_EQ(options({"serve"}, {{"GLUE_CONFORMANCE_TIER", "smoke"}}).port, 0) << "another command's";
}

TEST_F(OptionSources, TheFileIsNamedOrFoundOrLeftOut) {
  write("jobs = 2\n");
  const std::string other = (std::filesystem::path(folder_.path()) / "other.toml").string();
  std::ofstream(other) << "jobs = 3\n[profiles.p]\njobs = 4\n";
  EXPECT_EQ(options({"run", "--config", other}).jobs, 3U);
  EXPECT_EQ(options({"run"}, {{"GLUE_CONFORMANCE_CONFIG", other}}).jobs, 3U);
  EXPECT_EQ(options({"run", "--config", other, "--config-profile", "p"}).jobs, 4U);
  EXPECT_EQ(options({"run", "--config", other}, {{"GLUE_CONFORMANCE_CONFIG_PROFILE", "p"}}).jobs, 4U);
  EXPECT_EQ(options({"run", "--no-config"}).jobs, 16U);
  EXPECT_EQ(options({"run"}).config_in_words, file_);
  EXPECT_THAT(options({"run", "--no-config"}).config_in_words, IsEmpty());
  EXPECT_THAT(exit({"run", "--config", "/nowhere.toml"}).err, HasSubstr("there is no file /nowhere.toml"));
  EXPECT_THAT(exit({"run", "--config", ""}).err, HasSubstr("--config is empty"));
  EXPECT_THAT(exit({"run", "--no-config", "--config-profile", "p"}).err, HasSubstr("no configuration file"));
}

TEST_F(OptionSources, DoNotSayWhereSessionsAreThatASweepDeletes) {
  write("endpoint = 'http://127.0.0.1:1'\n");
  EXPECT_EQ(options({"sweep", "ledger.jsonl"}, {{"GLUE_CONFORMANCE_ENDPOINT", "http://127.0.0.1:2"}}).endpoint, "");
}

TEST_F(OptionSources, AreShownWithoutSecretsAndWithoutDoingAnything) {
  write("rate = 5\nca-bundle = '${CA}'\n");
  const Exit shown =
      exit({"run", "--show-config", "--jobs", "2", "--no-sign", "--sessions", "command:make token-of-mine"},
           {{"CA", "put-in"},
            {"AWS_REGION", "eu-west-1"},
            {"GLUE_CONFORMANCE_TIER", "smoke"},
            {"AWS_SECRET_ACCESS_KEY", "hidden"},
            {"GLUE_CONFORMANCE_FILTER", "hidden.*"}});
  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.err, "");
  EXPECT_THAT(shown.out, HasSubstr("Configuration file: " + file_ + "\n"));
  for (const char* line : {"--rate +5 +.*:1\n", "--ca-bundle +\\$\\{CA\\} +.*:2\n", "--jobs +2 +command line\n",
                           "--no-sign +true +command line\n", "--region +eu-west-1 +AWS_REGION\n",
                           "--tier +smoke +GLUE_CONFORMANCE_TIER\n", "--timeout +10 +default\n",
                           "--require-auth +false +default\n", "--sessions +command:make … +command line\n",
                           "--filter +\\(AWS_SECRET_ACCESS_KEY\\)\\.\\* +GLUE_CONFORMANCE_FILTER\n"})
    EXPECT_THAT(shown.out, testing::ContainsRegex(line));
  EXPECT_THAT(shown.out, AllOf(Not(HasSubstr("hidden")), Not(HasSubstr("token-of-mine")), Not(HasSubstr("put-in"))));
}

TEST_F(OptionSources, AreShownWithoutThePasswordOfAUrl) {
  const Exit shown = exit({"run", "--show-config", "--endpoint", "http://user:hidden@h/p?token=hidden"},
                          {{"GLUE_CONFORMANCE_DIRECT", "https://u:hidden@h@2"}});
  EXPECT_EQ(shown.status, 0);
  EXPECT_THAT(shown.out, AllOf(Not(HasSubstr("hidden")), HasSubstr("http://…@h/p?…"), HasSubstr("https://…@2")));
}

// A test of the list of options: each can be set in the file.
TEST_F(OptionSources, EveryOptionOfARunCanBeSetInTheFile) {
  const std::string shown = exit({"run", "--show-config"}).out;
  std::size_t options_seen = 0;
  for (std::size_t at = shown.find("\n--"); at != std::string::npos; at = shown.find("\n--", at + 1)) {
    const std::string option = shown.substr(at + 3, shown.find(' ', at) - at - 3);
    write(option + " = 1987-01-01\n");  // a date is no value of any
    EXPECT_THAT(exit({"run"}).err, HasSubstr(":1: " + option + " is ")) << option;
    ++options_seen;
  }
  EXPECT_GT(options_seen, 40U);
}

TEST_F(OptionSources, OfCommandsInOthersAreTheLineAndTheFile) {
  write("seed = 1\n[known-failures.init]\nowner = 'team'\nissue = 'https://e.org/1'\nuntil = '2099-01-31'\n");
  const std::vector<std::string> line{"known-failures", "init", "r.json"};
  EXPECT_EQ(options(line).owner, "team");
  EXPECT_EQ(options({"known-failures", "init", "r.json", "--owner", "other"}).owner, "other");
  EXPECT_THAT(exit({"known-failures", "init", "r.json", "--show-config"}).out,
              AllOf(HasSubstr("--owner"), HasSubstr("team"), HasSubstr("glue-conformance.toml:3")));
  EXPECT_THAT(exit({"known-failures", "init", "r.json", "--no-config"}).err,
              HasSubstr("--owner is required, here or below [known-failures.init] of a configuration file"));
  EXPECT_THAT(exit(line, {{"GLUE_CONFORMANCE_OWNER", "x"}}).err, HasSubstr("there is no such option"))
      << "it would not be followed";
}

}  // namespace
}  // namespace conformance::cli::option_sources_test
