// What the executor does for stories, and with deletions that are not what they seem.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/case/case_builder.h"
#include "harness/run/executor.h"
#include "harness/run/provider.h"
#include "harness/text/json_string.h"

namespace conformance::executor_stories_test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

const spec::SpecTable& table() { return spec::builtin_table(); }
constexpr const char* prefix = "gc00000001";

std::string own(const std::string& rest) { return std::string(prefix) + "-" + rest; }

Case story_case(const std::string& id, const std::string& requirement, Story story) {
  Case c = CaseBuilder::start(id, "a story", requirement, Kind::valid);
  c.body = "{\"Id\":" + text::quote_raw(story.sessions.front()) + "}";
  c.story = std::make_shared<const Story>(std::move(story));
  return c;
}

Story life(const std::string& session) {
  return Story{.sessions = {own(session)}, .turns = {}}
      .then({Verb::create})
      .then({Verb::remove})
      .then({Verb::get})
      .then({Verb::list});
}

Case deletion(const std::string& session) {
  const CaseBuilder b(table(), prefix);
  Case c = CaseBuilder::start("delete.effect." + session, "gone", "delete.effect", Kind::valid);
  b.accept(c, own(session), text::quote_raw(own(session)));
  c.needs_session = true;
  return c;
}

Case look_back() {
  Case c = CaseBuilder::start("every.delete.permanent", "none comes back", "delete.permanent", Kind::valid);
  c.looks_back = true;
  return c;
}

struct Done {
  std::vector<CaseResult> results;
  std::vector<std::string> left;
  std::string fatal;
};

RunConfig config_for(const reference::ReferenceEndpoint& endpoint) {
  RunConfig config;
  config.endpoint = wire::parse_url(endpoint.url());
  config.client.timeout = milliseconds(3000);
  config.sessions = SessionMode::create;
  config.prefix = prefix;
  config.effect_wait = milliseconds(100);
  return config;
}

Done run(const RunConfig& config, const std::vector<Case>& cases) {
  Done done;
  done.results.resize(cases.size());
  Executor executor(config, table(), cases);
  done.fatal = executor.prepare();
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < cases.size(); ++i) all.push_back(i);
  done.left = executor.run(all, [&](std::size_t i, CaseResult result) { done.results[i] = std::move(result); });
  return done;
}

Done run(const reference::Options& options, const std::vector<Case>& cases) {
  const reference::ReferenceEndpoint endpoint(options);
  Done done = run(config_for(endpoint), cases);
  if (done.left.empty()) {
    EXPECT_EQ(endpoint.session_count(), 0U);
  }
  return done;
}

TEST(ExecutorStories, AreToldAmongOtherCasesAndLeaveNothingBehind) {
  const Done done = run(reference::Options{}, {deletion("a"), story_case("session.one", "delete.unlisted", life("b")),
                                               story_case("session.unfinished", "delete.effect",
                                                          Story{.sessions = {own("c")}, .turns = {{{Verb::create}}}})});
  EXPECT_EQ(done.results[0].judgement.verdict, Verdict::pass);
  EXPECT_EQ(done.results[1].judgement.verdict, Verdict::pass);
  EXPECT_EQ(done.results[1].deeds.size(), 4U);
  EXPECT_EQ(done.results[2].judgement.verdict, Verdict::skipped) << "nothing was deleted in it";
  EXPECT_TRUE(done.left.empty());
}

TEST(ExecutorStories, AreSkippedWithTheReasonWhereNothingIsCreated) {
  const reference::ReferenceEndpoint endpoint;
  RunConfig config = config_for(endpoint);
  config.sessions = SessionMode::none;
  const Done done = run(config, {story_case("session.one", "delete.unlisted", life("b"))});
  EXPECT_EQ(done.results[0].judgement.verdict, Verdict::skipped);
  EXPECT_THAT(done.results[0].judgement.reason, HasSubstr("--sessions none"));
}

TEST(ExecutorStories, KeepToTheBoundOnSessions) {
  const reference::ReferenceEndpoint endpoint;
  RunConfig config = config_for(endpoint);
  config.max_sessions = 2;  // one is the probe
  const Done done = run(config, {story_case("session.one", "delete.unlisted", life("a")),
                                 story_case("session.two", "delete.unlisted", life("b"))});
  EXPECT_EQ(done.results[0].judgement.verdict, Verdict::pass);
  EXPECT_EQ(done.results[1].judgement.verdict, Verdict::skipped);
  EXPECT_THAT(done.results[1].judgement.reason, HasSubstr("--max-sessions 2"));
}

