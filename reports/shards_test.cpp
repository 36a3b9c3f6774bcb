#include "reports/shards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "reports/run_examples.h"

namespace conformance::reports::shards_test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Listening : public RunListener {
 public:
  void on_start(const RunInfo& told, const spec::SpecTable&) override { info = told; }
  void on_case(const CaseResult& result) override { ids.push_back(result.test.id); }
  void on_end(const RunEnd& told) override { end = told; }

  RunInfo info;
  std::vector<std::string> ids;
  RunEnd end;
};

struct Told {
  RunInfo info;
  std::vector<CaseResult> results;
  RunEnd end;
};

// Of the plan a.1 to a.4, the first with the odd ones.
std::vector<Told> two_shards() {
  std::vector<Told> all(2);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].info = examples::info();
    all[i].info.plan =
        std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a.1", "a.2", "a.3", "a.4"});
    all[i].info.shard = i;
    all[i].info.shards = 2;
    all[i].info.planned = 2;
    all[i].end.requests = 10;
    all[i].end.elapsed = std::chrono::seconds(i + 1);
  }
  all[0].results = {examples::result("a.1", Verdict::pass), examples::result("a.3", Verdict::pass)};
  all[1].results = {examples::result("a.2", Verdict::pass), examples::result("a.4", Verdict::skipped)};
  return all;
}

void take(Shards& shards, const std::vector<Told>& all) {
  int number = 0;
  for (const Told& one : all)
    examples::tell(shards.add("shard" + std::to_string(number++)), one.results, one.info, one.end);
}

std::vector<std::string> faults_of(const std::function<void(std::vector<Told>&)>& change) {
  std::vector<Told> all = two_shards();
  change(all);
  Shards shards;
  take(shards, all);
  return shards.faults();
}

TEST(Shards, AreOneRunInTheOrderOfThePlan) {
  Shards shards;
  take(shards, two_shards());
  EXPECT_THAT(shards.faults(), IsEmpty());
  Listening merged;
  EXPECT_EQ(shards.tell(merged), 0);
  EXPECT_THAT(merged.ids, ElementsAre("a.1", "a.2", "a.3", "a.4"));
  EXPECT_EQ(merged.info.planned, 4U);
  EXPECT_EQ(merged.info.shards, 1U);
  EXPECT_EQ(merged.end.totals.planned, 4U);
  EXPECT_EQ(merged.end.totals.pass, 3U);
  EXPECT_EQ(merged.end.requests, 20U);
  EXPECT_EQ(merged.end.elapsed, std::chrono::seconds(2));
  const auto& known = spec::builtin_table().characteristics;
  const auto measured = std::count_if(known.begin(), known.end(), [](const spec::Characteristic& c) {
    return !spec::builtin_table().is_of_proxies(c.id);
  });
  EXPECT_EQ(merged.end.characteristics.size(), static_cast<std::size_t>(measured));
}

TEST(Shards, AreAsBadAsTheWorstOfThem) {
  const auto status_of = [](const std::function<void(std::vector<Told>&)>& change) {
    std::vector<Told> all = two_shards();
    change(all);
    Shards shards;
    take(shards, all);
    Listening merged;
    const int status = shards.tell(merged);
    EXPECT_EQ(merged.end.exit_status, status);
    return status;
  };
  EXPECT_EQ(status_of([](auto& all) { all[1].results[0] = examples::result("a.2", Verdict::fail); }), 1);
  EXPECT_EQ(status_of([](auto& all) { all[1].results[0] = examples::result("a.2", Verdict::inconclusive); }), 4);
  EXPECT_EQ(status_of([](auto& all) { all[1].end.fatal = "nobody listens"; }), 3);
  EXPECT_EQ(status_of([](auto& all) { all[1].end.leftovers = {"a"}; }), 3);
  EXPECT_EQ(status_of([](auto& all) { all[1].end.interrupted = true; }), 130);
}

TEST(Shards, LackNoPlannedCase) {
  EXPECT_THAT(faults_of([](auto& all) { all[0].results.pop_back(); }),
              ElementsAre("'a.3' is missing: it is in no shard"));
  EXPECT_THAT(faults_of([](auto& all) { all.pop_back(); }),
              ElementsAre("'a.2' is missing: it is in no shard", "'a.4' is missing: it is in no shard"));
  EXPECT_THAT(faults_of([](auto& all) { all.clear(); }), ElementsAre("there is no shard"));
}

TEST(Shards, HaveNoCaseTwice) {
  EXPECT_THAT(faults_of([](auto& all) { all.push_back(all[1]); }),
              ElementsAre("'a.2' is doubled: it is in 'shard1' and in 'shard2'",
                          "'a.4' is doubled: it is in 'shard1' and in 'shard2'"));
  EXPECT_THAT(faults_of([](auto& all) { all[0].results.push_back(examples::result("a.9", Verdict::pass)); }),
              ElementsAre("'a.9' is in 'shard0', but not planned"));
  EXPECT_THAT(faults_of([](auto& all) { all[0].results.push_back(all[0].results[0]); }), IsEmpty()) << "--gtest_repeat";
}

TEST(Shards, AreOfOnePlan) {
  const auto fault_of = [](const std::function<void(RunInfo&)>& change) {
    return faults_of([&change](auto& all) { change(all[1].info); });
  };
  const auto says = [](const std::string& what) { return Contains(HasSubstr(what)); };
  EXPECT_THAT(fault_of([](RunInfo& i) { i.seed = 7; }),
              ElementsAre("'shard1' is of another plan than 'shard0': its seed is '7', not '18446744073709551615'"));
  EXPECT_THAT(fault_of([](RunInfo& i) { i.tier = Tier::smoke; }), says("its tier is 'smoke', not 'standard'"));
  EXPECT_THAT(fault_of([](RunInfo& i) { i.tool_version = "0.2.0"; }), says("its version is '0.2.0', not '0.1.0'"));
  EXPECT_THAT(fault_of([](RunInfo& i) { i.endpoint = "http://\x1b/"; }), says(R"(its endpoint is 'http://\u001b/')"));
  EXPECT_THAT(fault_of([](RunInfo& i) { i.shards = 3; }), says("its number of shards is '3'"));
  EXPECT_THAT(fault_of([](RunInfo& i) { i.signed_requests = false; }), says("its signing is 'unsigned'"));
  EXPECT_THAT(fault_of([](RunInfo& i) { i.plan.reset(); }), says("its cases are others"));
  EXPECT_THAT(faults_of([](auto& all) {
                for (Told& one : all) one.info.plan.reset();
              }),
              says("'shard0' does not say what was planned"));
}

}  // namespace
}  // namespace conformance::reports::shards_test
