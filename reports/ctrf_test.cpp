#include "reports/ctrf.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "fixtures/testing/harmless.h"
#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"
#include "harness/spec/json_schema.h"
#include "reports/run_examples.h"
#include "reports/whole_file.h"

namespace conformance::reports::ctrf_test {
namespace {

using nlohmann::json;

std::string text_of(const std::vector<CaseResult>& results, const RunEnd& end) {
  const testing_support::TemporaryFolder folder;
  CtrfReport report(folder.file("ctrf.json"));
  examples::tell(report, results, examples::info(), end);
  return testing_support::contents(folder.file("ctrf.json"));
}

json report_of(const std::vector<CaseResult>& results, const RunEnd& end = examples::end("x")) {
  return json::parse(text_of(results, end))["results"];
}

TEST(Ctrf, HasAStatusForEachVerdict) {
  const json results = report_of(examples::one_of_each("x"));
  std::vector<std::string> statuses, raw;
  for (const json& test : results["tests"]) {
    statuses.push_back(test["status"]);
    raw.push_back(test["rawStatus"]);
  }
  EXPECT_EQ(statuses, (std::vector<std::string>{"passed", "failed", "failed", "other", "skipped", "other"}));
  EXPECT_EQ(raw, (std::vector<std::string>{"pass", "fail", "error", "inconclusive", "skipped", "warning"}));
}

TEST(Ctrf, CountsItsTests) {
  const json summary = report_of(examples::one_of_each("x"))["summary"];
  EXPECT_EQ(summary["tests"], 6);
  EXPECT_EQ(summary["passed"], 1);
  EXPECT_EQ(summary["failed"], 2);
  EXPECT_EQ(summary["skipped"], 1);
  EXPECT_EQ(summary["other"], 2);
  EXPECT_EQ(summary["suites"], 2);
  EXPECT_EQ(summary["stop"].get<std::int64_t>() - summary["start"].get<std::int64_t>(), 2500);
}

TEST(Ctrf, SaysWhatAFailureIsHeldAgainst) {
  const json test = report_of(examples::one_of_each("200"))["tests"][1];
  EXPECT_EQ(test["message"], "id.length.max: expected 400 ValidationException; got 200");
  EXPECT_EQ(test["extra"]["requirement"], "id.length.max");
  EXPECT_EQ(test["extra"]["evidence"], spec::name_of(spec::builtin_table().requirement("id.length.max").evidence));
  EXPECT_FALSE(test["extra"]["sources"].empty());
  EXPECT_EQ(test["extra"]["replay"], "glue-conformance replay a.b.fail --endpoint http://localhost:5000");
  EXPECT_EQ(test["duration"], 2);
  EXPECT_EQ(test["suite"], json::array({"a.b"}));
}

TEST(Ctrf, KeepsTheWorstOfARepeatedCase) {
  const json tests = report_of({examples::result("a.b", Verdict::pass), examples::result("a.b", Verdict::fail),
                                examples::result("a.b", Verdict::pass)})["tests"];
  ASSERT_EQ(tests.size(), 1U);
  EXPECT_EQ(tests[0]["status"], "failed");
}

TEST(Ctrf, IsRedWhereNothingWasExecutedOrSomethingWasLeft) {
  RunEnd end;
  EXPECT_EQ(report_of({}, end)["summary"]["failed"], 1);
  end.fatal = "nobody listens";
  EXPECT_EQ(report_of({}, end)["tests"][0]["message"], "nobody listens");
  RunEnd left;
  left.leftovers = {"a"};
  EXPECT_EQ(report_of({examples::result("a.b", Verdict::pass)}, left)["summary"]["failed"], 1);
}

TEST(Ctrf, ActsOnNothingWhateverAnEndpointSays) {
  const std::string text = text_of(examples::one_of_each(examples::hostile()), examples::full_end(examples::hostile()));
  EXPECT_EQ(testing_support::fault_of_console(text), "");
}

TEST(Ctrf, IsValidAgainstItsSchema) {
  const char* shared = std::getenv("GLUE_CONFORMANCE_SHARED");
  const std::string path = (shared != nullptr ? std::string(shared) : std::string(PROJECT_SOURCE_DIR) + "/../shared") +
                           "/schemas/ctrf.schema.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no schema at " << path;
  std::ifstream file(path);
  const json schema = json::parse(file);
  for (const std::string& text : {std::string("x"), examples::hostile()}) {
    json document = json::parse(text_of(examples::one_of_each(text), examples::full_end(text)));
    for (const spec::SchemaFault& fault : spec::validate(schema, document))
      ADD_FAILURE() << fault.pointer << ": " << fault.message;
    document["results"]["tests"][0]["status"] = "good";
    EXPECT_FALSE(spec::validate(schema, document).empty());
  }
}

TEST(Ctrf, ThatCannotBeWrittenIsSaid) {
  CtrfReport report("/dev/full");
  EXPECT_THROW(examples::tell(report, examples::one_of_each("x"), examples::info(), {}), ReportError);
}

}  // namespace
}  // namespace conformance::reports::ctrf_test
