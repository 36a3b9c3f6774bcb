// What the program makes of the record of a run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"
#include "reports/formats.h"

namespace conformance::cli::report_command_test {
namespace {

using testing::HasSubstr;
using testing_support::contents;
using testing_support::Process;

Process::Ended program(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), PROGRAM_PATH);
  return Process(arguments, {"PATH=/usr/bin:/bin"}).wait();
}

class Report : public testing::Test {
 protected:
  // A run that fails, with all its reports in `first`, and what it printed.
  Process::Ended run() const {
    return program({"run", "--seed", "3", "--filter", "id.*", "--filter", "session.deleted.*", "--filter",
                    "generated.session.sequence", "--deviation", "id-max-256", "--deviation",
                    "origins-twice-undeletable", "--effect-wait", "0.2", "--progress", "none", "--report-dir",
                    file("first")});
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }

 private:
  testing_support::TemporaryFolder folder_;
};

TEST_F(Report, IsMadeAgainByteForByte) {
  const Process::Ended ran = run();
  EXPECT_EQ(ran.status, 1);
  for (const char* record : {"report.json", "report.jsonl"}) {
    const Process::Ended made =
        program({"report", file("first/") + record, "--report-dir", file("again"), "--console"});
    EXPECT_EQ(made.status, 0) << made.err;
    // It proposes to open the page that lies beside it.
    std::string out = made.out;
    if (const std::size_t page = out.find(file("again/report.html")); page != std::string::npos)
      out.replace(page, file("again/report.html").size(), file("first/report.html"));
    EXPECT_EQ(out, ran.out);
    EXPECT_EQ(made.err, "");
    for (const reports::Format& format : reports::formats()) {
      const std::string name = "/" + std::string(format.file);
      EXPECT_EQ(contents(file("again") + name), contents(file("first") + name)) << name << " from " << record;
    }
    ASSERT_TRUE(std::filesystem::exists(file("first/counterexamples"))) << ran.out;
    for (const auto& entry : std::filesystem::directory_iterator(file("first/counterexamples")))
      EXPECT_EQ(contents(file("again/counterexamples/") + entry.path().filename().string()),
                contents(entry.path().string()));
  }
}

TEST_F(Report, OfAKilledRunIsMadeOfItsLines) {
  Process endless(
      {PROGRAM_PATH, "run", "--seed", "1", "--tier", "exhaustive", "--progress", "none", "--report-dir", file("first")},
      {"PATH=/usr/bin:/bin"});
  const std::string lines = file("first/report.jsonl");
  std::error_code error;
  while (endless.is_running() &&
         (!std::filesystem::exists(lines) || std::filesystem::file_size(lines, error) < 1'000'000)) {
  }
  endless.kill(SIGKILL);
  EXPECT_EQ(endless.wait().signal, SIGKILL);
  EXPECT_FALSE(std::filesystem::exists(file("first/report.json")));
  const Process::Ended made = program({"report", lines, "--report", "junit:" + file("junit.xml"), "--console"});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_THAT(made.err, HasSubstr("the run was killed: "));
  EXPECT_THAT(made.out, HasSubstr("Interrupted: the report is complete for what ran. (exit status 130)"));
  EXPECT_THAT(contents(file("junit.xml")), HasSubstr("</testsuites>"));
}

TEST_F(Report, OfNoRecordIsRefused) {
  std::ofstream(file("other.json")) << R"({"format": "another"})";
  const std::string junit = "junit:" + file("junit.xml");
  for (const std::string& record : {file("missing.json"), file("other.json"), file("")}) {
    const Process::Ended made = program({"report", record, "--report", junit});
    EXPECT_EQ(made.status, 2);
    EXPECT_THAT(made.err, HasSubstr("cannot read the record "));
    EXPECT_FALSE(std::filesystem::exists(file("junit.xml")));
  }
}

TEST_F(Report, IsNotWrittenOverItsRecord) {
  std::ofstream(file("a.jsonl")) << "{}";
  const Process::Ended made = program({"report", file("a.jsonl"), "--report", "jsonl:" + file("./a.jsonl")});
  EXPECT_EQ(made.status, 2);
  EXPECT_THAT(made.err, HasSubstr("name another file"));
  EXPECT_EQ(contents(file("a.jsonl")), "{}");
}

TEST_F(Report, IsOfSomething) {
  EXPECT_THAT(program({"report", file("a.json")}).err, HasSubstr("nothing is asked for"));
  EXPECT_THAT(program({"report"}).err, HasSubstr("record"));
}

TEST_F(Report, ThatCannotBeWrittenIsAnErrorOfItsOwn) {
  (void)program({"run", "--seed", "1", "--filter", "delete.plain.id", "--report", "json:" + file("report.json")});
  const Process::Ended made = program({"report", file("report.json"), "--report", "junit:/dev/full"});
  EXPECT_EQ(made.status, 3);
  EXPECT_THAT(made.err, HasSubstr("cannot write the JUnit report /dev/full"));
}

}  // namespace
}  // namespace conformance::cli::report_command_test
