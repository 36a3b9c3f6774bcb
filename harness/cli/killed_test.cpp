// The whole program, interrupted or killed at any moment of a run: what is written can be read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "fixtures/reference/session_service.h"
#include "fixtures/scripted/scripted_server.h"
#include "fixtures/testing/answer_well.h"
#include "fixtures/testing/harmless.h"
#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"

namespace conformance::cli::killed_test {
namespace {

using std::chrono::microseconds;
using testing_support::Process;

// When a signal is sent: with the answer to the request of this number, and so long after it.
struct Moment {
  int request = 0;  // from 1; 0: never
  microseconds after{0};
};

struct Aftermath {
  Process::Ended ended;
  int requests = 0;
  bool has_report = false;
  std::string report, ledger;
  std::set<std::string> sessions;  // that the endpoint still has
  Process::Ended swept;            // if it was killed
  std::set<std::string> unswept;   // that it has still after that
};

std::set<std::string> sessions_of(reference::SessionService& service) {
  const std::string head =
      "POST / HTTP/1.1\r\nX-Amz-Target: AWSGlue.ListSessions\r\nContent-Type: application/x-amz-json-1.1\r\n\r\n";
  std::set<std::string> ids;
  nlohmann::json request = nlohmann::json::object();
  for (;;) {
    const std::string answer = testing_support::answer_well(service, head, request.dump());
    const nlohmann::json page = nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
    for (const auto& session : page.at("Sessions")) ids.insert(session.at("Id").get<std::string>());
    if (!page.contains("NextToken")) return ids;
    request["NextToken"] = page.at("NextToken");
  }
}

// A run whose endpoint answers well and slowly, and sends it the signal at the moment.
Aftermath run_until(Moment moment, int signal) {
  constexpr microseconds slowness{2000};
  reference::SessionService service({});
  std::atomic<int> asked{0};
  std::promise<const Process*> started;
  const std::shared_future<const Process*> process_started = started.get_future().share();
  auto server = std::make_unique<scripted::Server>([&](scripted::Peer& peer) {
    for (std::string head, body; peer.read_request(head, body);) {
      const bool now = ++asked == moment.request;
      std::this_thread::sleep_for(slowness);
      const bool sent = peer.send(testing_support::answer_well(service, head, body));
      if (now) {
        std::this_thread::sleep_for(moment.after);
        process_started.get()->kill(signal);
      }
      if (!sent) return;
    }
  });
  const testing_support::TemporaryFolder folder;
  std::vector<std::string> command = {PROGRAM_PATH, "run",    "--endpoint", server->url(),  "--tier",
                                      "smoke",      "--seed", "1",          "--report-dir", folder.path()};
  for (const std::string& filter : testing_support::plain_requests())
    command.insert(command.end(), {"--filter", filter});
  Process process(command, {});
  started.set_value(&process);
  Aftermath after;
  after.ended = process.wait();
  const std::string ledger = folder.file("ledger.jsonl");
  after.ledger = testing_support::contents(ledger);
  after.sessions = sessions_of(service);
  if (signal == SIGKILL && std::filesystem::exists(ledger)) {
    after.swept = Process({PROGRAM_PATH, "sweep", ledger}, {}).wait();
    after.unswept = sessions_of(service);
  }
  server.reset();  // its threads use the process and the service
  after.requests = asked;
  after.has_report = std::filesystem::exists(folder.file("junit.xml"));
  after.report = testing_support::contents(folder.file("junit.xml"));
  return after;
}

std::size_t cases_in(const std::string& report) {
  pugi::xml_document document;
  document.load_buffer(report.data(), report.size());
  return document.select_nodes("//testcase").size();
}

// Of an uninterrupted run.
const Aftermath& rehearsal() {
  static const Aftermath run = run_until({}, 0);
  return run;
}

// The sessions that a reader of the ledger would look for; an incomplete last line is none of its lines.
std::set<std::string> open_in(const std::string& ledger) {
  std::set<std::string> open;
  for (std::size_t from = 0, end = 0; (end = ledger.find('\n', from)) != std::string::npos; from = end + 1) {
    const nlohmann::json line = nlohmann::json::parse(ledger.substr(from, end - from), nullptr, false);
    EXPECT_TRUE(line.is_object()) << ledger.substr(from, end - from);
    if (!line.is_object()) continue;
    if (line.at("event") == "run") continue;
    const std::string id = line.at("id").get<std::string>();
    if (line.at("event") == "create")
      open.insert(id);
    else
      open.erase(id);
  }
  return open;
}

// Several runs at once, each at a moment of its own, the same moments each time.
std::vector<Aftermath> at_moments(const std::vector<Moment>& moments, int signal) {
  constexpr std::size_t at_once = 6;
  std::vector<Aftermath> all(moments.size());
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < at_once; ++i) {
    workers.emplace_back([&] {
      for (std::size_t mine = 0; (mine = next++) < moments.size();) all[mine] = run_until(moments[mine], signal);
    });
  }
  workers.clear();
  return all;
}

class Moments {
 public:
  Moment between(int first, int last, microseconds most_after) {
    return {first + below(last - first + 1), microseconds(below(static_cast<int>(most_after.count()) + 1))};
  }

