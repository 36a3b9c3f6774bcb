#include "harness/wire/credentials.h"

#include <gtest/gtest.h>

#include <map>

namespace conformance::wire {
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

TEST(Region, PrefersTheNewerName) {
  EXPECT_EQ(region_from_environment(in({{"AWS_REGION", "r"}, {"AWS_DEFAULT_REGION", "d"}})), "r");
  EXPECT_EQ(region_from_environment(in({{"AWS_REGION", ""}, {"AWS_DEFAULT_REGION", "d"}})), "d");
  EXPECT_EQ(region_from_environment(in({})), std::nullopt);
}

}  // namespace
}  // namespace conformance::wire
