// The whole program against endpoints that have not every operation around the one under test: what can be asked is,
// and what cannot is skipped, with the reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "fixtures/reference/session_service.h"
#include "fixtures/scripted/scripted_server.h"
#include "fixtures/testing/answer_well.h"
#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"

namespace conformance::cli::lacking_test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::Process;

struct Ran {
  Process::Ended ended;
  std::size_t left = 0;
};

Ran run_against(const std::set<std::string>& lacking, const std::string& answer,
                const std::vector<std::string>& deviations = {}) {
  reference::ServiceOptions options;
  options.deviations = deviations;
  reference::SessionService service(options);
  const scripted::Server server([&](scripted::Peer& peer) {
    for (std::string head, body; peer.read_request(head, body);) {
      const bool has = !lacking.contains(testing_support::field_of(head, "X-Amz-Target").substr(8));
      if (!peer.send(has ? testing_support::answer_well(service, head, body) : answer)) return;
    }
  });
  const testing_support::TemporaryFolder folder;
  std::vector<std::string> command{PROGRAM_PATH, "run",  "--endpoint",    server.url(), "--seed",       "1",
                                   "--progress", "none", "--effect-wait", "0.2",        "--report-dir", folder.path(),
                                   "--tier",     "smoke"};
  for (const std::string& filter : testing_support::plain_requests())
    command.insert(command.end(), {"--filter", filter});
  Ran ran;
  ran.ended = Process(command, {}).wait();
  ran.left = service.session_count();
  return ran;
}

const std::string unknown =
    "HTTP/1.1 400 -\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 39\r\n\r\n"
    "{\"__type\":\"UnknownOperationException\"}\n";
const std::string not_there = "HTTP/1.1 404 -\r\nContent-Length: 0\r\n\r\n";

class Lacking : public testing::TestWithParam<std::string> {};

TEST_P(Lacking, CreateSessionIsAskedWhatNeedsNone) {
  const Ran ran = run_against({"CreateSession"}, GetParam());
  EXPECT_EQ(ran.ended.status, 0) << ran.ended.out;
  EXPECT_THAT(ran.ended.out, HasSubstr("sessions: none: the endpoint creates no session"));
  EXPECT_THAT(ran.ended.out, HasSubstr("needs a session: the endpoint creates no session"));
  EXPECT_THAT(ran.ended.out, HasSubstr("pass as far as they apply here. (exit status 0)"));
}

TEST_P(Lacking, ListSessionsIsSeenOneByOne) {
  const Ran ran = run_against({"ListSessions"}, GetParam());
  EXPECT_EQ(ran.ended.status, 0) << ran.ended.out;
  EXPECT_THAT(ran.ended.out, HasSubstr("sessions: created, effects seen one by one"));
  EXPECT_THAT(ran.ended.out, HasSubstr(" 0 inconclusive, 0 skipped, 0 errors"));
  EXPECT_EQ(ran.left, 0U);
  EXPECT_EQ(run_against({"ListSessions"}, GetParam(), {"not-deleted"}).ended.status, 1) << "the effect is asked about";
}

TEST_P(Lacking, GetSessionIsSeenByListing) {
  const Ran ran = run_against({"GetSession"}, GetParam());
  EXPECT_EQ(ran.ended.status, 0) << ran.ended.out;
  EXPECT_THAT(ran.ended.out, HasSubstr("sessions: created, effects seen by listing"));
  EXPECT_THAT(ran.ended.out, HasSubstr(" 0 inconclusive, 0 skipped, 0 errors"));
  EXPECT_EQ(ran.left, 0U);
  EXPECT_EQ(run_against({"GetSession"}, GetParam(), {"not-deleted"}).ended.status, 1) << "the effect is asked about";
}

TEST_P(Lacking, BothWaysOfSeeingIsAskedWhatAnAnswerShows) {
  const Ran ran = run_against({"GetSession", "ListSessions"}, GetParam());
  EXPECT_EQ(ran.ended.status, 0) << ran.ended.out;
  EXPECT_THAT(ran.ended.out, HasSubstr("effects cannot be seen: the endpoint neither lists nor gets a session"));
  EXPECT_THAT(ran.ended.out, HasSubstr("SKIPPED"));
  EXPECT_THAT(ran.ended.out, HasSubstr("the effect could not be seen: the endpoint neither lists nor gets a session"));
  EXPECT_THAT(ran.ended.out, HasSubstr("pass as far as they apply here. (exit status 0)"));
  EXPECT_EQ(ran.left, 0U);
  const Ran wrong = run_against({"GetSession", "ListSessions"}, GetParam(), {"id-max-256"});
  EXPECT_EQ(wrong.ended.status, 1) << wrong.ended.out;
}

TEST_P(Lacking, AllOfThemIsAskedWhatDeleteSessionShows) {
  const Ran ran = run_against({"CreateSession", "GetSession", "ListSessions"}, GetParam());
  EXPECT_EQ(ran.ended.status, 0) << ran.ended.out;
  EXPECT_THAT(ran.ended.out, Not(HasSubstr("0 skipped")));
  EXPECT_EQ(run_against({"CreateSession", "GetSession", "ListSessions"}, GetParam(), {"id-max-256"}).ended.status, 1);
}

INSTANTIATE_TEST_SUITE_P(Answering, Lacking, testing::Values(unknown, not_there),
                         [](const auto& tested) { return tested.index == 0 ? "Unknown" : "NotFound"; });

}  // namespace
}  // namespace conformance::cli::lacking_test