TEST(ExecutorStories, TakeTheGivenSessionThatIsInTheStateTheyAskAbout) {
  using reference::Status;
  reference::Options options;
  options.sessions = {{.id = "ready", .role = "r", .command_json = "{}", .status = Status::ready},
                      {.id = "failed", .role = "r", .command_json = "{}", .status = Status::failed}};
  Story ended{.sessions = {own("x")}, .turns = {{{Verb::remove}}, {{Verb::get}}}, .given_state = "FAILED"};
  Story timed_out = ended;
  timed_out.given_state = "TIMEOUT";
  const reference::ReferenceEndpoint endpoint(options);
  RunConfig config = config_for(endpoint);
  config.sessions = SessionMode::provided;
  config.provider = given_sessions({"ready", "failed"}, "a test");
  const Done done = run(config, {story_case("session.ended.failed", "delete.ended", ended),
                                 story_case("session.ended.timeout", "delete.ended", timed_out)});
  EXPECT_EQ(done.results[0].judgement.verdict, Verdict::pass) << done.results[0].judgement.reason;
  EXPECT_EQ(done.results[1].judgement.verdict, Verdict::skipped);
  EXPECT_THAT(done.results[1].judgement.reason, HasSubstr("TIMEOUT"));
  EXPECT_EQ(endpoint.session_count(), 1U) << "the other was not touched";
}

TEST(ExecutorStories, WaitForAStopOnlyOnceInVain) {
  reference::Options options;
  options.delays.stopping = std::chrono::hours(1);
  const reference::ReferenceEndpoint endpoint(options);
  RunConfig config = config_for(endpoint);
  config.stop_wait = milliseconds(200);
  std::vector<Case> cases;
  for (const char* session : {"a", "b", "c"}) {
    Story story{.sessions = {own(session)}, .turns = {}};
    story.then({Verb::create}).then({Verb::stop}).then({Verb::get}).then({Verb::remove});
    cases.push_back(story_case(std::string("session.") + session, "delete.stopped", story));
  }
  const Done done = run(config, cases);
  for (const CaseResult& result : done.results) {
    EXPECT_EQ(result.judgement.verdict, Verdict::skipped);
    EXPECT_THAT(result.judgement.reason, HasSubstr("was still in STOPPING"));
  }
}

TEST(LookingBack, FindsWhatComesBack) {
  const std::vector<Case> cases = {deletion("a"), deletion("b"), look_back()};
  EXPECT_EQ(run(reference::Options{}, cases).results.back().judgement.verdict, Verdict::pass);
  const Done done = run({.deviations = {"back-after-five-requests"}}, cases);
  EXPECT_EQ(done.results.back().judgement.verdict, Verdict::fail);
  EXPECT_EQ(done.results.back().judgement.requirement, "delete.permanent");
}

TEST(LookingBack, PassesNothingWhereNothingWasDeleted) {
  EXPECT_EQ(run(reference::Options{}, {look_back()}).results.back().judgement.verdict, Verdict::pass)
      << "the probe was";
  const reference::ReferenceEndpoint endpoint;
  RunConfig config = config_for(endpoint);
  config.sessions = SessionMode::none;
  EXPECT_EQ(run(config, {look_back()}).results.back().judgement.verdict, Verdict::skipped);
}

// A fault of the listing alone is one requirement's, and no session's.
TEST(Shadows, OfAListingAreNoSessionsThatStay) {
  const std::vector<Case> cases = {deletion("a"), story_case("session.one", "delete.unlisted", life("b")), look_back()};
  const Done done = run({.deviations = {"still-listed"}}, cases);
  EXPECT_EQ(done.results[0].judgement.verdict, Verdict::pass) << done.results[0].judgement.actual;
  EXPECT_EQ(done.results[1].judgement.requirement, "delete.unlisted");
  EXPECT_EQ(done.results[1].judgement.verdict, Verdict::fail);
  EXPECT_EQ(done.results[2].judgement.verdict, Verdict::pass);
  EXPECT_TRUE(done.left.empty());
  // One that is got as well is there.
  const Done stays = run({.deviations = {"not-deleted"}}, {deletion("a")});
  EXPECT_EQ(stays.results[0].judgement.requirement, "delete.effect");
  EXPECT_EQ(stays.left.size(), 2U) << "it, and the probe";
}

}  // namespace
}  // namespace conformance::executor_stories_test
