#include "reports/next_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::reports::next_steps_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct NextSteps : testing::Test {
  NextSteps() {
    info.endpoint_arg = "--endpoint http://localhost:5000";
    info.replay_args = "--seed 7";
    info.curl_url = "http://localhost:5000";
    info.planned = info.available = 10;
    table.requirements.resize(2);
    table.requirements[0].id = "id.max";
    table.requirements[1].id = "id.min";
    end.totals.pass = 10;
    end.elapsed = std::chrono::seconds(2);
    end.requests = 100;
  }

  void fails(const std::string& requirement, std::size_t times, bool warning = false) {
    example.test.id = "case." + requirement;
    examples.push_back(std::make_unique<CaseResult>(example));
    RequirementTally r;
    r.id = requirement;
    r.failed = times;
    r.warning = warning;
    r.smallest = examples.back().get();
    requirements.push_back(r);
    if (!warning) end.exit_status = 1;
  }

  [[nodiscard]] std::vector<std::string> commands() const {
    std::vector<std::string> all;
    for (const NextStep& step : next_steps({info, table, end, requirements, inconclusive, errors, html}))
      all.push_back(step.command);
    return all;
  }

  RunInfo info;
  spec::SpecTable table;
  RunEnd end;
  CaseResult example;
  std::vector<std::unique_ptr<CaseResult>> examples;
  std::vector<RequirementTally> requirements;
  std::vector<ReasonTally> inconclusive, errors;
  std::string html;
};

const std::string again = "glue-conformance run --endpoint http://localhost:5000 --seed 7";

TEST_F(NextSteps, OfAGreenRunThereAreNone) { EXPECT_THAT(commands(), IsEmpty()); }

TEST_F(NextSteps, OfAGreenSmokeRunAskForTheRest) {
  info.tier = Tier::smoke;
  EXPECT_THAT(commands(), ElementsAre(again + " --tier standard"));
  info.planned = 3;
  EXPECT_THAT(commands(), IsEmpty()) << "somebody chose them";
}

TEST_F(NextSteps, OfAFailureAreItsReplayItsRequirementAndThePage) {
  fails("id.min", 3);
  fails("id.max", 5);
  EXPECT_THAT(commands(), ElementsAre("glue-conformance replay case.id.max --endpoint http://localhost:5000 --seed 7",
                                      "glue-conformance explain id.max", again + " --report-dir report"));
  html = "out dir/report.html";
  EXPECT_EQ(commands().at(2), "\"${BROWSER:-xdg-open}\" 'out dir/report.html'");
  end.unwritten = {"cannot write the HTML report"};
  EXPECT_EQ(commands().size(), 2U);
  info.planned = 1;
  html.clear();
  EXPECT_EQ(commands().size(), 2U) << "the whole plan would be another run";
}

TEST_F(NextSteps, ThatRunAgainAreHeldToTheSame) {
  info.gate_args = "--filter 'id.*' --known-failures known.toml";
  info.tier = Tier::smoke;
  EXPECT_THAT(commands(), ElementsAre(again + " --filter 'id.*' --known-failures known.toml --tier standard"));
  fails("id.max", 1);
  EXPECT_EQ(commands().at(2), again + " --filter 'id.*' --known-failures known.toml --tier smoke --report-dir report");
  EXPECT_EQ(commands().at(0), "glue-conformance replay case.id.max --endpoint http://localhost:5000 --seed 7")
      << "known or not, it shows what it does";
}

TEST_F(NextSteps, AWarningIsLessThanAFailureAndNothingByItself) {
  fails("id.min", 9, true);
  EXPECT_THAT(commands(), IsEmpty());
  fails("id.max", 1);
  EXPECT_EQ(commands().at(1), "glue-conformance explain id.max");
}

TEST_F(NextSteps, OfThrottlingAreSlowerRequests) {
  end.exit_status = 4;
  inconclusive = {{"throttled: 429", 5, "a"}};
  EXPECT_THAT(commands(), ElementsAre(again + " --rate 25"));
  inconclusive = {{"the control was refused", 5, "a"}};
  EXPECT_THAT(commands(), ElementsAre("glue-conformance replay a --endpoint http://localhost:5000 --seed 7"));
}

TEST_F(NextSteps, OfAnEndpointThatIsNotThereKnockAndWait) {
  end.exit_status = 3;
  end.fatal = "connection refused";
  EXPECT_THAT(commands(), ElementsAre("curl -sS -i --max-time 5 http://localhost:5000",
                                      "until curl -sS -o /dev/null --max-time 5 http://localhost:5000; do sleep 1; "
                                      "done; " +
                                          again));
  info.replay_args += " --insecure";
  EXPECT_EQ(commands().at(0), "curl -sS -i --max-time 5 -k http://localhost:5000");
  info.replay_args += " --ca-bundle x.pem";
  EXPECT_THAT(commands(), IsEmpty()) << "curl does not reach it in the same way";
}

TEST_F(NextSteps, OfRefusedCredentialsLookWhatIsFound) {
  end.exit_status = 3;
  end.fatal = "the endpoint refuses the credentials: 400";
  EXPECT_THAT(commands(), IsEmpty()) << "they are the ones in the environment";
  info.keys_in_environment = false;
  EXPECT_THAT(commands(), ElementsAre("glue-conformance credentials --verify"));
}

TEST_F(NextSteps, WhatIsLeftBehindComesFirst) {
  end.leftovers = {"gc-1"};
  EXPECT_THAT(commands(), IsEmpty()) << "it ends with the embedded endpoint";
  info.sweep_line = "glue-conformance sweep l.jsonl";
  fails("id.max", 1);
  EXPECT_EQ(commands().size(), 3U);
  EXPECT_EQ(commands().at(0), "glue-conformance sweep l.jsonl");
}

TEST_F(NextSteps, OfARequirementThatIsNotInTheTableNothingIsExplained) {
  fails("no.such", 1);
  EXPECT_THAT(commands(), ElementsAre("glue-conformance replay case.no.such --endpoint http://localhost:5000 --seed 7",
                                      again + " --report-dir report"));
}

}  // namespace
}  // namespace conformance::reports::next_steps_test
