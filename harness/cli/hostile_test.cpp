// The whole program against endpoints that do to it whatever an endpoint can do: promise 6, "unbreakable".
#include "fixtures/scripted/hostile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <future>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "fixtures/reference/session_service.h"
#include "fixtures/testing/answer_well.h"
#include "fixtures/testing/harmless.h"
#include "fixtures/testing/process.h"
#include "fixtures/testing/sanitizers.h"
#include "fixtures/testing/temporary_folder.h"
#include "harness/run/plan.h"
#include "reports/formats.h"
#include "reports/record_reader.h"
#include "suites/suites.h"

namespace conformance::cli::hostile_test {
namespace {

using scripted::Behaviour;
using testing_support::Process;

constexpr std::string_view secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr std::string_view session_token = "FwoGZXIvYXdzEBYaDEXAMPLETOKENthatNobodyMaySee==";

struct Ran {
  Process::Ended ended;
  std::string report;
  bool xmllint_agrees = true;
  std::string page;
  Process::Ended made_again;  // of its record
  std::vector<std::string> other_when_made_again;
  Process::Ended on_github;  // the same, merged under GitHub Actions
  std::string job_page;
  std::string messages;  // all of the record, as they are
  int trapped = 0;
  long peak_kib = 0;  // of memory
};

bool xmllint_reads(const std::string& path) {
  return Process({"xmllint", "--noout", path}, {"PATH=/usr/bin:/bin"}).wait().status == 0;
}

// What was sent and received, by the record.
class Messages : public RunListener {
 public:
  void on_case(const CaseResult& result) override {
    for (const auto& exchange : {result.stimulus, result.control})
      if (exchange) all += exchange->sent + exchange->received + (exchange->response ? exchange->response->body : "");
  }
  std::string all;
};

void read_again(Ran& ran, const testing_support::TemporaryFolder& folder) {
  const testing_support::TemporaryFolder again;
  const std::string record = folder.file("report.json");
  ran.made_again = Process({PROGRAM_PATH, "report", record, "--report-dir", again.path(), "--console"}, {}).wait();
  // It proposes to open the page that lies beside it.
  if (const std::size_t page = ran.made_again.out.find(again.path()); page != std::string::npos)
    ran.made_again.out.replace(page, std::string(again.path()).size(), folder.path());
  for (const reports::Format& format : reports::formats()) {
    const std::string name(format.file);
    if (testing_support::contents(again.file(name)) != testing_support::contents(folder.file(name)))
      ran.other_when_made_again.push_back(name);
  }
  const std::string page = again.file("page");
  ran.on_github =
      Process({PROGRAM_PATH, "merge", record}, {"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + page}).wait();
  ran.job_page = testing_support::contents(page);
  Messages messages;
  reports::RecordReader(record).tell(messages);
  ran.messages = std::move(messages.all);
}

Ran run_against(const Behaviour& behaviour) {
  reference::SessionService service({});
  const scripted::HostileEndpoint endpoint(behaviour, [&](const std::string& head, const std::string& body) {
    return testing_support::answer_well(service, head, body);
  });
  const testing_support::TemporaryFolder folder, measured;
  // Where the deadline alone ends an exchange, waiting for it is all that the run does.
  std::vector<std::string> command = {PEAK_MEMORY_PATH,  measured.file("peak_kib"),
                                      PROGRAM_PATH,      "run",
                                      "--endpoint",      endpoint.url(),
                                      "--tier",          "smoke",
                                      "--seed",          "1",
                                      "--timeout",       behaviour.endless ? "0.25" : "30",
                                      "--effect-wait",   "0.1",
                                      "--throttle-wait", "0.2",
                                      "--report-dir",    folder.path()};
  if (behaviour.plain_requests)
    for (const std::string& filter : testing_support::plain_requests())
      command.insert(command.end(), {"--filter", filter});
  if (!endpoint.ca_bundle().empty()) command.insert(command.end(), {"--ca-bundle", endpoint.ca_bundle()});
  Process process(command, {"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=" + std::string(secret_key),
                            "AWS_SESSION_TOKEN=" + std::string(session_token)});
  Ran ran;
  ran.ended = process.wait();
  ran.peak_kib = std::stol("0" + testing_support::contents(measured.file("peak_kib")));
  ran.report = testing_support::contents(folder.file("junit.xml"));
  ran.xmllint_agrees = xmllint_reads(folder.file("junit.xml"));
  ran.page = testing_support::contents(folder.file("report.html"));
  ran.trapped = endpoint.trapped();
  read_again(ran, folder);
  return ran;
}

const std::map<std::string, Behaviour>& all_behaviours() {
  static const std::map<std::string, Behaviour> all = [] {
    std::map<std::string, Behaviour> by_name;
    for (Behaviour& behaviour : scripted::behaviours()) by_name.emplace(behaviour.name, behaviour);
    return by_name;
  }();
  return all;
}

std::vector<std::string> names_of_behaviours() {
  std::vector<std::string> names;
  for (const auto& [name, behaviour] : all_behaviours()) names.push_back(name);
  return names;
}

std::string behaviour_of(const testing::TestInfo& test) {
  const std::string name = test.name();
  return name.substr(name.rfind('/') + 1);
}

// Most of a run against such an endpoint is waiting: several are under way at once, and each test takes its own.
class Hostile : public testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that are closed
    const testing::TestSuite& suite = *testing::UnitTest::GetInstance()->current_test_suite();
    std::set<std::string> names;
    for (int i = 0; i < suite.total_test_count(); ++i)
      if (suite.GetTestInfo(i)->should_run()) names.insert(behaviour_of(*suite.GetTestInfo(i)));
    for (const std::string& name : names) {
      tasks().emplace_back([name] { return run_against(all_behaviours().at(name)); });
      all_ran().emplace(name, tasks().back().get_future().share());
    }
    for (int i = 0; i < at_once; ++i) {
      workers().emplace_back([] {
        for (std::size_t mine; (mine = next()++) < tasks().size();) tasks()[mine]();
      });
    }
  }
  static void TearDownTestSuite() {
    for (std::thread& worker : workers()) worker.join();
    workers().clear();
  }

  static const Behaviour& behaviour() { return all_behaviours().at(GetParam()); }
  static const Ran& ran() { return all_ran().at(GetParam()).get(); }

 private:
  static constexpr int at_once = 6;
  static std::vector<std::packaged_task<Ran()>>& tasks() {
    static std::vector<std::packaged_task<Ran()>> all;
    return all;
  }
  static std::map<std::string, std::shared_future<Ran>>& all_ran() {
    static std::map<std::string, std::shared_future<Ran>> all;
    return all;
  }
  static std::vector<std::thread>& workers() {
    static std::vector<std::thread> all;
    return all;
  }
  static std::atomic<std::size_t>& next() {
    static std::atomic<std::size_t> index{0};
    return index;
  }
};

TEST_P(Hostile, EndsTheRunWithTheExitStatusThatItDeserves) {
  EXPECT_EQ(ran().ended.signal, 0) << ran().ended.err;
  EXPECT_EQ(ran().ended.status, behaviour().exit_status)
      << "an endpoint that " << behaviour().sentence << ": " << behaviour().because << "\n"
      << ran().ended.out << ran().ended.err;
}

TEST_P(Hostile, LeavesEveryPlannedCaseWithAVerdict) {
  static const std::vector<Case> all = suites::all_cases(spec::builtin_table(), 1, Tier::smoke);
  std::multiset<std::string> planned;
  for (const Case& c :
       make_plan(all, behaviour().plain_requests ? testing_support::plain_requests() : std::vector<std::string>{}))
    planned.insert(c.id);
  std::multiset<std::string> reported;
  pugi::xml_document document;
  ASSERT_TRUE(document.load_buffer(ran().report.data(), ran().report.size()));
  for (const auto& found : document.select_nodes("//testcase[@classname!='run']")) {
    const std::string name = found.node().attribute("name").value();
    reported.insert(name.substr(0, name.find(' ')));
    const auto findings = found.node().select_nodes("failure|error|skipped");
    EXPECT_LE(findings.size(), 1U) << name;
    for (const auto& finding : findings) EXPECT_STRNE(finding.node().attribute("message").value(), "") << name;
  }
  EXPECT_EQ(reported, planned);

  const std::size_t line = ran().ended.out.rfind('\n', ran().ended.out.find(" planned: ")) + 1;
  std::size_t total = 0, pass = 0, fail = 0, known = 0, inconclusive = 0, skipped = 0, error = 0;
  const int read =
      std::sscanf(ran().ended.out.c_str() + line,
                  "%zu planned: %zu passed, %zu failed, %zu known, %zu inconclusive, %zu skipped, %zu error", &total,
                  &pass, &fail, &known, &inconclusive, &skipped, &error);
  ASSERT_EQ(read, 7) << ran().ended.out;
  EXPECT_EQ(total, planned.size());
  EXPECT_EQ(total, pass + fail + known + inconclusive + skipped + error);
}

TEST_P(Hostile, LeavesAReportThatIsWellFormed) {
  EXPECT_EQ(testing_support::fault_of_xml(ran().report), "");
  EXPECT_TRUE(ran().xmllint_agrees);
  EXPECT_EQ(testing_support::fault_of_page(ran().page), "");
}

TEST_P(Hostile, ActsOnNeitherATerminalNorALog) {
  EXPECT_EQ(testing_support::fault_of_console(ran().ended.out), "") << ran().ended.out;
  EXPECT_EQ(testing_support::fault_of_console(ran().ended.err), "") << ran().ended.err;
}

TEST_P(Hostile, HasARecordThatAllIsMadeOfAgain) {
  EXPECT_EQ(ran().made_again.status, 0) << ran().made_again.err;
  EXPECT_EQ(ran().made_again.out, ran().ended.out);
  EXPECT_THAT(ran().other_when_made_again, testing::IsEmpty());
}

TEST_P(Hostile, ActsOnNoPageOfGithub) {
  EXPECT_EQ(ran().on_github.status, ran().ended.status) << ran().on_github.err;
  EXPECT_THAT(ran().job_page, testing::StartsWith("# DeleteSession conformance"));
  EXPECT_EQ(testing_support::fault_of_console(ran().job_page), "");
  std::istringstream log(ran().on_github.err);
  std::size_t annotations = 0;
  for (std::string line; std::getline(log, line); ++annotations) {
    const bool is_ours = line.starts_with("::error title=") || line.starts_with("::warning title=");
    EXPECT_TRUE(is_ours) << line;
    const std::size_t message = line.find("::", 2);
    ASSERT_NE(message, std::string::npos) << line;
    EXPECT_EQ(testing_support::fault_of_console(line.substr(2)), "");
    EXPECT_EQ(line.find("::", message + 2), std::string::npos) << line;
  }
  EXPECT_LE(annotations, 9U);
}

TEST_P(Hostile, GetsNoSecretPrinted) {
  for (const std::string_view secret : {secret_key, session_token})
    for (const std::string* text : {&ran().ended.out, &ran().ended.err, &ran().report, &ran().messages, &ran().page,
                                    &ran().job_page, &ran().on_github.err})
      EXPECT_THAT(*text, testing::Not(testing::HasSubstr(std::string(secret))));
}

TEST_P(Hostile, IsNotFollowedElsewhere) { EXPECT_EQ(ran().trapped, 0); }

TEST_P(Hostile, CostsLessThan256MiBOfMemory) {
  if (testing_support::is_sanitized) GTEST_SKIP() << "a sanitizer's own memory is many times that";
  constexpr long most_kib = 256L << 10;
  EXPECT_GT(ran().peak_kib, 0) << "it was not measured";
  EXPECT_LT(ran().peak_kib, most_kib);
}

INSTANTIATE_TEST_SUITE_P(Endpoint, Hostile, testing::ValuesIn(names_of_behaviours()),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace conformance::cli::hostile_test
