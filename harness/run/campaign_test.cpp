#include "harness/run/campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace conformance::campaign_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// An endpoint in one line: what is wrong with a body, or nothing.
using Endpoint = std::function<std::string(const std::string& body)>;

CaseResult judged(const Case& test, const std::string& blamed) {
  CaseResult result;
  result.test = test;
  result.judgement.requirement = blamed.empty() ? test.requirement : blamed;
  result.judgement.verdict = blamed.empty() ? Verdict::pass : Verdict::fail;
  result.judgement.actual = blamed.empty() ? "" : "refused";
  result.judgement.checks = {{test.requirement, blamed.empty()}};
  return result;
}

struct Carried {
  CaseResult result;
  std::vector<std::string> sent;
};

Carried run(const Case& test, const Endpoint& endpoint, const CampaignLimits& limits = {}) {
  Carried all;
  const auto campaign = start_campaign(test, limits);
  for (auto batch = campaign->next(8); !batch.empty(); batch = campaign->next(8)) {
    EXPECT_LE(batch.size(), 8U);
    std::vector<CaseResult> results;
    for (const Case& c : batch) {
      all.sent.push_back(c.body);
      results.push_back(judged(c, endpoint(c.body)));
    }
    campaign->take(std::move(results));
  }
  all.result = campaign->conclude();
  return all;
}

Case number(std::uint64_t value) {
  Case c;
  c.id = "generated.numbers." + std::to_string(value);
  c.requirement = "r";
  c.body = std::to_string(value);
  c.smaller = [value] {
    std::vector<Case> all;
    for (std::uint64_t n = value; n > 0; n /= 2) all.push_back(number(n - 1));
    return all;
  };
  return c;
}

// The examples are "0", "1", …; a smaller one is a lesser number.
Case numbers() {
  Case test;
  test.id = "generated.numbers";
  test.requirement = "r";
  auto property = std::make_shared<Property>();
  property->example = number;
  test.property = property;
  return test;
}

TEST(PropertyCampaign, PassesWhereEveryExampleDoes) {
  const Carried run_of_20 = run(numbers(), [](const std::string&) { return ""; }, {.examples = 20});
  EXPECT_EQ(run_of_20.sent.size(), 20U);
  EXPECT_EQ(run_of_20.result.judgement.verdict, Verdict::pass);
  EXPECT_EQ(run_of_20.result.test.id, "generated.numbers");
  ASSERT_EQ(run_of_20.result.judgement.checks.size(), 1U);
}

TEST(PropertyCampaign, ShrinksToTheSmallestThatFailsInTheSameWay) {
  // Below 10 another requirement fails: no counterexample to the one that was found.
  const Carried found = run(numbers(),
                            [](const std::string& body) {
                              const int n = std::stoi(body);
                              return n >= 17 ? "r" : n >= 5 && n < 10 ? "other" : "";
                            },
                            {.examples = 100});
  // The first to fail are 5 to 7, in the first batch: those of "other".
  EXPECT_EQ(found.result.judgement.requirement, "other");
  EXPECT_EQ(found.result.test.body, "5");
  const Carried later =
      run(numbers(), [](const std::string& body) { return std::stoi(body) >= 17 ? "r" : ""; }, {.examples = 100});
  EXPECT_EQ(later.result.judgement.verdict, Verdict::fail);
  EXPECT_EQ(later.result.test.body, "17");
  EXPECT_EQ(later.result.test.id, "generated.numbers");
  EXPECT_THAT(later.result.test.title, HasSubstr("example 18 of 100"));
}

TEST(PropertyCampaign, SpendsNoMoreThanItsBudgetOnShrinking) {
  const auto all_fail_from_90 = [](const std::string& body) { return std::stoi(body) >= 30 ? "r" : ""; };
  const Carried unshrunk = run(numbers(), all_fail_from_90, {.examples = 40, .max_shrink_requests = 0});
  EXPECT_EQ(unshrunk.result.judgement.verdict, Verdict::fail);
  EXPECT_EQ(unshrunk.result.test.body, "30");
  EXPECT_EQ(unshrunk.sent.size(), 32U + 1U);  // the examples up to the failing batch, and once more
}

