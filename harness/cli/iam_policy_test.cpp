#include "harness/cli/iam_policy.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace conformance::cli::iam_policy_test {
namespace {

using nlohmann::json;

std::set<std::string> actions_of(const json& policy) {
  std::set<std::string> all;
  for (const json& statement : policy.at("Statement")) {
    EXPECT_EQ(statement.at("Effect"), "Allow");
    const json& actions = statement.at("Action");
    if (actions.is_string()) all.insert(actions);
    if (actions.is_array())
      for (const json& action : actions) all.insert(action);
  }
  return all;
}

TEST(IamPolicy, AllowsNoCreationWithoutARole) {
  const json policy = json::parse(iam_policy({}));
  EXPECT_EQ(policy.at("Version"), "2012-10-17");
  EXPECT_EQ(actions_of(policy), (std::set<std::string>{"glue:DeleteSession", "glue:GetSession", "glue:ListSessions"}));
  EXPECT_EQ(policy.at("Statement").at(1).at("Resource"), "arn:aws:glue:*:*:session/*");
}

TEST(IamPolicy, AllowsSessionsOfOneRole) {
  const std::string role = "arn:aws-cn:iam::123456789012:role/r";
  const json policy = json::parse(iam_policy({.account = "123456789012", .region = "cn-north-1", .role = role}));
  EXPECT_EQ(actions_of(policy),
            (std::set<std::string>{"glue:DeleteSession", "glue:GetSession", "glue:ListSessions", "glue:CreateSession",
                                   "glue:StopSession", "glue:TagResource", "iam:PassRole"}));
  EXPECT_EQ(policy.at("Statement").at(1).at("Resource"), "arn:aws-cn:glue:cn-north-1:123456789012:session/*");
  EXPECT_EQ(policy.at("Statement").at(2).at("Resource"), role);
}

}  // namespace
}  // namespace conformance::cli::iam_policy_test
