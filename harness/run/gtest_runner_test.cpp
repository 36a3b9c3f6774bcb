// GoogleTest runs once in a process, and here it runs these tests: so whatever needs a whole run is seen on the
// program.
#include "harness/run/gtest_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fixtures/testing/temporary_folder.h"
#include "harness/text/escape.h"

namespace conformance::gtest_runner_test {
namespace {

using testing::HasSubstr;

// All that an exit status is made of.
struct Ending {
  Totals totals;
  bool interrupted = false;
  std::string fatal;

  [[nodiscard]] int status() const { return exit_status(totals, interrupted, fatal); }
};

struct Cause {
  const char* name;
  int status;
  std::function<void(Ending&)> happens;
};

// The stronger first.
const std::vector<Cause>& causes() {
  static const std::vector<Cause> all = {
      {"interrupted", 130, [](Ending& e) { e.interrupted = true; }},
      {"fatal", 3, [](Ending& e) { e.fatal = "nobody listens"; }},
      {"fail", 1, [](Ending& e) { e.totals.fail = 1; }},
      {"error", 3, [](Ending& e) { e.totals.error = 1; }},
      {"inconclusive", 4, [](Ending& e) { e.totals.inconclusive = 1; }},
  };
  return all;
}

TEST(ExitStatus, IsThatOfTheStrongestCause) {
  for (std::size_t strong = 0; strong < causes().size(); ++strong) {
    for (std::size_t weak = strong; weak < causes().size(); ++weak) {
      for (const std::size_t passed : {0U, 1U}) {
        Ending ending;
        ending.totals.pass = passed;
        causes()[weak].happens(ending);
        causes()[strong].happens(ending);
        EXPECT_EQ(ending.status(), causes()[strong].status) << causes()[strong].name << " and " << causes()[weak].name;
      }
    }
  }
}

TEST(ExitStatus, IsZeroOnlyIfSomethingPassed) {
  EXPECT_EQ(Ending{}.status(), 4) << "zero executed cases are no success";
  Ending skipped;
  skipped.totals.skipped = 7;
  EXPECT_EQ(skipped.status(), 4);
  Ending passed;
  passed.totals.pass = 1;
  EXPECT_EQ(passed.status(), 0);
  passed.totals.skipped = 7;
  EXPECT_EQ(passed.status(), 0) << "what does not apply here is no failure";
}

TEST(ExitStatus, TakesAnAcceptedFailureForAnExecutedCase) {
  Ending known;
  known.totals.known = 1;
  EXPECT_EQ(known.status(), 0);
}

TEST(ExitStatus, IgnoresWarnings) {
  Ending warned;
  warned.totals.pass = warned.totals.warnings = 1;
  EXPECT_EQ(warned.status(), 0);
}

struct Ran {
  int status = -1;
  std::string out;
};

// The program in an environment of its own: nobody's endpoint, credentials or sharding reaches it.
Ran program(const std::vector<std::string>& arguments, const std::string& environment = "") {
  std::string command = "env -i " + environment + " " + text::shell_quote(PROGRAM_PATH);
  for (const std::string& argument : arguments) command += " " + text::shell_quote(argument);
  Ran ran;
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> buffer{};
  for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) ran.out.append(buffer.data(), n);
  const int ended = pclose(pipe);
  if (WIFEXITED(ended)) ran.status = WEXITSTATUS(ended);
  return ran;
}

Ran run(std::vector<std::string> options, const std::string& environment = "") {
  options.insert(options.begin(), {"run", "--seed", "1", "--progress", "none"});
  return program(options, environment);
}

// Of the summary's last line but one; all zero, and so unequal to anything asked for, if it is not there.
Totals totals_of(const Ran& ran) {
  Totals t;
  const std::size_t at = ran.out.find(" planned: ");
  EXPECT_NE(at, std::string::npos) << ran.out;
  if (at == std::string::npos) return t;
  const std::size_t line = ran.out.rfind('\n', at) + 1;
  const int read =
      std::sscanf(ran.out.c_str() + line,
                  "%zu planned: %zu passed, %zu failed, %zu known, %zu inconclusive, %zu skipped, %zu error",
                  &t.planned, &t.pass, &t.fail, &t.known, &t.inconclusive, &t.skipped, &t.error);
  EXPECT_EQ(read, 7) << ran.out.substr(line);
  return t;
}

// Promise 1: planned = pass + fail + known + inconclusive + skipped + error, always.
Totals totals_that_add_up(const Ran& ran) {
  const Totals t = totals_of(ran);
  EXPECT_EQ(t.planned, t.pass + t.fail + t.known + t.inconclusive + t.skipped + t.error) << ran.out;
  return t;
}

TEST(Totals, AddUpWhenEverythingPasses) {
  const Ran ran = run({"--filter", "id.type.*"});
  const Totals t = totals_that_add_up(ran);
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_GT(t.planned, 10U);
  EXPECT_EQ(t.pass, t.planned);
}

TEST(Totals, AddUpWhenCasesFail) {
  const Ran ran = run({"--filter", "id.length.*", "--deviation", "id-max-256"});
  const Totals t = totals_that_add_up(ran);
  EXPECT_EQ(ran.status, 1) << ran.out;
  EXPECT_GT(t.fail, 0U);
  EXPECT_GT(t.pass, 0U);
}

TEST(Totals, AddUpWhenCasesAreSkipped) {
  const Ran ran = run({"--sessions", "none", "--filter", "delete.*"});
  const Totals t = totals_that_add_up(ran);
  EXPECT_GT(t.skipped, 0U) << ran.out;
}

TEST(Totals, AddUpWhenNothingCanBeConcluded) {
  const Ran ran = run({"--deviation", "refuses-everything", "--filter", "id.length.ascii.256"});
  const Totals t = totals_that_add_up(ran);
  EXPECT_EQ(ran.status, 4) << ran.out;
  EXPECT_EQ(t.inconclusive, 1U);
  EXPECT_EQ(t.planned, 1U);
}

// A port that is taken and that nobody listens on.
class DeadPort {
 public:
  DeadPort() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
      port_ = ntohs(address.sin_port);
  }
  ~DeadPort() { ::close(socket_); }
  DeadPort(const DeadPort&) = delete;
  DeadPort& operator=(const DeadPort&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
};

TEST(Totals, AddUpWhenNobodyListens) {
  const DeadPort nobody;
  const Ran ran = run({"--endpoint", nobody.url(), "--filter", "id.type.*"});
  const Totals t = totals_that_add_up(ran);
  EXPECT_EQ(ran.status, 3) << ran.out;
  EXPECT_GT(t.planned, 10U);
  EXPECT_EQ(t.error, t.planned);
}

TEST(Totals, CountWhatFailFastLeftOut) {
  const std::vector<std::string> options{"--filter", "id.length.ascii.*", "--deviation", "id-max-256"};
  std::vector<std::string> fast = options;
  fast.emplace_back("--gtest_fail_fast");
  const Totals whole = totals_that_add_up(run(options));
  const Ran ran = run(fast);
  const Totals t = totals_that_add_up(ran);
  EXPECT_EQ(ran.status, 1) << ran.out;
  EXPECT_EQ(t.planned, whole.planned);
  EXPECT_EQ(t.fail, 1U);
  EXPECT_GT(t.skipped, 0U);
}

TEST(Totals, CountACaseOnceThoughItIsRepeated) {
  const Totals once = totals_that_add_up(run({"--filter", "id.type.*"}));
  const Ran ran = run({"--filter", "id.type.*", "--gtest_repeat=3", "--gtest_shuffle"});
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_EQ(totals_that_add_up(ran).planned, once.planned);
}

TEST(Totals, OfTheShardsAreThoseOfThePlan) {
  const std::size_t planned = totals_that_add_up(run({"--filter", "id.type.*"})).planned;
  std::size_t sharded = 0;
  for (const char* shard : {"0", "1", "2"}) {
    const Ran ran = run({"--filter", "id.type.*"}, std::string("GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=") + shard);
    EXPECT_EQ(ran.status, 0) << ran.out;
    sharded += totals_that_add_up(ran).planned;
  }
  EXPECT_EQ(sharded, planned);
}

TEST(GtestFlags, SelectCasesByTheirIds) {
  const Ran ran = run({"--gtest_filter=id.type.null:id.type.true"});
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_EQ(totals_that_add_up(ran).planned, 2U);
}

TEST(GtestFlags, ThatSelectNothingAreNoSuccess) {
  const Ran ran = run({"--gtest_filter=no.such.case"});
  EXPECT_EQ(ran.status, 4) << ran.out;
  EXPECT_EQ(totals_that_add_up(ran).planned, 0U);
}

TEST(GtestFlags, ListWithoutRunning) {
  const Ran ran = run({"--gtest_list_tests", "--gtest_filter=id.type.null"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "id.type.\n  null\n");
}

TEST(GtestFlags, ThatThereAreNotAreRefused) {
  const Ran ran = run({"--gtest_filtre=id.type.null"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.out, HasSubstr("GoogleTest has no flag --gtest_filtre=id.type.null; nothing was sent"));
  EXPECT_EQ(ran.out.find("planned"), std::string::npos) << ran.out;
}

// Nothing of GoogleTest's help or warnings, and nothing sent.
void expect_refused(const Ran& ran, const std::string& why) {
  EXPECT_EQ(ran.status, 2) << ran.out;
  EXPECT_EQ(ran.out, "glue-conformance: " + why + "; nothing was sent\n");
}

TEST(GtestFlags, WithoutAGoodValueAreRefused) {
  for (const std::string value : {"abc", "0", "-1", "1.5", "", "99999999999999999999"})
    expect_refused(run({"--gtest_repeat=" + value}),
                   "--gtest_repeat: '" + value + "' is no whole number from 1 to 1000000");
  expect_refused(run({"--gtest_filter"}), "--gtest_filter needs a value: write --gtest_filter=VALUE");
}

TEST(GtestFlags, ThatWouldEndTheProcessAreRefused) {
  for (const std::string flag : {"--gtest_throw_on_failure", "--gtest_break_on_failure"})
    expect_refused(run({flag + "=1"}),
                   flag + " would end the process at the first failure: --gtest_fail_fast ends the run there");
  const Ran ran = run({"--filter", "id.length.ascii.256", "--deviation", "id-max-256"},
                      "GTEST_THROW_ON_FAILURE=1 GTEST_BREAK_ON_FAILURE=1");
  EXPECT_EQ(ran.status, 1) << ran.out;
}

TEST(GtestFlags, ShowTheHelpOfARun) {
  const Ran ran = program({"run", "--gtest_help"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, program({"run", "--help"}).out);
}

TEST(Sharding, ThatIsWrongIsRefusedBeforeAnythingIsSent) {
  const auto sharded = [](const std::string& environment) { return run({"--filter", "id.type.*"}, environment); };
  expect_refused(sharded("GTEST_TOTAL_SHARDS=3"), "GTEST_TOTAL_SHARDS is set, but GTEST_SHARD_INDEX is not");
  expect_refused(sharded("GTEST_SHARD_INDEX=0"), "GTEST_SHARD_INDEX is set, but GTEST_TOTAL_SHARDS is not");
  for (const std::string total : {"x", "0", "-1", "1.5", "2147483648"})
    expect_refused(sharded("GTEST_SHARD_INDEX=0 GTEST_TOTAL_SHARDS=" + total),
                   "GTEST_TOTAL_SHARDS: '" + total + "' is no whole number from 1 to 100000");
  for (const std::string index : {"x", "3", "-1", "1.5"})
    expect_refused(sharded("GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=" + index),
                   "GTEST_SHARD_INDEX, of 3 by GTEST_TOTAL_SHARDS: '" + index + "' is no whole number from 0 to 2");
  expect_refused(run({"--filter", "id.type.*", "--shard", "4/3"}),
                 "the index of --shard: '4' is no whole number from 1 to 3");
}

TEST(Sharding, MakesTheFileByWhichItIsSeenToBeUnderstood) {
  const testing_support::TemporaryFolder folder;
  for (const std::string prefix : {"GTEST", "TEST"}) {
    const std::string file = folder.file(prefix);
    const Ran ran = run({"--filter", "id.type.*"}, prefix + "_TOTAL_SHARDS=3 " + prefix + "_SHARD_INDEX=0 " + prefix +
                                                       "_SHARD_STATUS_FILE=" + file);
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_TRUE(std::filesystem::exists(file)) << prefix;
  }
}

// The whole is not empty, so that nothing is green that was not asked.
TEST(Sharding, WithoutACaseOfItsOwnIsNoFailure) {
  std::size_t empty = 0;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const Ran ran = run({"--filter", "id.type.null", "--shard", shard});
    EXPECT_EQ(ran.status, 0) << ran.out;
    if (totals_of(ran).planned > 0) continue;
    ++empty;
    EXPECT_THAT(ran.out, testing::HasSubstr("This shard holds none of the cases."));
  }
  EXPECT_EQ(empty, 2U);
}

// The "plan" of a run's record, and of no more of it.
nlohmann::json plan_of(std::vector<std::string> options, const std::string& environment = "") {
  const testing_support::TemporaryFolder folder;
  options.insert(options.end(), {"--report", "json:" + folder.file("report.json")});
  (void)run(options, environment);
  std::ifstream file(folder.file("report.json"));
  return nlohmann::json::parse(file)["run"]["plan"];
}

TEST(Sharding, TellsEachShardThePlanOfAll) {
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {"--filter", "id.type.*"},
           {"--filter", "id.*", "--gtest_filter=id.type.*:*.max.2*-*null:*true"},
           {"--filter", "id.type.*", "--gtest_filter=-*null"},
           {"--filter", "id.type.*", "--gtest_filter=id.type.null", "--gtest_shuffle"}}) {
    const nlohmann::json all = plan_of(options);
    ASSERT_FALSE(all.empty());
    for (const char* shard : {"0", "1", "2"})
      EXPECT_EQ(plan_of(options, std::string("GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=") + shard), all)
          << testing::PrintToString(options);
  }
}

TEST(Sharding, ByEmptyVariablesIsNone) {
  const Ran ran = run({"--filter", "id.type.null"}, "GTEST_TOTAL_SHARDS= GTEST_SHARD_INDEX=");
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_EQ(totals_of(ran).planned, 1U);
}

TEST(Replay, IgnoresWhatGoogleTestFindsInTheEnvironment) {
  for (const std::string environment :
       {"GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=0", "GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=1", "GTEST_TOTAL_SHARDS=x",
        "GTEST_FILTER=no.such.case", "GTEST_REPEAT=3"}) {
    const Ran ran = program({"replay", "id.type.null", "--seed", "1"}, environment);
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_EQ(totals_of(ran).planned, 1U);
    const std::size_t first = ran.out.find("case id.type.null");
    EXPECT_EQ(ran.out.find("case id.type.null", first + 1), std::string::npos) << "it is sent once";
  }
}

}  // namespace
}  // namespace conformance::gtest_runner_test
