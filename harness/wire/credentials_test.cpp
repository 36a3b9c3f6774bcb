#include "harness/wire/credentials.h"

#include <gtest/gtest.h>

#include <map>

namespace conformance::wire::credentials_test {
namespace {

Lookup in(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) -> const char* {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : found->second.c_str();
  };
}

TEST(Credentials, TakesThePairAndTheToken) {
  const auto full =
      from_environment(in({{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_SESSION_TOKEN", "t"}}));
  ASSERT_TRUE(full);
  EXPECT_EQ(full->access_key, "a");
  EXPECT_EQ(full->secret_key, "s");
  EXPECT_EQ(full->session_token, "t");
  EXPECT_EQ(from_environment(in({{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "s"}}))->session_token, "");
}

TEST(Credentials, AreAbsentIfNeitherKeyIsSet) {
  EXPECT_FALSE(from_environment(in({})));
  EXPECT_FALSE(from_environment(in({{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", ""}})));
}

TEST(Credentials, RefuseHalfAPair) {
  EXPECT_THROW((void)from_environment(in({{"AWS_ACCESS_KEY_ID", "a"}})), UsageError);
  EXPECT_THROW((void)from_environment(in({{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", "s"}})), UsageError);
}

TEST(Credentials, RefuseWhatWouldBeAHeaderOfItsOwn) {
  const std::map<std::string, std::string> good{
      {"AWS_ACCESS_KEY_ID", "hidden1"}, {"AWS_SECRET_ACCESS_KEY", "hidden2"}, {"AWS_SESSION_TOKEN", "hidden3"}};
  for (const auto& [name, value] : good) {
    for (const char* bad : {"\n", "\r\nX-Injected: yes", "\t", "\x1f", "\x7f"}) {
      std::map<std::string, std::string> variables = good;
      variables[name] = value + bad;
      try {
        (void)from_environment(in(variables));
        ADD_FAILURE() << name << " was taken";
      } catch (const UsageError& error) {
        const std::string what = error.what();
        EXPECT_NE(what.find(name), std::string::npos) << what;
        EXPECT_EQ(what.find("hidden"), std::string::npos) << what;
      }
    }
  }
}

TEST(Credentials, MayHaveAnyCharacterThatCanStandInAHeader) {
  const auto taken = from_environment(in({{"AWS_ACCESS_KEY_ID", "a b~\xc3\xa9"}, {"AWS_SECRET_ACCESS_KEY", "/+="}}));
  EXPECT_EQ(taken->access_key, "a b~\xc3\xa9");
}

TEST(Region, PrefersTheNewerName) {
  EXPECT_EQ(region_from_environment(in({{"AWS_REGION", "r"}, {"AWS_DEFAULT_REGION", "d"}})), "r");
  EXPECT_EQ(region_from_environment(in({{"AWS_REGION", ""}, {"AWS_DEFAULT_REGION", "d"}})), "d");
  EXPECT_EQ(region_from_environment(in({})), std::nullopt);
}

}  // namespace
}  // namespace conformance::wire::credentials_test
