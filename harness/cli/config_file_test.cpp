#include "harness/cli/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "fixtures/testing/temporary_folder.h"
#include "harness/cli/settings_error.h"

namespace conformance::cli::config_file_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;
using testing::ThrowsMessage;
using Takes = OptionShape::Takes;

CommandShapes shapes() {
  const OptionShape seed{"seed", Takes::one, "N"};
  return {{"run",
           {seed,
            {"rate", Takes::one, "N"},
            {"no-sign", Takes::flag, ""},
            {"filter", Takes::many, "PATTERN"},
            {"ledger", Takes::one, "FILE"},
            {"profile", Takes::one, "FILE|NAME"},
            {"report", Takes::many, "junit|html:PATH"},
            {"sessions", Takes::one, "auto|file:PATH|command:CMD"}}},
          {"serve", {{"port", Takes::one, "N"}}},
          {"audit", {seed}},
          {"known-failures init", {{"owner", Takes::one, "NAME"}, {"output", Takes::one, "FILE"}}},
          {"profile diff", {}},
          {"report", {{"report", Takes::many, "junit|html:PATH"}}}};
}

using Variables = std::map<std::string, std::string>;

// By option: its values, joined by a blank.
std::map<std::string, std::string> read(const std::string& text, const ConfigChoice& choice = {"run", ""},
                                        const Variables& variables = {}) {
  const auto env = [&variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  std::map<std::string, std::string> all;
  for (const Setting& setting : settings_of_config("/etc/gate/g.toml", text, shapes(), choice, env))
    for (const std::string& value : setting.values)
      all[setting.option] += (all[setting.option].empty() ? "" : " ") + value;
  return all;
}

std::string refusal(const std::string& text, const ConfigChoice& choice = {"run", ""},
                    const Variables& variables = {}) {
  try {
    (void)read(text, choice, variables);
  } catch (const SettingsError& error) {
    return error.what();
  }
  ADD_FAILURE() << "accepted: " << text;
  return "";
}

using Settings = std::map<std::string, std::string>;

TEST(Config, SaysWhatItSetsAndInWhichLine) {
  const auto settings =
      settings_of_config("g.toml", "\nseed = 7\n", shapes(), {"run", ""}, [](const char*) { return nullptr; });
  ASSERT_EQ(settings.size(), 1U);
  EXPECT_EQ(settings[0].option, "seed");
  EXPECT_THAT(settings[0].values, ElementsAre("7"));
  EXPECT_EQ(settings[0].source, "g.toml:2");
}

TEST(Config, TakesStringsNumbersSwitchesAndLists) {
  EXPECT_EQ(read("seed = 7\nrate = 0.5\nno-sign = true\nfilter = ['id.*', '!id.a']\n"),
            (Settings{{"seed", "7"}, {"rate", "0.5"}, {"no-sign", "true"}, {"filter", "id.* !id.a"}}));
  EXPECT_EQ(read("seed = '7'\nfilter = 'id.*'\n"), (Settings{{"seed", "7"}, {"filter", "id.*"}}));
}

TEST(Config, OfOneCommandBeatsThatOfAll) {
  EXPECT_EQ(read("seed = 1\n[run]\nseed = 2\n"), (Settings{{"seed", "2"}}));
  EXPECT_EQ(read("seed = 1\n[run]\nseed = 2\n", {"audit", ""}), (Settings{{"seed", "1"}}));
}

TEST(Config, OfAProfileBeatsTheRestWhenItIsChosen) {
  const std::string text = "seed = 1\n[run]\nseed = 2\n[profiles.n]\nseed = 3\n[profiles.m.run]\nseed = 4\n";
  EXPECT_EQ(read(text), (Settings{{"seed", "2"}}));
  EXPECT_EQ(read(text, {"run", "n"}), (Settings{{"seed", "3"}}));
  EXPECT_EQ(read(text, {"run", "m"}), (Settings{{"seed", "4"}}));
  EXPECT_EQ(read(text, {"audit", "m"}), (Settings{{"seed", "1"}}));
}

TEST(Config, WithoutTheProfileNamesThoseThatThereAre) {
  EXPECT_THAT(refusal("[profiles.n]\n[profiles.m]\n", {"run", "x"}), HasSubstr("no [profiles.x]; there are m, n"));
  EXPECT_THAT(refusal("", {"run", "x"}), HasSubstr("it has no profiles"));
}

TEST(Config, OfOtherCommandsIsLeftAlone) { EXPECT_EQ(read("[serve]\nport = 1\n"), Settings{}); }

// Where a run writes its reports is not where others are to write theirs.
TEST(Config, SpeaksToCommandsThatReadRecordsOnlyInTheirOwnTable) {
  EXPECT_EQ(read("report = 'junit:a'\n", {"report", ""}), Settings{});
  EXPECT_EQ(read("report = 'junit:a'\n[serve]\nport = 1\n", {"run", ""}), (Settings{{"report", "junit:/etc/gate/a"}}));
  EXPECT_EQ(read("[report]\nreport = 'junit:a'\n", {"report", ""}), (Settings{{"report", "junit:/etc/gate/a"}}));
}

TEST(Config, NamesFilesFromItsOwnFolder) {
  EXPECT_EQ(
      read("ledger = '../l'\nreport = ['junit:a/b', 'html:/c']\nsessions = 'file:ids'\n"),
      (Settings{{"ledger", "/etc/l"}, {"report", "junit:/etc/gate/a/b html:/c"}, {"sessions", "file:/etc/gate/ids"}}));
  EXPECT_EQ(read("sessions = 'command:./x'\n"), (Settings{{"sessions", "command:./x"}}));
  EXPECT_EQ(read("profile = 'glue.toml'\n"), (Settings{{"profile", "/etc/gate/glue.toml"}}));
  EXPECT_EQ(read("profile = 'moto-5'\n"), (Settings{{"profile", "moto-5"}})) << "a name";
}

TEST(Config, PutsInVariables) {
  EXPECT_EQ(read("filter = ['${A}.${B:-b}', '$${A}', '${C:-}x', '$A']\n", {"run", ""}, {{"A", "a"}, {"C", ""}}),
            (Settings{{"filter", "a.b ${A} x $A"}}));
  EXPECT_THAT(refusal("\nledger = '${NOPE}'\n"), HasSubstr("g.toml:2: ledger: the variable NOPE is not set"));
  EXPECT_THAT(refusal("ledger = '${NOPE'\n"), HasSubstr("there is no } for a ${"));
  EXPECT_THAT(refusal("ledger = '${A}'\n", {"run", ""}, {{"A", ""}}), HasSubstr("A is not set"));
  EXPECT_THAT(refusal("ledger = '${A:-}'\n"), HasSubstr("it is empty"));
}

TEST(Config, LooksUpOnlyTheVariablesOfWhatIsInForce) {
  EXPECT_EQ(read("[serve]\nport = '${NOPE}'\n[profiles.x]\nseed = '${NOPE}'\n"), Settings{});
}

// What was put in may be a secret.
TEST(Config, IsShownAsItIsWritten) {
  const auto settings = settings_of_config("g.toml", "ledger = '${A}/l'\nreport = 'junit:x'\n", shapes(), {"run", ""},
                                           [](const char*) { return "hidden"; });
  ASSERT_EQ(settings.size(), 2U);
  EXPECT_EQ(settings[0].shown, "${A}/l");
  EXPECT_EQ(settings[1].shown, "junit:x");
}

TEST(Config, NamesAllFaultsAtOnceInTheirOrder) {
  EXPECT_EQ(refusal("seeed = 1\nno-sign = 'yes'\nseed = [1]\nfilter = []\n[serve]\nprot = 1\n[profiles]\nx = 1\n"
                    "[profiles.y]\nrate = true\n[srve]\n[[known-failures]]\n[[run]]\n"),
            "/etc/gate/g.toml:1: there is no option 'seeed'; did you mean 'seed'?\n"
            "/etc/gate/g.toml:2: no-sign is true or false\n"
            "/etc/gate/g.toml:3: seed is one string or number\n"
            "/etc/gate/g.toml:4: filter is an empty list: leave it out\n"
            "/etc/gate/g.toml:6: 'prot' is no option of serve; did you mean 'port'?\n"
            "/etc/gate/g.toml:8: a profile is a table: [profiles.x]\n"
            "/etc/gate/g.toml:10: rate is one string or number\n"
            "/etc/gate/g.toml:11: there is no option 'srve'; did you mean 'serve'?\n"
            "/etc/gate/g.toml:12: what known-failures takes is one table: [known-failures]\n"
            "/etc/gate/g.toml:13: what run takes is one table: [run]");
}

// Its parser would take the largest there is in place of what is larger.
TEST(Config, TakesNoNumberThatItCannotHold) {
  for (const char* seed : {"9223372036854775807", "18446744073709551615", "99999999999999999999999"})
    EXPECT_THAT(refusal(std::string("seed = ") + seed + "\n"), HasSubstr("g.toml:1: seed is one string or number"))
        << seed;
  EXPECT_EQ(read("seed = '18446744073709551615'\n"), (Settings{{"seed", "18446744073709551615"}}));
}

TEST(Config, ThatNestsTooDeeplyIsRefused) {
  EXPECT_THAT(refusal("seed = " + std::string(100000, '[')), HasSubstr("nested too deeply"));
}

TEST(Config, ThatIsNoTomlSaysWhere) {
  EXPECT_THAT(refusal("\nseed = \n"), AllOf(HasSubstr("g.toml:2: it is no TOML: "), Not(HasSubstr("\n"))));
  EXPECT_THAT(refusal(std::string("\xff\x00\x1b[31m", 7)), AllOf(HasSubstr("is no TOML"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(refusal("seed = 1\nseed = 2\n"), HasSubstr("is no TOML"));
}

TEST(FindConfig, TakesTheNearestUpwards) {
  const testing_support::TemporaryFolder folder;
  const std::filesystem::path root = folder.path();
  std::filesystem::create_directories(root / "a" / "b");
  const std::filesystem::path far = root / config_file_name, near = root / "a" / config_file_name;
  std::ofstream(far) << "";
  EXPECT_THAT(find_config((root / "a" / "b").string()), Optional(far.string()));
  std::ofstream(near) << "";
  EXPECT_THAT(find_config((root / "a" / "b").string()), Optional(near.string()));
  EXPECT_THAT(find_config(root.string()), Optional(far.string()));
}

TEST(ReadConfig, RefusesWhatIsNoFileOfAReasonableSize) {
  const testing_support::TemporaryFolder folder;
  const std::filesystem::path large = std::filesystem::path(folder.path()) / "large.toml";
  std::ofstream(large) << std::string((1U << 20U) + 1, '#');
  EXPECT_THAT([&] { (void)read_config(large.string()); },
              ThrowsMessage<SettingsError>(HasSubstr("more than a mebibyte")));
  EXPECT_THAT([&] { (void)read_config(folder.path()); }, ThrowsMessage<SettingsError>(HasSubstr("is a folder")));
  EXPECT_THAT([] { (void)read_config("/nowhere/x.toml"); }, ThrowsMessage<SettingsError>(HasSubstr("cannot be read")));
}

using Settings = std::map<std::string, std::string>;

TEST(ConfigFile, SpeaksToCommandsThatAreInOthers) {
  const std::string text =
      "seed = 1\n[known-failures.init]\nowner = 'team'\noutput = 'k.toml'\n"
      "[profiles.n.known-failures.init]\nowner = 'night'\n";
  EXPECT_EQ(read(text, {"known-failures init", ""}), (Settings{{"owner", "team"}, {"output", "/etc/gate/k.toml"}}));
  EXPECT_EQ(read(text, {"known-failures init", "n"}).at("owner"), "night");
  EXPECT_EQ(read(text), (Settings{{"seed", "1"}})) << "they are for it alone";
  EXPECT_THAT(read("profile = 'p.toml'\n[known-failures]\n", {"profile diff", ""}), IsEmpty());
}

TEST(ConfigFile, SaysOfOptionsOfInnerCommandsWhereTheyStand) {
  EXPECT_EQ(refusal("[known-failures.init]\nowmer = 'team'\n"),
            "/etc/gate/g.toml:2: 'owmer' is no option of known-failures init; did you mean 'owner'?");
  EXPECT_EQ(refusal("[known-failures.inti]\nowner = 'team'\n"),
            "/etc/gate/g.toml:1: 'inti' is no command of known-failures; did you mean 'init'?");
  EXPECT_EQ(refusal("[known-failures]\nowner = 'team'\n"),
            "/etc/gate/g.toml:2: 'owner' is no command of known-failures; known-failures init has one of that name: "
            "write it below [known-failures.init]");
  EXPECT_EQ(refusal("owner = 'team'\n"),
            "/etc/gate/g.toml:1: there is no option 'owner'; known-failures init has one of that name: write it below "
            "[known-failures.init]");
  EXPECT_EQ(refusal("[known-failures]\ninit = 3\n"),
            "/etc/gate/g.toml:2: init of known-failures is a table: [known-failures.init]");
  EXPECT_THAT(refusal("[profile.diff]\nx = 1\n"), HasSubstr("'x' is no option of profile diff"));
  EXPECT_THAT(refusal("[known-falures.init]\n"), HasSubstr("did you mean 'known-failures'?"));
}

}  // namespace
}  // namespace conformance::cli::config_file_test