TEST(PropertyCampaign, EndsShrinkingWhereNothingIsAnswered) {
  const auto shrink_of = [](bool answers) {
    Case test = numbers();
    auto property = std::make_shared<Property>();
    property->example = [](std::uint64_t) {
      Case c = number(1000);
      c.smaller = [] {
        std::vector<Case> all;
        for (std::uint64_t n = 0; n < 500; ++n) all.push_back(number(n));
        return all;
      };
      return c;
    };
    test.property = std::move(property);
    std::size_t sent = 0;
    const auto campaign = start_campaign(test, {.examples = 1});
    for (auto batch = campaign->next(8); !batch.empty(); batch = campaign->next(8)) {
      std::vector<CaseResult> results;
      for (const Case& c : batch) {
        results.push_back(judged(c, c.body == "1000" ? "r" : ""));
        results.back().stimulus.emplace();
        if (answers || c.body == "1000") results.back().stimulus->response.emplace();
        ++sent;
      }
      campaign->take(std::move(results));
    }
    EXPECT_EQ(campaign->conclude().test.body, "1000");
    return sent;
  };
  EXPECT_EQ(shrink_of(true), 502U);
  EXPECT_LT(shrink_of(false), 100U);
}

TEST(PropertyCampaign, CallsInconclusiveWhatFailedOnceAndGoesOn) {
  int times = 0;
  const Carried flaky =
      run(numbers(), [&times](const std::string& body) { return body == "3" && times++ == 0 ? "r" : ""; },
          {.examples = 20});
  EXPECT_EQ(flaky.result.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(flaky.result.judgement.reason, HasSubstr("example 4 failed once"));
  EXPECT_EQ(flaky.sent.back(), "19");
}

TEST(PropertyCampaign, TakesTheNextFailureOfABatchWhereTheFirstWasAFlake) {
  int times = 0;
  const Carried found = run(
      numbers(), [&times](const std::string& body) { return (body == "3" && times++ == 0) || body == "5" ? "r" : ""; },
      {.examples = 20});
  EXPECT_EQ(found.result.judgement.verdict, Verdict::fail);
  EXPECT_EQ(found.result.test.body, "5");
}

TEST(PropertyCampaign, IsNoGreenWhereAnExampleStayedOpen) {
  const auto campaign_test = numbers();
  const auto campaign = start_campaign(campaign_test, {.examples = 2});
  std::vector<CaseResult> results;
  for (const Case& c : campaign->next(8)) results.push_back(judged(c, ""));
  results.back().judgement.verdict = Verdict::inconclusive;
  results.back().judgement.reason = "throttled";
  campaign->take(std::move(results));
  EXPECT_TRUE(campaign->next(8).empty());
  const CaseResult result = campaign->conclude();
  EXPECT_EQ(result.judgement.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.judgement.reason, "1 of 2 examples: throttled");
}

TEST(PropertyCampaign, IsSkippedWhereNothingWasSent) {
  const Case test = numbers();
  EXPECT_EQ(start_campaign(test, {})->conclude().judgement.verdict, Verdict::skipped);
}

// Stimuli are the characters a to z, packed by 8.
Case letters() {
  Case test;
  test.id = "alphabet";
  test.requirement = "r";
  auto sweep = std::make_shared<Sweep>();
  sweep->ranges = {{'a', 'z'}};
  sweep->room = 8;
  sweep->stimulus = [](std::span<const char32_t> points) {
    Case c;
    c.requirement = "r";
    for (const char32_t point : points) c.body += static_cast<char>(point);
    return c;
  };
  test.sweep = sweep;
  return test;
}

TEST(SweepCampaign, NeedsOneStimulusAPackWhereAllPass) {
  const Carried run_of_all = run(letters(), [](const std::string&) { return ""; });
  EXPECT_THAT(run_of_all.sent, ElementsAre("abcdefgh", "ijklmnop", "qrstuvwx", "yz"));
  EXPECT_EQ(run_of_all.result.judgement.verdict, Verdict::pass);
}

// Two bytes each, 8 of them within the room in code points alone.
Case accents() {
  Case test = letters();
  auto wide = std::make_shared<Sweep>(*test.sweep);
  wide->ranges = {{0xE0, 0xF1}};
  wide->most = 8;
  test.sweep = wide;
  return test;
}

TEST(SweepCampaign, PacksByCodePointsWhereThatPasses) {
  const Carried counted_so = run(accents(), [](const std::string&) { return ""; });
  EXPECT_EQ(counted_so.sent.size(), 3U);
  EXPECT_EQ(counted_so.sent.front().size(), 8U);
  EXPECT_EQ(counted_so.result.judgement.verdict, Verdict::pass);
}

TEST(SweepCampaign, BlamesNoCharacterForALengthInAnotherUnit) {
  const Carried in_bytes = run(accents(), [](const std::string& body) { return body.size() > 4 ? "r" : ""; });
  EXPECT_EQ(in_bytes.result.judgement.verdict, Verdict::pass);
  const Carried refused = run(accents(), [](const std::string& body) {
    return body.size() > 4 || body.find('\xE5') != std::string::npos ? "r" : "";
  });
  EXPECT_THAT(refused.result.judgement.actual, HasSubstr("1 of 18 characters, U+00E5: refused"));
}

TEST(SweepCampaign, NamesExactlyTheCulpritsAsRanges) {
  const Carried found = run(
      letters(), [](const std::string& body) { return body.find_first_of("bklmnz") == std::string::npos ? "" : "r"; });
  EXPECT_EQ(found.result.judgement.verdict, Verdict::fail);
  EXPECT_THAT(found.result.judgement.actual, HasSubstr("6 of 26 characters, U+0062, U+006B..U+006E, U+007A: refused"));
  EXPECT_EQ(found.result.test.id, "alphabet");
}

TEST(SweepCampaign, BlamesAPackOfWhichNoHalfFails) {
  const Carried found =
      run(letters(), [](const std::string& body) { return body.find("de") == std::string::npos ? "" : "r"; });
  EXPECT_THAT(found.result.judgement.actual, HasSubstr("U+0061..U+0068"));
}

TEST(SweepCampaign, CountsWhatFailsInAnotherWay) {
  const Carried found = run(letters(), [](const std::string& body) {
    return body.find('a') != std::string::npos ? "r" : body.find('q') != std::string::npos ? "other" : "";
  });
  EXPECT_EQ(found.result.judgement.requirement, "r");
  EXPECT_THAT(found.result.judgement.actual, HasSubstr("1 of 26 characters, U+0061: refused"));
  EXPECT_EQ(found.result.judgement.note, "also other: 1 of 26 characters, U+0071: refused");
}

TEST(SweepCampaign, BlamesWhatFailsTheRunBeforeWhatOnlyWarns) {
  const Case test = letters();
  const auto campaign = start_campaign(test, {});
  for (auto batch = campaign->next(8); !batch.empty(); batch = campaign->next(8)) {
    std::vector<CaseResult> results;
    for (const Case& c : batch) {
      const bool warns = c.body.find('a') != std::string::npos, fails = c.body.find('y') != std::string::npos;
      results.push_back(judged(c, fails ? "must" : warns ? "should" : ""));
      results.back().warning = warns;
    }
    campaign->take(std::move(results));
  }
  const CaseResult result = campaign->conclude();
  EXPECT_EQ(result.judgement.requirement, "must");
  EXPECT_FALSE(result.warning);
}

TEST(SweepCampaign, SendsAgainBeforeItBlames) {
  std::set<std::string> failed;
  const Carried once = run(letters(), [&failed](const std::string& body) {
    return body.find('c') != std::string::npos && failed.insert(body).second ? "r" : "";
  });
  EXPECT_EQ(once.result.judgement.verdict, Verdict::pass);
}

TEST(SweepCampaign, TakesApartAtOnceWhereAllFails) {
  Case test = letters();
  auto wide = std::make_shared<Sweep>(*test.sweep);
  wide->ranges = {{0x100, 0x4FF}};
  test.sweep = wide;
  const Carried all = run(test, [](const std::string&) { return "r"; });
  EXPECT_THAT(all.result.judgement.actual, HasSubstr("1024 of 1024 characters, U+0100..U+04FF"));
  // 256 packs of four, 1,024 characters, and little more; by halves it would be 1,792.
  EXPECT_LT(all.sent.size(), 1400U);
}

TEST(SweepCampaign, SaysHowMuchItDecidedWhereItWasStopped) {
  const Case test = letters();
  const auto campaign = start_campaign(test, {});
  std::vector<CaseResult> results;
  for (const Case& c : campaign->next(1)) results.push_back(judged(c, "r"));
  campaign->take(std::move(results));
  for (int i = 0; i < 5; ++i) {
    results.clear();
    for (const Case& c : campaign->next(8)) results.push_back(judged(c, "r"));
    campaign->take(std::move(results));
  }
  EXPECT_THAT(campaign->conclude().judgement.note, HasSubstr("of 26 characters were decided"));
}

TEST(SweepCampaign, AsksOnlyWhatWasNotSettledElsewhere) {
  Case test = letters();
  EXPECT_TRUE(start_campaign(test, {})->unasked().empty());
  auto in_bulk = std::make_shared<Sweep>(*test.sweep);
  in_bulk->body = [](char32_t, std::string&) {};
  test.sweep = in_bulk;
  const auto campaign = start_campaign(test, {});
  ASSERT_EQ(campaign->unasked().size(), 26U);
  campaign->settle({true, false, true, true, false});
  ASSERT_EQ(campaign->unasked().size(), 23U);
  EXPECT_EQ(campaign->unasked()[0], U'b');
  EXPECT_EQ(campaign->unasked()[1], U'e');
  EXPECT_EQ(campaign->unasked()[2], U'f');
  campaign->settle(std::vector<bool>(23, true));
  EXPECT_TRUE(campaign->next(8).empty());
  EXPECT_EQ(campaign->conclude().judgement.verdict, Verdict::pass);
}

Case numbers_in_bulk() {
  Case test = numbers();
  auto property = std::make_shared<Property>(*test.property);
  property->valid_body = [](std::uint64_t index, std::string& to) { to += std::to_string(index); };
  test.property = property;
  return test;
}

BulkResults all_as(BulkResults::State state, std::size_t count) {
  return {std::vector<BulkResults::State>(count, state), {}};
}

TEST(PropertyCampaign, AsksOnlyWhatWasNotSettledElsewhere) {
  EXPECT_EQ(start_campaign(numbers(), {})->unasked_examples().count, 0U);
  const Case test = numbers_in_bulk();
  const auto campaign = start_campaign(test, {.examples = 20});
  std::vector<CaseResult> results;
  for (const Case& c : campaign->next(2)) results.push_back(judged(c, ""));
  campaign->take(std::move(results));
  EXPECT_EQ(campaign->unasked_examples().first, 2U);
  EXPECT_EQ(campaign->unasked_examples().count, 18U);
  BulkResults some = all_as(BulkResults::State::passed, 10);
  some.states[3] = BulkResults::State::open;
  campaign->settle_examples(std::move(some));
  EXPECT_EQ(campaign->unasked_examples().count, 0U) << "what is open comes first";
  const std::vector<Case> open = campaign->next(1);
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open.front().body, "5");
  campaign->take({judged(open.front(), "")});
  EXPECT_EQ(campaign->unasked_examples().first, 12U);
  campaign->settle_examples(all_as(BulkResults::State::passed, 8));
  EXPECT_TRUE(campaign->next(8).empty());
  EXPECT_EQ(campaign->conclude().judgement.verdict, Verdict::pass);
}

