// The IAM policy that a run against the real service needs, and no more.
//
//     std::string json = iam_policy({.account = "123456789012", .region = "eu-west-1"});
#pragma once

#include <string>

namespace conformance::cli {

struct PolicyScope {
  std::string account = {};  // empty: any
  std::string region = {};   // empty: any
  std::string role = {};     // ARN of the sessions' role; empty: no session is created
};

// A policy document (IAM JSON policy grammar, version 2012-10-17) that ends with a line feed.
[[nodiscard]] std::string iam_policy(const PolicyScope& scope);

}  // namespace conformance::cli
