#include "reports/github.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "fixtures/testing/harmless.h"
#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"
#include "reports/run_examples.h"
#include "reports/whole_file.h"

namespace conformance::reports::github_test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class Github : public testing::Test {
 protected:
  std::vector<std::string> annotations(const std::vector<CaseResult>& results, const RunEnd& end) {
    std::ostringstream log;
    GithubReport report(path(), log);
    examples::tell(report, results, examples::info(), end);
    return lines_of(log.str());
  }
  [[nodiscard]] std::string path() const { return folder_.file("summary"); }

 private:
  testing_support::TemporaryFolder folder_;
};

TEST_F(Github, AnnotatesWhatFailed) {
  const auto lines = annotations(examples::one_of_each("200"), examples::end("x"));
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines[0],
            "::error title=id.length.max::2 cases by a.b.fail: expected 400 ValidationException; got 200; "
            "glue-conformance replay a.b.fail --endpoint http://localhost:5000");
  EXPECT_EQ(lines[1], "::error title=Error::1 case, one is a.c.error: 200");
  EXPECT_EQ(lines[2], "::error title=Inconclusive::1 case, one is a.c.inconclusive: 200");
}

TEST_F(Github, AnnotatesAWarningAsOne) {
  CaseResult warned = examples::result("a.b", Verdict::fail, "200");
  warned.warning = true;
  RunEnd end;
  const auto lines = annotations({warned}, end);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], StartsWith("::warning title=id.length.max::"));
}

TEST_F(Github, SaysNothingOfASuccess) {
  EXPECT_THAT(annotations({examples::result("a.b", Verdict::pass)}, {}), SizeIs(0));
}

TEST_F(Github, AnnotatesWhyAStepIsRed) {
  RunEnd end;
  end.exit_status = 4;
  EXPECT_EQ(annotations({}, end).at(0), "::error title=glue-conformance::Not proved: no case was executed.");
  end.fatal = "nobody listens";
  EXPECT_EQ(annotations({}, end).at(0), "::error title=The endpoint could not be tested::nobody listens");
}

TEST_F(Github, MakesAtMostNineAnnotations) {
  for (const std::size_t count : {9U, 10U, 500U}) {
    std::vector<CaseResult> results;
    for (std::size_t i = 0; i < count; ++i) {
      results.push_back(examples::result("a.case" + std::to_string(i), Verdict::fail));
      results.back().judgement.requirement = "r" + std::to_string(i);
    }
    const auto lines = annotations(results, examples::end("x"));
    ASSERT_THAT(lines, SizeIs(9));
    const std::string last =
        "::error title=glue-conformance::" + std::to_string(count - 8) + " more; the summary has all";
    EXPECT_EQ(lines[8] == last, count > 9) << lines[8];
  }
}

// Each is one line, begins with a command of ours, and holds no other.
TEST_F(Github, AnEndpointCanEndNoAnnotationAndBeginNone) {
  std::vector<CaseResult> results = examples::one_of_each(examples::hostile() + "%0A::error::%");
  for (CaseResult& r : results) r.judgement.requirement = r.test.title = examples::hostile();
  const auto lines = annotations(results, examples::full_end(""));
  ASSERT_THAT(lines, testing::Not(SizeIs(0)));
  for (const std::string& line : lines) {
    ASSERT_THAT(line, StartsWith("::error title="));
    const std::string rest = line.substr(std::string("::error title=").size());
    EXPECT_EQ(testing_support::fault_of_console(rest), "");
    const std::size_t message = rest.find("::");
    ASSERT_NE(message, std::string::npos);
    EXPECT_EQ(rest.find("::", message + 2), std::string::npos) << rest;
    EXPECT_EQ(rest.substr(0, message).find_first_of(":,"), std::string::npos) << rest;
    for (std::size_t at = rest.find('%'); at != std::string::npos; at = rest.find('%', at + 1))
      EXPECT_TRUE(rest.substr(at).starts_with("%25") || rest.substr(at).starts_with("%3A") ||
                  rest.substr(at).starts_with("%2C"))
          << rest;
  }
}

TEST_F(Github, AppendsToTheSummaryOfTheStep) {
  std::ofstream(path()) << "before\n";
  (void)annotations(examples::one_of_each("x"), examples::end("x"));
  EXPECT_THAT(testing_support::contents(path()), StartsWith("before\n\n# DeleteSession conformance"));
}

TEST_F(Github, LeavesAFullSummaryAsItIs) {
  std::ofstream(path()) << std::string(markdown_bytes, 'a');
  (void)annotations(examples::one_of_each("x"), examples::end("x"));
  EXPECT_EQ(testing_support::contents(path()).size(), markdown_bytes);
}

TEST_F(Github, SummaryThatCannotBeWrittenIsSaid) {
  std::ostringstream log;
  GithubReport report("/proc/no/such/file", log);
  EXPECT_THROW(examples::tell(report, examples::one_of_each("x"), examples::info(), examples::end("x")), ReportError);
  EXPECT_THAT(log.str(), HasSubstr("::error title=id.length.max::"));
}

TEST(IsGithub, OnlyWithBothVariables) {
  const auto is = [](const std::map<std::string, std::string>& all) {
    return is_github([&all](const char* name) {
      const auto found = all.find(name);
      return found == all.end() ? nullptr : found->second.c_str();
    });
  };
  EXPECT_TRUE(is({{"GITHUB_ACTIONS", "true"}, {"GITHUB_STEP_SUMMARY", "/a"}}));
  EXPECT_FALSE(is({{"GITHUB_ACTIONS", "false"}, {"GITHUB_STEP_SUMMARY", "/a"}}));
  EXPECT_FALSE(is({{"GITHUB_ACTIONS", "true"}}));
  EXPECT_FALSE(is({{"GITHUB_ACTIONS", "true"}, {"GITHUB_STEP_SUMMARY", ""}}));
  EXPECT_FALSE(is({}));
}

}  // namespace
}  // namespace conformance::reports::github_test