TEST(PropertyCampaign, ConfirmsAndMakesSmallerWhatFailedElsewhere) {
  const Case test = numbers_in_bulk();
  const auto campaign = start_campaign(test, {.examples = 100});
  BulkResults some = all_as(BulkResults::State::passed, 50);
  some.states[40] = BulkResults::State::judged;
  some.judged.emplace_back(40, judged(number(40), "r"));
  campaign->settle_examples(std::move(some));
  for (auto batch = campaign->next(8); !batch.empty(); batch = campaign->next(8)) {
    std::vector<CaseResult> results;
    for (const Case& c : batch) results.push_back(judged(c, std::stoi(c.body) >= 33 ? "r" : ""));
    campaign->take(std::move(results));
  }
  const CaseResult found = campaign->conclude();
  EXPECT_EQ(found.judgement.verdict, Verdict::fail);
  EXPECT_EQ(found.test.body, "33");
  EXPECT_THAT(found.test.title, HasSubstr("example 41 of 100"));
}

TEST(RangesInWords, DrawsRunsTogetherAndCutsWhatIsTooLong) {
  EXPECT_EQ(ranges_in_words({U'a', U'b', U'd'}, 5), "U+0061..U+0062, U+0064");
  EXPECT_EQ(ranges_in_words({U'a', U'c', U'e'}, 2), "U+0061, U+0063 and 1 more ranges");
}

}  // namespace
}  // namespace conformance::campaign_test
