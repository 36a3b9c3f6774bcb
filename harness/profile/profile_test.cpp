#include "harness/profile/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::profile::profile_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Profile parse(const std::string& text) { return parse_profile(text, "p.toml", spec::builtin_table()); }

std::string refusal(const std::string& text) {
  try {
    (void)parse(text);
  } catch (const ProfileError& error) {
    return error.what();
  }
  ADD_FAILURE() << "accepted: " << text;
  return "";
}

TEST(Profile, SaysWhoseItIsAndWhatItPins) {
  const Profile p = parse(
      "endpoint = \"http://h\"\nmeasured = \"2026-11-27\"\ntool = \"t 1\"\n[characteristics]\n"
      "\"missing.session\" = \"200\"\n\"id.length.unit\" = [\"bytes\", \"code_points\"]\n");
  EXPECT_EQ(p.name, "p.toml");
  EXPECT_EQ(p.endpoint, "http://h");
  EXPECT_EQ(p.measured, "2026-11-27");
  EXPECT_EQ(p.tool, "t 1");
  ASSERT_EQ(p.pins.size(), 2U);
  EXPECT_EQ(p.pins[0].characteristic, "missing.session");
  EXPECT_EQ(p.pins[0].line, 5U);
  EXPECT_EQ(p.find("id.length.unit"), &p.pins[1]);
  EXPECT_EQ(p.find("json.error"), nullptr);
}

TEST(Profile, SaysWhatWasAskedOfWhomeverItWasMeasuredFrom) {
  const Profile p = parse("tier = \"standard\"\nfilters = [\"id.*\", \"!id.type.*\"]\n");
  EXPECT_TRUE(p.has_asked("id.length", Tier::smoke));
  EXPECT_TRUE(p.has_asked("id.length", Tier::standard));
  EXPECT_FALSE(p.has_asked("id.length", Tier::exhaustive));
  EXPECT_FALSE(p.has_asked("id.type.null", Tier::smoke));
  EXPECT_FALSE(p.has_asked("body.size", Tier::smoke));
  EXPECT_TRUE(parse("").has_asked("body.size", Tier::exhaustive)) << "of one that does not say so, everything";
}

TEST(Profile, IsStrictAboutWhatWasAsked) {
  EXPECT_EQ(refusal("tier = \"quick\"\nfilters = 3\n"),
            "p.toml:1: tier is smoke, standard or exhaustive\np.toml:2: filters is a string, or a list of strings");
  EXPECT_EQ(refusal("filters = []\n"), "p.toml:1: filters is a string, or a list of strings");
  EXPECT_THAT([] { check_patterns(parse("filters = [\"!json.*\", \"zzz\"]\n"), {"json.x.1"}); },
              testing::ThrowsMessage<ProfileError>("p.toml: filters: 'zzz' matches no case"));
}

TEST(Profile, MayPinNothing) { EXPECT_THAT(parse("").pins, IsEmpty()); }

TEST(Profile, ThatIsWrongNamesAllThatIs) {
  EXPECT_EQ(refusal("endpiont = \"x\"\nmeasured = 3\n[characteristics]\n\"missing.sesion\" = \"200\"\n"
                    "\"json.error\" = []\n\"type.error\" = 400\n\"faults.first\" = {}\n\"auth.error\" = {\"400\" = 3}\n"
                    "\"body.size\" = [\"\"]\n"),
            "p.toml:1: 'endpiont' means nothing in a profile; there are endpoint, measured, tool, tier, filters "
            "and [characteristics]\n"
            "p.toml:2: measured is a string\n"
            "p.toml:4: there is no characteristic 'missing.sesion'; did you mean 'missing.session'?\n"
            "p.toml:5: json.error is a string, or a list of strings\n"
            "p.toml:6: type.error is a string, or a list of strings\n"
            "p.toml:7: faults.first pins no answer: leave it out\n"
            "p.toml:8: auth.error: the cases of '400' is a string, or a list of strings\n"
            "p.toml:9: body.size is a string, or a list of strings");
  EXPECT_THAT(refusal("a = \n"), HasSubstr("p.toml:1: it is no TOML"));
  EXPECT_THAT(refusal("characteristics = 3\n"), HasSubstr("characteristics is a table"));
}

TEST(Profile, OfTheLongestPatternCounts) {
  const Profile p = parse(
      "[characteristics]\n\"json.error\" = {\"400 A\" = \"*\", \"400 B\" = [\"json.x.*\", \"json.y\"], "
      "\"400 C\" = \"json.x.*\"}\n\"type.error\" = {\"400 A\" = \"type.*\"}\n");
  const Pin& json = *p.find("json.error");
  EXPECT_THAT(answers_for(json, "json.z"), ElementsAre("400 A"));
  EXPECT_THAT(answers_for(json, "json.x.1"), ElementsAre("400 B", "400 C"));
  EXPECT_THAT(answers_for(json, "json.y"), ElementsAre("400 B"));
  EXPECT_THAT(answers_for(*p.find("type.error"), "other"), IsEmpty());
}

TEST(Profile, IsWrittenAsItIsRead) {
  for (const std::string line : {"\"missing.session\" = \"200\"", "\"id.length.unit\" = [\"bytes\", \"code_points\"]",
                                 "\"json.error\" = {\"400 \\\"A\" = \"*\", \"400 B\" = [\"json.x.*\", \"json.y\"]}"}) {
    const Profile p = parse("[characteristics]\n" + line + "\n");
    EXPECT_EQ("\"" + p.pins[0].characteristic + "\" = " + to_toml(p.pins[0]), line);
  }
}

TEST(Profiles, DifferInWhatTheyPin) {
  const Profile a = parse("[characteristics]\n\"missing.session\" = \"200\"\n\"json.error\" = \"400 A\"\n");
  const Profile b = parse("[characteristics]\n\"json.error\" = \"400 B\"\n");
  const auto all = differences(a, b, spec::builtin_table());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].characteristic, "json.error");
  EXPECT_EQ(all[0].first, "\"400 A\"");
  EXPECT_EQ(all[0].second, "\"400 B\"");
  EXPECT_EQ(all[1].characteristic, "missing.session");
  EXPECT_EQ(all[1].second, "");
  EXPECT_THAT(differences(a, a, spec::builtin_table()), IsEmpty());
}

TEST(Profiles, ThatAreShippedAreReadByName) {
  EXPECT_THAT(shipped_profiles(), ElementsAre("documented", "reference", "moto-5"));
  EXPECT_THAT(read_profile("documented", spec::builtin_table()).pins, IsEmpty());
  EXPECT_GT(read_profile("reference", spec::builtin_table()).pins.size(), 30U);
  EXPECT_GT(read_profile("moto-5", spec::builtin_table()).pins.size(), 20U);
  EXPECT_THAT([] { (void)read_profile("moto", spec::builtin_table()); },
              testing::ThrowsMessage<ProfileError>(HasSubstr("moto is no profile: name a file of at most a mebibyte, "
                                                             "or one of documented, reference, moto-5")));
}

TEST(Profile, WithAPatternThatMatchesNoCaseIsRefused) {
  const Profile p =
      parse("[characteristics]\n\"json.error\" = {\"400 A\" = \"*\", \"400 B\" = [\"json.x.*\", \"json.zzz\"]}\n");
  EXPECT_NO_THROW(check_patterns(p, {"json.x.1", "json.zzz"}));
  EXPECT_THAT([&] { check_patterns(p, {"json.x.1"}); },
              testing::ThrowsMessage<ProfileError>("p.toml:2: json.error: 'json.zzz' matches no case"));
}

}  // namespace
}  // namespace conformance::profile::profile_test
