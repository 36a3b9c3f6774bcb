// Stories against the reference endpoint, and against one that is wrong in a chosen way.
#include "harness/run/story_teller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "fixtures/reference/reference_endpoint.h"
#include "fixtures/scripted/scripted_server.h"
#include "harness/wire/url.h"

namespace conformance::story_teller_test {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const spec::SpecTable& table() { return spec::builtin_table(); }

struct Teller {
  explicit Teller(const std::string& url, std::map<Verb, std::string> blind = {})
      : factory(wire::parse_url(url), table().content_type, std::nullopt),
        client(wire::parse_url(url), {.timeout = milliseconds(2000)}),
        sender(client, table(), {}, real_time([] { return false; })),
        resource(table(), factory, sender),
        teller(table(), factory, sender, resource, ledger,
               {.patience = milliseconds(300),
                .blind = std::move(blind),
                .await =
                    [this](const std::vector<std::string>& ids) {
                      awaited = ids;
                      return settles;
                    },
                .heard = [this](const Case&, const wire::Exchange&) { ++heard; },
                .goes_on = [] { return true; }}) {}

  StoryOutcome tell(const Story& story, const std::string& requirement = "") {
    Case test;
    test.id = "session.test";
    test.requirement = requirement;
    test.story = std::make_shared<const Story>(story);
    return std::move(teller.tell({&test}).front());
  }

