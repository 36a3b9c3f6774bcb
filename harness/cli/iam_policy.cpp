#include "harness/cli/iam_policy.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/spec/spec_table.h"

namespace conformance::cli {
namespace {

using nlohmann::ordered_json;

// Of X-Amz-Target "AWSGlue.DeleteSession": the action "glue:DeleteSession".
std::string action(const spec::SpecTable& table, const std::string& target) {
  return table.service + ":" + target.substr(target.find('.') + 1);
}

// Of an ARN; "aws" if it is none.
std::string partition_of(const PolicyScope& scope) {
  if (scope.role.starts_with("arn:")) return scope.role.substr(4, scope.role.find(':', 4) - 4);
  return scope.region.starts_with("cn-") ? "aws-cn" : scope.region.starts_with("us-gov-") ? "aws-us-gov" : "aws";
}

}  // namespace

std::string iam_policy(const PolicyScope& scope) {
  const spec::SpecTable& table = spec::builtin_table();
  const spec::Lifecycle& calls = table.lifecycle;
  const std::string sessions =
      fmt::format("arn:{}:{}:{}:{}:session/*", partition_of(scope), table.service,
                  scope.region.empty() ? "*" : scope.region, scope.account.empty() ? "*" : scope.account);
  ordered_json statements = ordered_json::array();
  // ListSessions knows no resource (service authorization reference of AWS Glue).
  statements.push_back({{"Sid", "SeeWhichSessionsAreThere"},
                        {"Effect", "Allow"},
                        {"Action", ordered_json::array({action(table, calls.list.target)})},
                        {"Resource", "*"}});
  ordered_json actions = ordered_json::array({action(table, table.target), action(table, calls.get.target)});
  if (!scope.role.empty()) {
    for (const spec::LifecycleCall* call : {&calls.create, &calls.stop}) actions.push_back(action(table, call->target));
    actions.push_back(table.service + ":TagResource");
  }
  statements.push_back(
      {{"Sid", "CallTheOperation"}, {"Effect", "Allow"}, {"Action", std::move(actions)}, {"Resource", sessions}});
  if (!scope.role.empty()) {
    statements.push_back(
        {{"Sid", "GiveTheRoleToSessions"},
         {"Effect", "Allow"},
         {"Action", "iam:PassRole"},
         {"Resource", scope.role},
         {"Condition", {{"StringEquals", {{"iam:PassedToService", table.service + ".amazonaws.com"}}}}}});
  }
  const ordered_json policy{{"Version", "2012-10-17"}, {"Statement", std::move(statements)}};
  return policy.dump(2) + "\n";
}

}  // namespace conformance::cli
