#include "harness/cli/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/settings_error.h"

namespace conformance::cli::settings_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Property;
using testing::ThrowsMessage;
using Takes = OptionShape::Takes;

CommandShapes shapes() {
  return {{"run",
           {{"tier", Takes::one, "smoke|standard"}, {"no-sign", Takes::flag, ""}, {"filter", Takes::many, "PATTERN"}}},
          {"serve", {{"port", Takes::one, "N"}}},
          {"merge", {{"report-dir", Takes::one, "DIR"}}}};
}

std::vector<Setting> of_environment(const std::string& command, const std::map<std::string, std::string>& variables) {
  return settings_of_environment(command, shapes(), [&variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(Variable, IsTheOptionInCapitals) { EXPECT_EQ(variable_of("effect-wait"), "GLUE_CONFORMANCE_EFFECT_WAIT"); }

TEST(Environment, SaysWhatItSetsAndWhereFrom) {
  const auto settings = of_environment("run", {{"GLUE_CONFORMANCE_TIER", "smoke"}});
  ASSERT_EQ(settings.size(), 1U);
  EXPECT_EQ(settings[0].option, "tier");
  EXPECT_THAT(settings[0].values, ElementsAre("smoke"));
  EXPECT_EQ(settings[0].source, "GLUE_CONFORMANCE_TIER");
}

TEST(Environment, HasOneValueALineOfWhatTakesMany) {
  EXPECT_THAT(of_environment("run", {{"GLUE_CONFORMANCE_FILTER", "id.*\r\n\n!id.a, b\n"}})[0].values,
              ElementsAre("id.*", "!id.a, b"));
}

TEST(Environment, SetsAFlagByAWord) {
  EXPECT_THAT(of_environment("run", {{"GLUE_CONFORMANCE_NO_SIGN", "Yes"}})[0].values, ElementsAre("true"));
  EXPECT_THAT(of_environment("run", {{"GLUE_CONFORMANCE_NO_SIGN", "0"}})[0].values, ElementsAre("false"));
  EXPECT_THAT(
      [] {
        (void)of_environment("run", {{"GLUE_CONFORMANCE_NO_SIGN", "perhaps"}});
      },
      ThrowsMessage<SettingsError>(HasSubstr("GLUE_CONFORMANCE_NO_SIGN: 'perhaps' is neither true nor false")));
}

TEST(Environment, IsOnlyOfTheCommandsOptions) {
  EXPECT_THAT(of_environment("serve", {{"GLUE_CONFORMANCE_TIER", "smoke"}}), IsEmpty());
}

// A run's --report-dir would have a merge write over the records that it reads.
TEST(Environment, SaysNothingToCommandsThatReadWhatARunWrote) {
  EXPECT_THAT(of_environment("merge", {{"GLUE_CONFORMANCE_REPORT_DIR", "out"}}), IsEmpty());
}

TEST(Environment, MayNotSetAnythingToNothing) {
  EXPECT_THAT(
      [] {
        (void)of_environment("run", {{"GLUE_CONFORMANCE_TIER", ""}});
      },
      ThrowsMessage<SettingsError>(HasSubstr("GLUE_CONFORMANCE_TIER is set, but to nothing")));
}

TEST(Variables, ThatMeanNothingAreFaults) {
  EXPECT_THAT(faults_of_variables({"HOME", "GLUE_CONFORMANCE_PORT", "GLUE_CONFORMANCE_TIER"}, shapes()), IsEmpty());
  EXPECT_THAT(faults_of_variables({"GLUE_CONFORMANCE_TEIR"}, shapes()),
              ElementsAre(HasSubstr("GLUE_CONFORMANCE_TEIR is set, but there is no such option; did you mean "
                                    "GLUE_CONFORMANCE_TIER?")));
}

}  // namespace
}  // namespace conformance::cli::settings_test
