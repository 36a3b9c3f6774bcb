#include "harness/run/shard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "harness/spec/spec_table.h"
#include "harness/wire/usage_error.h"
#include "suites/suites.h"

namespace conformance::shard_test {
namespace {

using testing::HasSubstr;
using Variables = std::map<std::string, std::string>;

Shard choose(const std::string& option, const Variables& variables = {}) {
  return choose_shard(option, [&variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

std::string refusal(const std::string& option, const Variables& variables = {}) {
  try {
    (void)choose(option, variables);
  } catch (const wire::UsageError& error) {
    return error.what();
  }
  ADD_FAILURE() << "accepted: " << option;
  return "";
}

#define EXPECT_SHARD(shard, i, n) \
  do {                            \
    const Shard got = (shard);    \
    EXPECT_EQ(got.index, i);      \
    EXPECT_EQ(got.total, n);      \
  } while (false)

TEST(Shard, IsTheWholeUnlessSomethingSaysOtherwise) {
  EXPECT_SHARD(choose(""), 0U, 1U);
  EXPECT_SHARD(choose("", {{"GTEST_TOTAL_SHARDS", ""}, {"GTEST_SHARD_INDEX", ""}}), 0U, 1U);
  EXPECT_TRUE(Shard{}.holds("any"));
}

TEST(Shard, OfTheOptionCountsFromOne) {
  EXPECT_SHARD(choose("1/3"), 0U, 3U);
  EXPECT_SHARD(choose("3/3"), 2U, 3U);
  EXPECT_THAT(refusal("0/3"), HasSubstr("'0' is no whole number from 1 to 3"));
  EXPECT_THAT(refusal("4/3"), HasSubstr("'4' is no whole number from 1 to 3"));
  EXPECT_THAT(refusal("1/0"), HasSubstr("the total of --shard: '0'"));
  EXPECT_THAT(refusal("1/"), HasSubstr("the total of --shard: ''"));
  EXPECT_THAT(refusal("1"), HasSubstr("no INDEX/TOTAL"));
  EXPECT_THAT(refusal("x/3"), HasSubstr("'x'"));
}

TEST(Shard, FollowsTheProtocolsOfTestsByItself) {
  EXPECT_SHARD(choose("", {{"GTEST_TOTAL_SHARDS", "3"}, {"GTEST_SHARD_INDEX", "2"}}), 2U, 3U);
  EXPECT_SHARD(choose("", {{"TEST_TOTAL_SHARDS", "3"}, {"TEST_SHARD_INDEX", "0"}}), 0U, 3U);
  EXPECT_EQ(
      choose("", {{"TEST_TOTAL_SHARDS", "3"}, {"TEST_SHARD_INDEX", "0"}, {"TEST_SHARD_STATUS_FILE", "/s"}}).status_file,
      "/s");
}

// GitLab sets them for `parallel: matrix` too, where each job is to run everything.
TEST(Shard, FollowsACiSystemOnlyWhenToldTo) {
  const Variables gitlab{{"CI_NODE_TOTAL", "4"}, {"CI_NODE_INDEX", "1"}};
  EXPECT_SHARD(choose("", gitlab), 0U, 1U);
  EXPECT_SHARD(choose("auto", gitlab), 0U, 4U);
  EXPECT_SHARD(choose("auto", {{"CI_NODE_TOTAL", "4"}, {"CI_NODE_INDEX", "4"}}), 3U, 4U);
  EXPECT_SHARD(choose("auto", {{"CIRCLE_NODE_TOTAL", "4"}, {"CIRCLE_NODE_INDEX", "3"}}), 3U, 4U);
  EXPECT_SHARD(choose("auto", {{"BUILDKITE_PARALLEL_JOB_COUNT", "4"}, {"BUILDKITE_PARALLEL_JOB", "0"}}), 0U, 4U);
  EXPECT_SHARD(choose("auto", {{"SYSTEM_TOTALJOBSINPHASE", "4"}, {"SYSTEM_JOBPOSITIONINPHASE", "4"}}), 3U, 4U);
  EXPECT_SHARD(choose("auto", {{"GTEST_TOTAL_SHARDS", "3"}, {"GTEST_SHARD_INDEX", "2"}}), 2U, 3U);
}

TEST(Shard, OfAnIndexedJobNeedsItsNumber) {
  EXPECT_SHARD(choose("auto/4", {{"JOB_COMPLETION_INDEX", "3"}}), 3U, 4U);
  EXPECT_THAT(refusal("auto", {{"JOB_COMPLETION_INDEX", "3"}}), HasSubstr("write --shard auto/N"));
  EXPECT_THAT(refusal("auto/3", {{"JOB_COMPLETION_INDEX", "3"}}), HasSubstr("'3' is no whole number from 0 to 2"));
}

// A gate that silently ran everything, or a part twice, would not be noticed.
TEST(Shard, IsNotGuessed) {
  EXPECT_THAT(refusal("auto"), HasSubstr("none of GTEST_SHARD_INDEX"));
  EXPECT_THAT(refusal("", {{"GTEST_SHARD_INDEX", "0"}}),
              HasSubstr("GTEST_SHARD_INDEX is set, but GTEST_TOTAL_SHARDS is not"));
  EXPECT_THAT(refusal("", {{"GTEST_TOTAL_SHARDS", "1"}}),
              HasSubstr("GTEST_TOTAL_SHARDS is set, but GTEST_SHARD_INDEX is not"));
  EXPECT_THAT(refusal("", {{"GTEST_TOTAL_SHARDS", "2"}, {"GTEST_SHARD_INDEX", "2"}}), HasSubstr("from 0 to 1"));
  EXPECT_THAT(refusal("", {{"GTEST_TOTAL_SHARDS", "2"}, {"GTEST_SHARD_INDEX", "-1"}}), HasSubstr("'-1'"));
  EXPECT_THAT(refusal("auto/3", {{"CI_NODE_TOTAL", "4"}, {"CI_NODE_INDEX", "1"}}),
              HasSubstr("--shard says 3, but CI_NODE_TOTAL says 4"));
  EXPECT_THAT(
      refusal("auto",
              {{"CI_NODE_TOTAL", "4"}, {"CI_NODE_INDEX", "2"}, {"CIRCLE_NODE_TOTAL", "4"}, {"CIRCLE_NODE_INDEX", "2"}}),
      HasSubstr("CI_NODE_INDEX and CIRCLE_NODE_INDEX are set and disagree"));
}

TEST(Shard, OfTwoThatAgreeIsOne) {
  EXPECT_SHARD(choose("", {{"GTEST_TOTAL_SHARDS", "3"},
                           {"GTEST_SHARD_INDEX", "1"},
                           {"TEST_TOTAL_SHARDS", "3"},
                           {"TEST_SHARD_INDEX", "1"}}),
               1U, 3U);
}

TEST(Shards, HoldEachCaseOnceAndAboutEquallyMany) {
  const std::vector<Case> all = suites::all_cases(spec::builtin_table(), 0);
  for (const std::size_t total : {2U, 5U, 16U}) {
    std::vector<std::size_t> sizes(total);
    for (const Case& c : all) {
      std::size_t holders = 0;
      for (std::size_t i = 0; i < total; ++i) {
        if (!Shard{i, total, ""}.holds(c.id)) continue;
        ++sizes[i];
        ++holders;
      }
      ASSERT_EQ(holders, 1U) << c.id;
    }
    const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
    EXPECT_GT(*least * 3, *most * 2) << total;
  }
}

// Reports of two versions, and a re-run of one shard, would else be of other cases.
TEST(Shards, KeepTheirCasesFromVersionToVersion) {
  std::string where;
  for (const char* id : {"delete.plain.id", "id.length.256", "type.id.number", "http.close"})
    for (std::size_t i = 0; i < 3; ++i)
      if (Shard{i, 3, ""}.holds(id)) where += std::to_string(i);
  EXPECT_EQ(where, "2000");
}

}  // namespace
}  // namespace conformance::shard_test
