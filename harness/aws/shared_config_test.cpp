#include "harness/aws/shared_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "fixtures/testing/aws_setup.h"

namespace conformance::aws::shared_config_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing_support::AwsSetup;

Sections parse(std::string_view text) { return parse_sections(text, "the file"); }

std::string refusal(std::string_view text) {
  try {
    (void)parse(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

std::string value(const Sections& sections, std::string_view section, std::string_view name) {
  const auto found = sections.find(section);
  if (found == sections.end()) return "(no section)";
  const auto setting = found->second.find(name);
  return setting == found->second.end() ? "(none)" : setting->second.value;
}

TEST(Sections, HaveSettingsAroundWhichWhiteSpaceDoesNotCount) {
  const Sections all = parse("[ a ]\nx=1\n Y  =  two words\t\nz : 3\nu=a=b:c\n[b]\r\nx\t=\t4\r\n");
  EXPECT_EQ(value(all, "a", "x"), "1\nY  =  two words") << "what is indented further belongs to the line before";
  EXPECT_EQ(value(all, "a", "z"), "3");
  EXPECT_EQ(value(all, "a", "u"), "a=b:c");
  EXPECT_EQ(value(all, "b", "x"), "4");
}

TEST(Sections, TakeNamesOfSettingsInAnyCase) { EXPECT_EQ(value(parse("[a]\nRole_ARN = r"), "a", "role_arn"), "r"); }

TEST(Sections, MayBeIndentedAsAWhole) {
  const Sections all = parse("[a]\n  x = 1\n  y = 2\n    z = 3\n");
  EXPECT_EQ(value(all, "a", "x"), "1");
  EXPECT_EQ(value(all, "a", "y"), "2\nz = 3");
}

TEST(Sections, PassOverCommentsAndBlankLines) {
  const Sections all = parse("\xEF\xBB\xBF# c\n;c\n\n[a] # c\n\n# x = 1\n  ; c\nx = 2 # no comment\n");
  EXPECT_EQ(value(all, "a", "x"), "2 # no comment") << "the AWS CLI takes it as part of the value too";
}

TEST(Sections, NestUnderASettingWithoutAValue) {
  const Sections all = parse("[services s]\nglue =\n  endpoint_url = http://h:1\n\n  # c\n  other=2\ns3 =\nx = 1\n");
  const Settings& services = all.at("services s");
  EXPECT_EQ(services.at("glue").nested.at("endpoint_url"), "http://h:1");
  EXPECT_EQ(services.at("glue").nested.at("other"), "2");
  EXPECT_TRUE(services.at("s3").nested.empty());
  EXPECT_EQ(services.at("x").value, "1");
}

TEST(Sections, AreNoneInAnEmptyFile) {
  EXPECT_TRUE(parse("").empty());
  EXPECT_TRUE(parse("\n\n#").empty());
}

TEST(Sections, AreRefusedByLineAndWithoutWhatStandsThere) {
  EXPECT_THAT(refusal("[a]\nhidden\n"), AllOf(HasSubstr("the file line 2: "), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refusal("[a]\n= hidden\n"), AllOf(HasSubstr("line 2"), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refusal("hidden = 1\n[a]\n"),
              AllOf(HasSubstr("line 1: it stands before any section"), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refusal("[a\nx = 1"), HasSubstr("line 1: the '[' of a section is not closed"));
  EXPECT_THAT(refusal("[]"), HasSubstr("has no name"));
  EXPECT_THAT(refusal("[a]\nx = 1\n[b]\n[a]\n"), HasSubstr("line 4: there is a section of this name"));
  EXPECT_THAT(refusal("[a]\nx = 1\nX = hidden\n"), AllOf(HasSubstr("line 3"), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refusal("[a]\nglue =\n  hidden\n"), AllOf(HasSubstr("line 3: it is indented"), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refusal("[a]\nx = \xff\n"), HasSubstr("line 2: it has a control character or is not UTF-8"));
  EXPECT_THAT(refusal(std::string_view("[a]\nx = \0\n", 10)), HasSubstr("line 2"));
  EXPECT_THAT(refusal("[a]\nx = 1\rx = 2\n"), HasSubstr("line 2"));
}

TEST(SharedConfig, KnowsProfilesByTheirNamesInEitherFile) {
  AwsSetup setup;
  setup.config(
      "[default]\nr = d\n[profile one]\nr = 1\n[profile \"two words\"]\nr = 2\n[profile\tthree]\nr = 3\n"
      "[profile 'four']\nr = 4\n[preview]\nr = 5\n[profile a b]\nr=6\n[profilex]\nr=7\n[profile 'a' b]\nr=8\n");
  setup.credentials("[only here]\nr = c\n[default]\nk = v\n");
  const SharedConfig files = SharedConfig::read(setup.env());
  EXPECT_THAT(files.profile_names(), ElementsAre("default", "four", "one", "only here", "three", "two words"));
  EXPECT_EQ(files.value("one", "r"), "1");
  EXPECT_EQ(files.value("two words", "r"), "2");
  EXPECT_EQ(files.value("default", "r"), "d");
  EXPECT_EQ(files.value("default", "k"), "v");
  EXPECT_EQ(files.value("only here", "r"), "c");
  EXPECT_EQ(files.value("none", "r"), std::nullopt);
}

TEST(SharedConfig, LetsTheCredentialsFileBeatTheOther) {
  AwsSetup setup;
  setup.config("[profile p]\nx = config\ny = config\n");
  setup.credentials("[p]\nx = credentials\n");
  const SharedConfig files = SharedConfig::read(setup.env());
  EXPECT_EQ(files.value("p", "x"), "credentials");
  EXPECT_EQ(files.value("p", "y"), "config");
}

TEST(SharedConfig, PrefersTheLongWayToWriteTheDefaultProfile) {
  for (const char* text :
       {"[default]\nx = short\n[profile default]\nx = long\n", "[profile default]\nx = long\n[default]\nx = short\n"}) {
    AwsSetup setup;
    setup.config(text);
    EXPECT_EQ(SharedConfig::read(setup.env()).value("default", "x"), "long");
  }
}

TEST(SharedConfig, LooksInTheHomeFolder) {
  AwsSetup setup;
  std::filesystem::create_directory(setup.file(".aws"));
  setup.write(".aws/config", "[default]\nregion = r\n");
  setup.write(".aws/credentials", "[default]\nk = v\n");
  setup.unset("AWS_CONFIG_FILE");
  setup.set("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  setup.set("HOME", setup.file(""));
  EXPECT_EQ(SharedConfig::read(setup.env()).value("default", "region"), "r");
  EXPECT_EQ(SharedConfig::read(setup.env()).value("default", "k"), "v");
  setup.unset("HOME");
  EXPECT_EQ(SharedConfig::read(setup.env()).config_file(), "~/.aws/config");
  EXPECT_FALSE(SharedConfig::read(setup.env()).has_profile("default"));
}

TEST(SharedConfig, IsEmptyWithoutItsFiles) {
  AwsSetup setup;
  EXPECT_THAT(SharedConfig::read(setup.env()).profile_names(), ElementsAre());
  setup.set("AWS_CONFIG_FILE", "/dev/null");
  EXPECT_THAT(SharedConfig::read(setup.env()).profile_names(), ElementsAre());
}

TEST(SharedConfig, RefusesWhatIsNoFileOfItsKind) {
  const auto refused = [](const AwsSetup& setup) -> std::string {
    try {
      (void)SharedConfig::read(setup.env());
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "accepted";
  };
  AwsSetup folder;
  folder.set("AWS_CONFIG_FILE", folder.file(""));
  EXPECT_THAT(refused(folder), HasSubstr("is no file"));
  AwsSetup pipe;
  ASSERT_EQ(::mkfifo(pipe.file("config").c_str(), 0600), 0);
  EXPECT_THAT(refused(pipe), HasSubstr("is no file"));
  AwsSetup loop;
  std::filesystem::create_symlink(loop.file("config"), loop.file("config"));
  EXPECT_THAT(refused(loop), HasSubstr("cannot be read"));
  AwsSetup large;
  large.config(std::string(2U << 20, '\n'));
  EXPECT_THAT(refused(large), HasSubstr("has more than"));
  AwsSetup broken;
  broken.credentials("[a]\nhidden\n");
  EXPECT_THAT(refused(broken), AllOf(HasSubstr("credentials line 2"), Not(HasSubstr("hidden"))));
}

TEST(Profile, IsThatOfTheOptionElseOfTheEnvironment) {
  AwsSetup setup;
  setup.config("[profile a]\n[profile b]\n[profile c]\n");
  EXPECT_EQ(load_configuration(setup.env(), "").profile, "default");
  EXPECT_EQ(load_configuration(setup.env(), "").profile_from, "");
  setup.set("AWS_DEFAULT_PROFILE", "c");
  EXPECT_EQ(load_configuration(setup.env(), "").profile, "c");
  setup.set("AWS_PROFILE", "b");
  EXPECT_EQ(load_configuration(setup.env(), "").profile, "b");
  EXPECT_EQ(load_configuration(setup.env(), "").profile_from, "AWS_PROFILE");
  EXPECT_FALSE(load_configuration(setup.env(), "").profile_by_option);
  EXPECT_EQ(load_configuration(setup.env(), "a").profile, "a");
  EXPECT_TRUE(load_configuration(setup.env(), "a").profile_by_option);
}

TEST(Profile, ThatDoesNotExistIsAnErrorThatNamesTheNearest) {
  AwsSetup setup;
  const auto refused = [&setup](const std::string& name) -> std::string {
    try {
      (void)load_configuration(setup.env(), name);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(refused("production"), HasSubstr("they have none"));
  EXPECT_EQ(refused("default"), "accepted");
  setup.config("[profile production]\n[profile x]\n");
  EXPECT_THAT(refused("prodution"), HasSubstr("did you mean 'production'?"));
  EXPECT_THAT(refused("elsewhere"), HasSubstr("there are production, x"));
  EXPECT_THAT(refused("a\x1b[31m"), HasSubstr("a\\u001b[31m"));
  setup.set("AWS_PROFILE", "missing");
  EXPECT_THAT(refused(""), HasSubstr("the profile 'missing' of AWS_PROFILE"));
}

TEST(Flag, IsTrueOrFalseAndNothingElse) {
  AwsSetup setup;
  setup.config("[default]\nuse_x = true\nuse_y = perhaps\n");
  setup.set("USE_Z", "False");
  setup.set("USE_Q", "1");
  const Configuration all = load_configuration(setup.env(), "");
  EXPECT_TRUE(all.flag("USE_X", "use_x"));
  EXPECT_FALSE(all.flag("USE_Z", "use_x")) << "the environment beats the profile";
  EXPECT_FALSE(all.flag("USE_N", "use_n"));
  EXPECT_THROW((void)all.flag("USE_Y", "use_y"), ConfigError);
  EXPECT_THROW((void)all.flag("USE_Q", "use_x"), ConfigError);
}

}  // namespace
}  // namespace conformance::aws::shared_config_test