 private:
  int below(int bound) { return static_cast<int>(engine_() % static_cast<unsigned>(bound)); }
  std::mt19937 engine_{20261};
};

TEST(Interrupted, ARunEndsWithItsReportWholeAndNothingLeftBehind) {
  ASSERT_EQ(rehearsal().ended.status, 0) << rehearsal().ended.out;
  Moments moments;
  std::vector<Moment> chosen;
  // Not near the end: a run that is done before the signal arrives is not interrupted.
  for (int i = 0; i < 12; ++i) chosen.push_back(moments.between(1, rehearsal().requests / 2, microseconds(2000)));
  std::size_t done = 0;  // before the signal arrived, as a busy machine is late
  for (const Aftermath& after : at_moments(chosen, SIGINT)) {
    done += after.ended.status == 0 ? 1U : 0U;
    EXPECT_TRUE(after.ended.status == 130 || after.ended.status == 0) << after.ended.out << after.ended.err;
    EXPECT_EQ(testing_support::fault_of_xml(after.report), "");
    EXPECT_EQ(cases_in(after.report), cases_in(rehearsal().report));
    EXPECT_THAT(after.sessions, testing::IsEmpty());
    EXPECT_THAT(open_in(after.ledger), testing::IsEmpty());
  }
  EXPECT_LE(done, chosen.size() / 2);
}

void expect_readable(const Aftermath& after) {
  if (after.has_report) {
    EXPECT_EQ(testing_support::fault_of_xml(after.report), "");
    EXPECT_EQ(cases_in(after.report), cases_in(rehearsal().report));
  }
  const std::set<std::string> open = open_in(after.ledger);
  EXPECT_TRUE(std::includes(open.begin(), open.end(), after.sessions.begin(), after.sessions.end()))
      << "a session was left that the ledger does not name\n"
      << after.ledger;
}

TEST(Killed, ARunLeavesALedgerByWhichASweepLeavesNothing) {
  Moments moments;
  std::vector<Moment> chosen;
  for (int i = 0; i < 50; ++i) chosen.push_back(moments.between(1, rehearsal().requests - 1, microseconds(2000)));
  std::size_t left = 0;
  for (const Aftermath& after : at_moments(chosen, SIGKILL)) {
    EXPECT_EQ(after.ended.signal, SIGKILL);
    expect_readable(after);
    EXPECT_EQ(after.swept.status, 0) << after.swept.out << after.swept.err;
    EXPECT_THAT(after.unswept, testing::IsEmpty()) << after.swept.out;
    left += after.sessions.empty() ? 0U : 1U;
  }
  EXPECT_GT(left, 10U) << "else the ledger was not put to the test";
}

TEST(Killed, ARunLeavesAWholeReportOrNone) {
  Moments moments;
  std::vector<Moment> chosen;
  // While it writes, or a little before or after: it may have ended by then.
  for (int i = 0; i < 12; ++i)
    chosen.push_back(moments.between(rehearsal().requests, rehearsal().requests, microseconds(15000)));
  for (const Aftermath& after : at_moments(chosen, SIGKILL)) expect_readable(after);
}

}  // namespace
}  // namespace conformance::cli::killed_test
