#include "reports/counterexamples.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fixtures/testing/temporary_folder.h"
#include "harness/run/counterexample.h"
#include "reports/junit.h"

namespace conformance::reports::counterexamples_test {
namespace {

CaseResult result(bool generated, Verdict verdict) {
  CaseResult result;
  result.test.id = "generated.body.mutated";
  result.test.requirement = "json.reject";
  result.test.kind = Kind::malformed;
  result.test.body = "{";
  if (generated) result.test.property = std::make_shared<Property>();
  result.judgement.verdict = verdict;
  result.judgement.requirement = "json.reject";
  return result;
}

void report(const std::string& folder, const CaseResult& one) {
  CounterexampleReport report(folder);
  RunInfo info;
  info.seed = 7;
  report.on_start(info, spec::builtin_table());
  report.on_case(one);
  report.on_end({});
}

TEST(CounterexampleReport, SavesAFailureOfAPropertyUnderItsId) {
  const testing_support::TemporaryFolder folder;
  const std::string into = folder.file("counterexamples");
  report(into, result(true, Verdict::fail));
  std::ifstream file(into + "/generated.body.mutated.json", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  const Counterexample saved = parse_counterexample(text.str(), spec::builtin_table());
  EXPECT_EQ(saved.test.body, "{");
  EXPECT_EQ(saved.seed, 7U);
}

TEST(CounterexampleReport, SavesNothingElse) {
  const testing_support::TemporaryFolder folder;
  const std::string into = folder.file("counterexamples");
  report(into, result(true, Verdict::pass));
  report(into, result(false, Verdict::fail));
  EXPECT_FALSE(std::filesystem::exists(into));
}

TEST(CounterexampleReport, SaysThatItCouldNotSave) {
  const testing_support::TemporaryFolder folder;
  const std::string blocked = folder.file("file");
  std::ofstream(blocked) << "no folder";
  EXPECT_THROW(report(blocked, result(true, Verdict::fail)), ReportError);
}

}  // namespace
}  // namespace conformance::reports::counterexamples_test