  RequestFactory factory;
  wire::Client client;
  Sender sender;
  Resource resource;
  Ledger ledger;
  std::vector<std::string> awaited;
  bool settles = true;
  int heard = 0;
  StoryTeller teller;
};

Story one() { return {.sessions = {"a"}, .turns = {}}; }

Story life() {
  return one()
      .then({Verb::create})
      .then({Verb::get})
      .then({Verb::list})
      .then({Verb::remove})
      .then({Verb::get})
      .then({Verb::list});
}

std::vector<std::string> answers_of(const StoryOutcome& outcome) {
  std::vector<std::string> all;
  for (const Deed& deed : outcome.deeds)
    all.push_back(deed.target.substr(deed.target.find('.') + 1) + " " + deed.answer.substr(0, 3));
  return all;
}

TEST(StoryTeller, MakesTheCallsInTheirOrderAndKeepsWhatWasAnswered) {
  const reference::ReferenceEndpoint endpoint;
  Teller teller(endpoint.url());
  const StoryOutcome outcome = teller.tell(life(), "delete.effect");
  EXPECT_EQ(outcome.judgement.verdict, Verdict::pass) << outcome.judgement.reason;
  EXPECT_THAT(answers_of(outcome), ElementsAre("CreateSession 200", "GetSession 200", "ListSessions 200",
                                               "DeleteSession 200", "GetSession 400", "ListSessions 200"));
  EXPECT_EQ(teller.heard, 1);
  EXPECT_EQ(outcome.target, table().target);
  EXPECT_EQ(endpoint.session_count(), 0U);
}

TEST(StoryTeller, WritesSessionsDownBeforeTheyAreMadeAndOffOnceTheyAreSeenGone) {
  const reference::ReferenceEndpoint endpoint;
  Teller teller(endpoint.url());
  (void)teller.tell(one().then({Verb::create}).then({Verb::remove}));
  EXPECT_THAT(teller.ledger.open(), ElementsAre("a")) << "nobody saw that it is gone";
  (void)teller.tell(life());
  EXPECT_THAT(teller.ledger.open(), IsEmpty());
  EXPECT_THAT(teller.ledger.deleted(), ElementsAre("a"));
}

TEST(StoryTeller, LeavesASessionThatIsNotItsOwnOutOfTheLedger) {
  const reference::ReferenceEndpoint endpoint(
      {.deviations = {}, .sessions = {{.id = "a", .role = "r", .command_json = "{}"}}});
  Teller teller(endpoint.url());
  EXPECT_EQ(teller.tell(life()).judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(teller.ledger.open(), IsEmpty());
  EXPECT_EQ(endpoint.session_count(), 1U);
}

TEST(StoryTeller, TakesWhatAnEarlierTellingLeftForItsOwn) {
  const reference::ReferenceEndpoint endpoint;
  Teller teller(endpoint.url());
  (void)teller.tell(one().then({Verb::create}));
  EXPECT_EQ(teller.tell(life(), "delete.effect").judgement.verdict, Verdict::pass);
}

TEST(StoryTeller, LooksAgainAtWhatIsLate) {
  reference::Options options;
  options.delays.deletion = milliseconds(40);
  const reference::ReferenceEndpoint endpoint(options);
  Teller teller(endpoint.url());
  const StoryOutcome outcome = teller.tell(life(), "delete.effect");
  EXPECT_EQ(outcome.judgement.verdict, Verdict::pass) << outcome.judgement.actual;
  EXPECT_THAT(outcome.judgement.readings, Contains(Pair("delete.delay", "later")));
  EXPECT_GT(outcome.deeds[4].times, 1U);
}

TEST(StoryTeller, CreatesAgainOnceTheDeletionShows) {
  reference::Options options;
  options.delays.deletion = milliseconds(40);
  const reference::ReferenceEndpoint endpoint(options);
  Teller teller(endpoint.url());
  const Story story = one().then({Verb::create}).then({Verb::remove}).then({Verb::create});
  EXPECT_EQ(teller.tell(story, "delete.recreate").judgement.verdict, Verdict::pass);
}

TEST(StoryTeller, AsksForASecondOpinionBeforeItBlames) {
  for (const auto& [deviation, requirement] : {std::pair{"still-listed", "delete.unlisted"},
                                               {"still-got", "delete.ungettable"},
                                               {"deleted-is-shown-stopped", "delete.effect"}}) {
    const reference::ReferenceEndpoint endpoint({.deviations = {deviation}});
    Teller teller(endpoint.url());
    const StoryOutcome outcome = teller.tell(life());
    EXPECT_EQ(outcome.judgement.verdict, Verdict::fail) << deviation;
    EXPECT_EQ(outcome.judgement.requirement, requirement) << deviation;
  }
}

TEST(StoryTeller, MakesTheCallsOfATurnAtOnce) {
  const reference::ReferenceEndpoint endpoint({.deviations = {"overlapping-deletion-500"}});
  Teller teller(endpoint.url());
  const Story apart = one().then({Verb::create}).then({Verb::remove}).then({Verb::remove});
  EXPECT_EQ(teller.tell(apart, "delete.again").judgement.verdict, Verdict::pass);
  const StoryOutcome outcome = teller.tell(one().then({Verb::create}).at_once(Turn(4, {Verb::remove})));
  EXPECT_EQ(outcome.judgement.requirement, "delete.concurrent");
  // They overlap, by the clock.
  std::int64_t last_begun = 0, first_ended = INT64_MAX;
  for (const Deed& deed : outcome.deeds) {
    if (deed.turn != 1) continue;
    last_begun = std::max(last_begun, deed.begun);
    first_ended = std::min(first_ended, deed.ended);
  }
  EXPECT_LT(last_begun, first_ended);
}

TEST(StoryTeller, TellsManyStoriesSideBySideWithOneListingForAll) {
  const reference::ReferenceEndpoint endpoint;
  Teller teller(endpoint.url());
  std::vector<Case> tests(10);
  std::vector<const Case*> all;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    Story story = life();
    story.sessions = {"s" + std::to_string(i)};
    tests[i].story = std::make_shared<const Story>(story);
    all.push_back(&tests[i]);
  }
  const std::vector<StoryOutcome> outcomes = teller.teller.tell(all);
  ASSERT_EQ(outcomes.size(), 10U);
  for (const StoryOutcome& outcome : outcomes) EXPECT_EQ(outcome.judgement.verdict, Verdict::pass);
  // Two turns have a listing.
  EXPECT_EQ(teller.sender.requests(), 10 * 4 + 2U);
}

TEST(StoryTeller, WaitsForWhatIsBeingMadeUnlessTheStoryIsAboutThat) {
  reference::Options options;
  options.delays.provisioning = std::chrono::hours(1);
  const reference::ReferenceEndpoint endpoint(options);
  Teller teller(endpoint.url());
  (void)teller.tell(one().then({Verb::create}));
  EXPECT_THAT(teller.awaited, ElementsAre("a"));
  teller.awaited.clear();
  const Story passing{.sessions = {"b"}, .turns = {{{Verb::create, 0, "", false}}, {{Verb::remove}}, {{Verb::get}}}};
  const StoryOutcome outcome = teller.tell(passing, "delete.passing");
  EXPECT_THAT(teller.awaited, IsEmpty());
  EXPECT_EQ(outcome.judgement.verdict, Verdict::pass) << outcome.judgement.reason;
}

// Nothing says that the endpoint is wrong to refuse it.
TEST(StoryTeller, BlamesNoRefusalOfWhatIsStillBeingMade) {
  reference::Options options;
  options.delays.provisioning = std::chrono::hours(1);
  const reference::ReferenceEndpoint endpoint(options);
  Teller teller(endpoint.url());
  const Story story = one().then({Verb::create}).then({Verb::remove});
  EXPECT_EQ(teller.tell(story).judgement.requirement, "delete.success");
  teller.settles = false;
  const StoryOutcome outcome = teller.tell(story, "delete.success");
  EXPECT_EQ(outcome.judgement.verdict, Verdict::skipped);
  EXPECT_THAT(outcome.judgement.reason, HasSubstr("may still have been being made"));
}

// A creation that shows late is no deletion, and one that failed may have made the session.
TEST(StoryTeller, KeepsOpenWhateverMayBeThere) {
  std::atomic<int> gets{0};
  const auto answering = [&gets](int status, const std::string& creation) {
    return [&gets, status, creation](scripted::Peer& peer) {
      for (std::string head, body; peer.read_request(head, body);) {
        const bool creates = head.find("CreateSession") != std::string::npos;
        const bool late = head.find("GetSession") != std::string::npos && ++gets < 3;
        const std::string text = creates ? creation
                                 : late  ? R"({"__type":"EntityNotFoundException"})"
                                         : R"({"Session":{"Id":"a","Status":"READY"}})";
        peer.send("HTTP/1.1 " +
                  std::to_string(creates ? status
                                 : late  ? 400
                                         : 200) +
                  " -\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: " + std::to_string(text.size()) +
                  "\r\n\r\n" + text);
      }
    };
  };
  {
    const scripted::Server server(answering(200, R"({"Session":{"Id":"a","Status":"READY"}})"));
    Teller teller(server.url());
    EXPECT_EQ(teller.tell(one().then({Verb::create}).then({Verb::get})).judgement.verdict, Verdict::skipped);
    EXPECT_GE(gets, 3);
    EXPECT_THAT(teller.ledger.open(), ElementsAre("a"));
    EXPECT_THAT(teller.ledger.deleted(), IsEmpty());
  }
  for (const auto& [status, type, open] : {std::tuple{500, "InternalServiceException", true},
                                           {418, "TeapotException", true},
                                           {400, "ValidationException", false}}) {
    const scripted::Server server(answering(status, std::string(R"({"__type":")") + type + R"("})"));
    Teller teller(server.url());
    EXPECT_EQ(teller.tell(one().then({Verb::create})).judgement.verdict, Verdict::inconclusive);
    EXPECT_EQ(teller.ledger.open().size(), open ? 1U : 0U) << type;
  }
}

TEST(StoryTeller, SendsTheOptionOfEachCall) {
  const reference::ReferenceEndpoint endpoint({.deviations = {"origin-must-match"}});
  Teller teller(endpoint.url());
  const auto with = [](const std::string& created, const std::string& deleted) {
    return one().then({Verb::create, 0, created}).then({Verb::remove, 0, deleted});
  };
  EXPECT_EQ(teller.tell(with("x", "y")).judgement.requirement, "delete.origin");
  EXPECT_EQ(teller.tell(with("x", "x"), "delete.success").judgement.verdict, Verdict::pass);
}

TEST(StoryTeller, DoesWithoutALookThatIsOfNoUse) {
  const reference::ReferenceEndpoint endpoint({.deviations = {"still-listed"}});
  Teller teller(endpoint.url(), {{Verb::list, "it does not list"}});
  const StoryOutcome outcome = teller.tell(life(), "delete.unlisted");
  EXPECT_EQ(outcome.judgement.verdict, Verdict::skipped);
  EXPECT_THAT(outcome.judgement.reason, HasSubstr("it does not list"));
}

TEST(StoryTeller, EndsAStoryThatGetsNoAnswer) {
  std::atomic<int> asked{0};
  const scripted::Server server([&asked](scripted::Peer& peer) {
    for (std::string head, body; peer.read_request(head, body);) ++asked;
  });
  const wire::Url url = wire::parse_url(server.url());
  RequestFactory factory(url, table().content_type, std::nullopt);
  wire::Client client(url, {.timeout = milliseconds(100)});
  Sender sender(client, table(), {}, real_time([] { return false; }));
  Resource resource(table(), factory, sender);
  Ledger ledger;
  StoryTeller teller(table(), factory, sender, resource, ledger,
                     {.patience = milliseconds(50),
                      .blind = {},
                      .await = [](const std::vector<std::string>&) { return true; },
                      .heard = [](const Case&, const wire::Exchange&) {},
                      .goes_on = [] { return true; }});
  Case test;
  test.story = std::make_shared<const Story>(life());
  const StoryOutcome outcome = std::move(teller.tell({&test}).front());
  EXPECT_EQ(outcome.judgement.verdict, Verdict::error);
  EXPECT_EQ(asked, 1);
  EXPECT_THAT(ledger.open(), ElementsAre("a")) << "it may have been created";
}

}  // namespace
}  // namespace conformance::story_teller_test
