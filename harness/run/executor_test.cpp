#include "harness/run/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <deque>
#include <mutex>

#include "fixtures/reference/session_service.h"
#include "fixtures/scripted/scripted_server.h"
#include "harness/case/case_builder.h"
#include "harness/text/json_string.h"
#include "harness/text/utf8.h"

namespace conformance::executor_test {
namespace {

using reference::SessionService;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* prefix = "gc00000001";

std::string http(const reference::Answer& answer) {
  return "HTTP/1.1 " + std::to_string(answer.status) + " -\r\nContent-Type: " + std::string(answer.content_type) +
         "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
}

std::string http(int status, std::string body) {
  reference::Answer answer;
  answer.status = status;
  answer.body = std::move(body);
  return http(answer);
}

// A conforming endpoint, but for what `meddle` does: it gets each call first and says whether it has dealt with it.
class Endpoint {
 public:
  struct Call {
    scripted::Peer& peer;
    std::string operation, body;
    int nth;  // of this operation, from 1

    [[nodiscard]] bool is(std::string_view name) const { return operation == name; }
    [[nodiscard]] bool names(std::string_view part) const { return body.find(part) != std::string::npos; }
  };
  // fall_over: as a process that crashes, and is started again a moment later without its memory.
  // stumble: the same, but it keeps its memory.
  // start_anew: without its memory, but so soon that only this connection shows it.
  enum class Dealt { no, yes, hang_up, fall_over, stumble, start_anew };
  using Meddle = std::function<Dealt(const Call&)>;

  explicit Endpoint(
      Meddle meddle = [](const Call&) { return Dealt::no; }, reference::ServiceOptions options = {})
      : options_(options),
        service_(std::make_shared<SessionService>(options)),
        meddle_(std::move(meddle)),
        server_([this](scripted::Peer& peer) { serve(peer); }) {}

  ~Endpoint() {
    const std::lock_guard lock(falling_);
    if (supervisor_.joinable()) supervisor_.join();
    is_down_ = true;  // for good
  }

  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] std::size_t sessions() { return service()->session_count(); }
  reference::Answer ask(const std::string& operation, const std::string& body) {
    return service()->handle({"POST", "/", "AWSGlue." + operation, "application/x-amz-json-1.1", body});
  }
  void create(const std::string& id) {
    const std::string body = R"(,"Role":"arn:aws:iam::123456789012:role/r","Command":{"Name":"glueetl"}})";
    ASSERT_EQ(ask("CreateSession", "{\"Id\":" + text::quote_raw(id) + body).status, 200);
  }
  [[nodiscard]] int calls(const std::string& operation) {
    const std::lock_guard lock(mutex_);
    return calls_[operation];
  }

 private:
  void serve(scripted::Peer& peer) {
    for (std::string head, body; peer.read_request(head, body);) {
      const std::size_t from = head.find("AWSGlue.") + 8;
      Call call{peer, head.substr(from, head.find('\r', from) - from), body, 0};
      {
        const std::lock_guard lock(mutex_);
        call.nth = ++calls_[call.operation];
      }
      const Dealt dealt = meddle_(call);
      if (dealt == Dealt::hang_up) return;
      if (dealt == Dealt::fall_over || dealt == Dealt::stumble) return fall_over(dealt == Dealt::fall_over);
      if (dealt == Dealt::start_anew) return forget();
      if (dealt == Dealt::no) peer.send(http(ask(call.operation, body)));
    }
  }

  [[nodiscard]] std::shared_ptr<SessionService> service() {
    const std::lock_guard lock(mutex_);
    return service_;
  }

  void forget() {
    const std::lock_guard lock(mutex_);
    service_ = std::make_shared<SessionService>(options_);
  }

  void fall_over(bool forgets) {
    const std::lock_guard lock(falling_);
    if (is_down_.exchange(true)) return;
    if (forgets) forget();
    if (supervisor_.joinable()) supervisor_.join();
    server_.fall_over();
    supervisor_ = std::thread([this] {
      std::this_thread::sleep_for(milliseconds(50));
      server_.come_back();
      is_down_ = false;
    });
  }

  const reference::ServiceOptions options_;
  std::shared_ptr<SessionService> service_;
  Meddle meddle_;
  std::mutex mutex_;
  std::map<std::string, int> calls_;
  std::mutex falling_;
  std::atomic<bool> is_down_{false};
  std::thread supervisor_;
  scripted::Server server_;  // last: its threads use the rest
};

using Dealt = Endpoint::Dealt;
using Call = Endpoint::Call;

reference::Answer endpoint_answer(const Call& call) {
  static SessionService service{reference::ServiceOptions{}};
  return service.handle({"POST", "/", "AWSGlue." + call.operation, "application/x-amz-json-1.1", call.body});
}

class ExecutorTest : public testing::Test {
 protected:
  Case valid(const std::string& name, const std::string& requirement = "delete.success") {
    Case c = CaseBuilder::start("delete." + name, name, requirement, Kind::valid);
    const std::string id = std::string(prefix) + "-" + c.id;
    builder_.accept(c, id, text::quote_raw(id));
    return c;
  }

  Case malformed(const std::string& name) {
    Case c = CaseBuilder::start("id." + name, name, "id.length.min", Kind::malformed);
    builder_.refuse_identifier(c, std::string(prefix) + "-" + c.id, text::quote_raw(""));
    return c;
  }

  RunConfig config(const Endpoint& endpoint) {
    RunConfig config;
    config.endpoint = wire::parse_url(endpoint.url());
    config.client.connections = 4;
    config.prefix = prefix;
    config.sending.backoff = {.patience = milliseconds(100), .first = milliseconds(2)};
    return config;
  }

  std::vector<CaseResult> run(Executor& executor, std::size_t count) {
    std::vector<std::size_t> all(count);
    for (std::size_t i = 0; i < count; ++i) all[i] = i;
    std::vector<CaseResult> results(count);
    std::vector<int> calls(count);
    leftovers_ = executor.run(all, [&](std::size_t i, CaseResult result) {
      ++calls[i];
      results[i] = std::move(result);
    });
    EXPECT_THAT(calls, testing::Each(1));
    return results;
  }

  // Prepared, which must succeed, and run.
  std::vector<CaseResult> run(const RunConfig& config, const std::vector<Case>& cases) {
    Executor executor(config, table_, cases);
    EXPECT_EQ(executor.prepare(), "");
    return run(executor, cases.size());
  }

  Judgement judge_one(const Endpoint& endpoint, const Case& test) {
    return run(config(endpoint), {test}).front().judgement;
  }

  const spec::SpecTable& table_ = spec::builtin_table();
  CaseBuilder builder_{table_, prefix};
  std::vector<std::string> leftovers_;
};

TEST_F(ExecutorTest, GivesEveryCaseItsVerdictAndLeavesNothingBehind) {
  Endpoint endpoint;
  std::vector<Case> cases;
  for (int i = 0; i < 20; ++i) {
    cases.push_back(valid(std::to_string(i)));
    cases.push_back(malformed(std::to_string(i)));
  }
  RunConfig small_waves = config(endpoint);
  small_waves.wave = 7;
  for (const CaseResult& result : run(small_waves, cases)) {
    EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.test.id << ": " << result.judgement.reason;
    EXPECT_EQ(result.control.has_value(), result.test.kind == Kind::malformed);
  }
  EXPECT_EQ(endpoint.sessions(), 0U);
  EXPECT_THAT(leftovers_, IsEmpty());
}

TEST_F(ExecutorTest, WaitsForAListingThatLagsBehind) {
  std::mutex mutex;
  std::vector<std::string> listings;
  Endpoint* self = nullptr;
  Endpoint endpoint([&](const Call& call) {
    if (!call.is("ListSessions")) return Dealt::no;
    const std::lock_guard lock(mutex);
    listings.push_back(http(self->ask("ListSessions", call.body)));
    call.peer.send(listings[listings.size() < 3 ? 0 : listings.size() - 3]);
    return Dealt::yes;
  });
  self = &endpoint;
  EXPECT_EQ(judge_one(endpoint, valid("lag", "delete.effect")).verdict, Verdict::pass);
  EXPECT_THAT(leftovers_, IsEmpty());
}

TEST_F(ExecutorTest, FailsASuccessThatDeletesNothingAndNamesWhatIsLeft) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("DeleteSession") || call.names("missing")) return Dealt::no;
    call.peer.send(http(200, call.body));
    return Dealt::yes;
  });
  const Case test = valid("stays", "delete.effect");
  RunConfig impatient = config(endpoint);
  impatient.effect_wait = milliseconds(60);
  const Judgement judgement = run(impatient, {test}).front().judgement;
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_EQ(judgement.requirement, "delete.effect");
  EXPECT_THAT(leftovers_, testing::Contains(test.session));
}

TEST_F(ExecutorTest, SendsAgainWhatGotNoAnswerOnce) {
  Endpoint endpoint([](const Call& call) {
    return call.is("DeleteSession") && call.names("flake") && call.nth <= 4 ? Dealt::hang_up : Dealt::no;
  });
  // A fresh connection each time: a request on a kept one is repeated by the client itself.
  const Judgement judgement = judge_one(endpoint, valid("flake"));
  EXPECT_EQ(judgement.verdict, Verdict::pass) << judgement.reason;
  EXPECT_THAT(judgement.note, HasSubstr("answered only when it was sent again"));
}

TEST_F(ExecutorTest, FailsAMalformedRequestThatNeverGetsAnAnswerWhileItsControlDoes) {
  Endpoint endpoint([](const Call& call) {
    return call.is("DeleteSession") && call.body == R"({"Id":""})" ? Dealt::hang_up : Dealt::no;
  });
  const Judgement judgement = judge_one(endpoint, malformed("dropped"));
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_EQ(judgement.requirement, "id.length.min");
  EXPECT_THAT(judgement.actual, HasSubstr("the control is answered"));
}

TEST_F(ExecutorTest, FailsAValidRequestThatNeverGetsAnAnswerWhileOthersDo) {
  Endpoint endpoint([](const Call& call) {
    return call.is("DeleteSession") && call.names("dropped") && !call.names("missing") ? Dealt::hang_up : Dealt::no;
  });
  const Judgement judgement = judge_one(endpoint, valid("dropped"));
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_THAT(judgement.actual, HasSubstr("the next request is answered"));
}

TEST_F(ExecutorTest, DoesNotBlameWhatALostSendingMayHaveDeleted) {
  Endpoint* self = nullptr;
  std::atomic<bool> lost{false};
  Endpoint endpoint(
      [&](const Call& call) {
        if (!call.is("DeleteSession") || !call.names("carried")) return Dealt::no;
        const reference::Answer answer = self->ask("DeleteSession", call.body);
        if (answer.status == 200 || !lost.exchange(true)) return Dealt::hang_up;
        call.peer.send(http(answer));
        return Dealt::yes;
      },
      {.deviations = {}, .missing = reference::MissingSession::not_found});
  self = &endpoint;
  EXPECT_EQ(judge_one(endpoint, valid("carried")).verdict, Verdict::inconclusive);
}

TEST_F(ExecutorTest, GivesUpOnAnEndpointThatNeverEndsItsAnswers) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("DeleteSession") || call.names("missing") || call.names("probe")) return Dealt::no;
    call.peer.send("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 200000\r\n\r\n");
    const std::string piece(1000, ' ');
    for (int i = 0; i < 10; ++i) call.peer.send(piece);
    call.peer.wait_for_end();
    return Dealt::hang_up;
  });
  RunConfig limited = config(endpoint);
  limited.client.timeout = milliseconds(50);
  limited.client.give_up_after = 8;
  limited.wave = 10;
  std::vector<Case> cases;
  for (int i = 0; i < 100; ++i) cases.push_back(valid(std::to_string(i)));
  std::map<Verdict, std::size_t> verdicts;
  for (const CaseResult& result : run(limited, cases)) ++verdicts[result.judgement.verdict];
  // A plain request is answered, again and again; so the first are its fault. But not for ever.
  EXPECT_GE(verdicts[Verdict::fail], 20U);
  EXPECT_GE(verdicts[Verdict::error], 20U);
  EXPECT_EQ(verdicts[Verdict::fail] + verdicts[Verdict::error], cases.size());
}

TEST_F(ExecutorTest, NamesTheExampleThatGetsNoAnswerThoughManyInARowGetNone) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("DeleteSession") || !call.names("hang")) return Dealt::no;
    call.peer.wait_for_end();
    return Dealt::hang_up;
  });
  RunConfig limited = config(endpoint);
  limited.client.timeout = milliseconds(50);
  limited.client.give_up_after = 8;
  limited.sessions = SessionMode::none;
  Case property = valid("property");
  property.property = std::make_shared<Property>(Property{
      [this](std::uint64_t index) { return valid((index % 2 == 0 ? "fine" : "hang") + std::to_string(index)); }});
  limited.limits.examples = 100;
  const Judgement judgement = run(limited, {property}).front().judgement;
  EXPECT_EQ(judgement.verdict, Verdict::fail) << judgement.reason;
  EXPECT_THAT(judgement.actual, HasSubstr("the next request is answered"));
}

TEST_F(ExecutorTest, BlamesOnlyTheCaseThatTheEndpointDoesNotSurvive) {
  Endpoint endpoint(
      [](const Call& call) { return call.is("DeleteSession") && call.names("crash") ? Dealt::fall_over : Dealt::no; });
  std::vector<Case> cases;
  for (int i = 0; i < 40; ++i) cases.push_back(i % 2 == 0 ? valid(std::to_string(i)) : malformed(std::to_string(i)));
  cases[7] = valid("crash");
  const std::vector<CaseResult> results = run(config(endpoint), cases);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Judgement& judgement = results[i].judgement;
    EXPECT_EQ(judgement.verdict, i == 7 ? Verdict::fail : Verdict::pass)
        << cases[i].id << judgement.reason << judgement.actual;
  }
  EXPECT_THAT(results[7].judgement.actual, HasSubstr("the next request is answered"));
}

TEST_F(ExecutorTest, BlamesNoCaseForAnEndpointThatIsAwayForAMoment) {
  std::atomic<bool> fell{false};
  Endpoint endpoint([&fell](const Call& call) {
    return call.is("DeleteSession") && call.names("12") && !fell.exchange(true) ? Dealt::fall_over : Dealt::no;
  });
  std::vector<Case> cases;
  for (int i = 0; i < 40; ++i) cases.push_back(i % 2 == 0 ? valid(std::to_string(i)) : malformed(std::to_string(i)));
  for (const CaseResult& result : run(config(endpoint), cases))
    EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.test.id << result.judgement.reason;
  EXPECT_TRUE(fell);
}

// Every session of the wave is gone, though nobody deleted it.
TEST_F(ExecutorTest, BlamesNoCaseForAnEndpointThatIsStartedAgainAtOnce) {
  std::atomic<bool> fell{false};
  Endpoint endpoint([&fell](const Call& call) {
    return call.is("DeleteSession") && call.names("12") && !fell.exchange(true) ? Dealt::start_anew : Dealt::no;
  });
  std::vector<Case> cases;
  for (int i = 0; i < 40; ++i) cases.push_back(i % 2 == 0 ? valid(std::to_string(i)) : malformed(std::to_string(i)));
  for (const CaseResult& result : run(config(endpoint), cases))
    EXPECT_EQ(result.judgement.verdict, Verdict::pass)
        << result.test.id << result.judgement.reason << result.judgement.actual;
  EXPECT_TRUE(fell);
}

// As often as it hangs up on something: what fails then fails twice.
TEST_F(ExecutorTest, BlamesTheCaseThatFailsBesideOneThatIsHungUpOn) {
  Endpoint endpoint([](const Call& call) {
    if (call.is("DeleteSession") && call.names("wrong")) {
      call.peer.send(http(500, "{}"));
      return Dealt::yes;
    }
    return call.is("DeleteSession") && call.names("12") && call.nth % 2 == 1 ? Dealt::hang_up : Dealt::no;
  });
  std::vector<Case> cases;
  for (int i = 0; i < 20; ++i) cases.push_back(valid(std::to_string(i)));
  cases[7] = valid("wrong");
  const std::vector<CaseResult> results = run(config(endpoint), cases);
  for (std::size_t i = 0; i < cases.size(); ++i)
    EXPECT_EQ(results[i].judgement.verdict == Verdict::fail, i == 7) << i << results[i].judgement.reason;
}

Case story_of(const std::string& name) {
  Case c = CaseBuilder::start(name, "a story", "delete.effect", Kind::valid);
  const std::string session = std::string(prefix) + "-" + name;
  c.body = R"({"Id":")" + session + "\"}";
  c.story = std::make_shared<const Story>(Story{.sessions = {session}, .turns = {}}
                                              .then({Verb::create})
                                              .then({Verb::get})
                                              .then({Verb::remove})
                                              .then({Verb::list}));
  return c;
}

TEST_F(ExecutorTest, TellsStoriesAgainThatAnOutageCameBetween) {
  for (const char* operation : {"CreateSession", "GetSession", "DeleteSession", "ListSessions"}) {
    std::atomic<bool> deleted{false}, fell{false};
    Endpoint endpoint([&](const Call& call) {
      if (call.is("DeleteSession") && call.names("story12")) deleted = true;
      const bool falls = call.is(operation) && (call.names("story12") || (call.is("ListSessions") && deleted));
      return falls && !fell.exchange(true) ? Dealt::fall_over : Dealt::no;
    });
    std::vector<Case> cases;
    for (int i = 0; i < 20; ++i) cases.push_back(story_of("story" + std::to_string(i)));
    for (const CaseResult& result : run(config(endpoint), cases))
      EXPECT_EQ(result.judgement.verdict, Verdict::pass)
          << operation << result.test.id << result.judgement.reason << result.judgement.actual;
    EXPECT_TRUE(fell) << operation;
  }
}

TEST_F(ExecutorTest, LosesOnlyTheStoryThatTheEndpointDoesNotSurvive) {
  Endpoint endpoint(
      [](const Call& call) { return call.is("GetSession") && call.names("story7") ? Dealt::fall_over : Dealt::no; });
  std::vector<Case> cases;
  for (int i = 0; i < 10; ++i) cases.push_back(story_of("story" + std::to_string(i)));
  const std::vector<CaseResult> results = run(config(endpoint), cases);
  for (std::size_t i = 0; i < cases.size(); ++i)
    EXPECT_EQ(results[i].judgement.verdict == Verdict::pass, i != 7) << i << results[i].judgement.reason;
}

TEST_F(ExecutorTest, CleansUpOnceTheEndpointIsBack) {
  std::atomic<int> deletions{0};
  Endpoint endpoint([&deletions](const Call& call) {
    if (!call.is("DeleteSession") || !call.names("kept")) return Dealt::no;
    const int nth = ++deletions;
    if (nth == 1) call.peer.send(http(500, R"({"__type":"InternalServiceException"})"));
    return nth == 1 ? Dealt::yes : nth == 2 ? Dealt::fall_over : Dealt::no;
  });
  (void)run(config(endpoint), {valid("kept")});
  EXPECT_GE(deletions, 2);
  EXPECT_THAT(leftovers_, IsEmpty());
}

// What the cases left is deleted in one go, and the first of it brings the endpoint down.
TEST_F(ExecutorTest, LeavesOnlyTheSessionBehindThatTheEndpointDoesNotSurvive) {
  std::map<std::string, int> deletions;
  std::mutex mutex;
  Endpoint endpoint([&](const Call& call) {
    if (!call.is("DeleteSession")) return Dealt::no;
    if (call.names("a-crash")) return Dealt::stumble;
    const std::lock_guard lock(mutex);
    if (!call.names("kept") || ++deletions[call.body] > 2) return Dealt::no;
    call.peer.send(http(500, R"({"__type":"InternalServiceException"})"));
    return Dealt::yes;
  });
  RunConfig one_by_one = config(endpoint);
  one_by_one.client.connections = one_by_one.wave = 1;
  std::vector<Case> cases{valid("a-crash")};
  for (int i = 0; i < 6; ++i) cases.push_back(valid("kept" + std::to_string(i)));
  (void)run(one_by_one, cases);
  EXPECT_THAT(leftovers_, testing::ElementsAre(HasSubstr("a-crash")));
  EXPECT_EQ(endpoint.sessions(), 1U);
}

TEST_F(ExecutorTest, NamesTheExampleThatTheEndpointDoesNotSurvive) {
  Endpoint endpoint(
      [](const Call& call) { return call.is("DeleteSession") && call.names("crash") ? Dealt::fall_over : Dealt::no; });
  Case property = valid("property");
  property.property = std::make_shared<Property>(
      Property{[this](std::uint64_t index) { return valid((index == 7 ? "crash" : "fine") + std::to_string(index)); }});
  const CaseResult result = run(config(endpoint), {property}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::fail) << result.judgement.reason;
  EXPECT_THAT(result.stimulus->sent, HasSubstr("crash7"));
}

TEST_F(ExecutorTest, TriesTheFirstRequestAgainBeforeItCallsTheEndpointUnreachable) {
  std::atomic<int> dropped{0};
  Endpoint endpoint(
      [&](const Call& call) { return call.names("missing") && dropped++ < 2 ? Dealt::hang_up : Dealt::no; });
  const std::vector<Case> cases;
  Executor executor(config(endpoint), table_, cases);
  EXPECT_EQ(executor.prepare(), "");
}

TEST_F(ExecutorTest, SaysWhyAnEndpointCannotBeTested) {
  RunConfig nobody;
  {
    const Endpoint gone;
    nobody = config(gone);
  }
  const std::vector<Case> cases;
  Executor executor(nobody, table_, cases);
  EXPECT_THAT(executor.prepare(), HasSubstr("connection refused"));

  const auto refused_with = [&](int status, const char* body) {
    const Endpoint stranger([status, body](const Call& call) {
      call.peer.send(http(status, body));
      return Dealt::yes;
    });
    Executor refused(config(stranger), table_, cases);
    return refused.prepare();
  };
  EXPECT_THAT(refused_with(403, R"({"__type":"UnrecognizedClientException"})"), HasSubstr("refuses the credentials"));
  EXPECT_THAT(refused_with(403, "<Code>SignatureDoesNotMatch</Code>"), HasSubstr("refuses the credentials: 403"));
  EXPECT_THAT(refused_with(401, ""), HasSubstr("refuses the credentials: 401"));
  EXPECT_EQ(refused_with(400, "<Code>SignatureDoesNotMatch</Code>"), "");
}

TEST_F(ExecutorTest, TouchesNoSessionThatItDidNotCreate) {
  Endpoint endpoint;
  endpoint.create("a");
  Case foreign = CaseBuilder::start("delete.foreign", "an Id that may be anybody's", "delete.success", Kind::valid);
  builder_.accept(foreign, "a", text::quote_raw("a"));
  const Judgement judgement = judge_one(endpoint, foreign);
  EXPECT_EQ(judgement.verdict, Verdict::skipped);
  EXPECT_THAT(judgement.reason, HasSubstr("exists already"));
  EXPECT_EQ(endpoint.sessions(), 1U);
}

// By whichever way they are shown: the other may leave something out.
TEST_F(ExecutorTest, TouchesNoSessionThatItDidNotCreateWhoeverShowsIt) {
  for (const char* blind : {"GetSession", "ListSessions"}) {
    for (const bool lacks : {false, true}) {
      Endpoint endpoint([&](const Call& call) {
        if (!call.is(blind)) return Dealt::no;
        if (lacks)
          call.peer.send(http(400, R"({"__type":"UnknownOperationException"})"));
        else
          call.peer.send(call.is("GetSession") ? http(400, R"({"__type":"EntityNotFoundException"})")
                                               : http(200, R"({"Ids":[],"Sessions":[]})"));
        return Dealt::yes;
      });
      endpoint.create("a");
      Case foreign = CaseBuilder::start("delete.foreign", "anybody's", "delete.success", Kind::valid);
      builder_.accept(foreign, "a", text::quote_raw("a"));
      RunConfig impatient = config(endpoint);
      impatient.effect_wait = milliseconds(20);
      const Judgement judgement = run(impatient, {foreign}).front().judgement;
      EXPECT_EQ(judgement.verdict, Verdict::skipped) << blind;
      EXPECT_THAT(judgement.reason, HasSubstr("exists already")) << blind;
      EXPECT_EQ(endpoint.sessions(), 1U) << blind;
    }
  }
}

TEST_F(ExecutorTest, SendsNoForeignIdentifierWhereItCannotTellWhoseItIs) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("GetSession") && !call.is("ListSessions")) return Dealt::no;
    call.peer.send(http(400, R"({"__type":"UnknownOperationException"})"));
    return Dealt::yes;
  });
  Case foreign = CaseBuilder::start("delete.foreign", "an Id that may be anybody's", "delete.success", Kind::valid);
  builder_.accept(foreign, "a", text::quote_raw("a"));
  const Judgement judgement = judge_one(endpoint, foreign);
  EXPECT_EQ(judgement.verdict, Verdict::skipped);
  EXPECT_THAT(judgement.reason, HasSubstr("cannot tell whether"));
}

TEST_F(ExecutorTest, CallsAnIdentifierOfItsOwnThatIsTakenInconclusive) {
  Endpoint endpoint;
  const Case test = valid("taken");
  endpoint.create(test.session);
  EXPECT_EQ(judge_one(endpoint, test).verdict, Verdict::inconclusive);
  EXPECT_EQ(endpoint.sessions(), 1U);
}

// Refusing to create it a second time does not mean that the first is gone.
TEST_F(ExecutorTest, ForgetsNoSessionOfItsOwnThatWouldNotGo) {
  std::atomic<bool> stuck{false};
  Endpoint endpoint([&stuck](const Call& call) {
    if (!call.names("stays")) return Dealt::no;
    if (call.is("DeleteSession")) stuck = true;
    if (!call.is("DeleteSession") && !(call.is("CreateSession") && stuck)) return Dealt::no;
    call.peer.send(http(500, R"({"__type":"InternalServiceException"})"));
    return Dealt::yes;
  });
  RunConfig one_by_one = config(endpoint);
  one_by_one.wave = 1;
  const Case test = valid("stays");
  (void)run(one_by_one, {test, test});
  EXPECT_THAT(leftovers_, ElementsAre(test.session));
}

TEST_F(ExecutorTest, DoesNotGoOnWhereAnEarlierRunWithItsSeedLeftItsFirstSession) {
  Endpoint endpoint;
  endpoint.create(std::string(prefix) + "-probe");
  const std::vector<Case> cases;
  Executor executor(config(endpoint), table_, cases);
  EXPECT_THAT(executor.prepare(), HasSubstr("choose another seed"));
  EXPECT_EQ(endpoint.sessions(), 1U);
}

TEST_F(ExecutorTest, TakesAgainASessionOfItsOwnThatWouldNotGo) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("DeleteSession") || call.names("missing") || call.names("probe")) return Dealt::no;
    call.peer.send(http(500, R"({"__type":"InternalServiceException"})"));
    return Dealt::yes;
  });
  RunConfig one_by_one = config(endpoint);
  one_by_one.wave = 1;
  const Case test = valid("stays");
  for (const CaseResult& result : run(one_by_one, {test, test})) EXPECT_EQ(result.judgement.verdict, Verdict::fail);
  EXPECT_THAT(leftovers_, ElementsAre(test.session));
}

TEST_F(ExecutorTest, SkipsWhatNeedsASessionWhereNoneCanBeHadAndSaysWhy) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("CreateSession")) return Dealt::no;
    call.peer.send(http(400, R"({"__type":"UnknownOperationException"})"));
    return Dealt::yes;
  });
  Case effect = valid("effect", "delete.effect");
  effect.needs_session = true;
  const std::vector<CaseResult> results = run(config(endpoint), {effect, valid("weaker")});
  EXPECT_EQ(results[0].judgement.verdict, Verdict::skipped);
  EXPECT_THAT(results[0].judgement.reason, HasSubstr("UnknownOperationException"));
  EXPECT_EQ(results[1].judgement.verdict, Verdict::pass);

  RunConfig insisting = config(endpoint);
  insisting.sessions = SessionMode::create;
  const std::vector<Case> none;
  Executor executor(insisting, table_, none);
  EXPECT_THAT(executor.prepare(), HasSubstr("creates no session"));
}

// An endpoint that has CreateSession and fails is not asked less.
TEST_F(ExecutorTest, IsInconclusiveWhereSessionsAreRefusedForAReasonOfTheMoment) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("CreateSession")) return Dealt::no;
    call.peer.send(http(500, R"({"__type":"InternalServiceException"})"));
    return Dealt::yes;
  });
  Case effect = valid("effect", "delete.effect");
  effect.needs_session = true;
  for (const CaseResult& result : run(config(endpoint), {effect, valid("weaker")})) {
    EXPECT_EQ(result.judgement.verdict, Verdict::inconclusive) << result.test.id;
    EXPECT_THAT(result.judgement.reason, HasSubstr("InternalServiceException"));
  }
}

TEST_F(ExecutorTest, CreatesAgainWhatWasThrottledOrLost) {
  Endpoint* self = nullptr;
  Endpoint endpoint([&self](const Call& call) {
    if (!call.is("CreateSession") || call.nth > 2) return Dealt::no;
    if (call.nth % 2 == 0) {
      (void)self->ask(call.operation, call.body);  // it arrives, and its answer does not
      return Dealt::hang_up;
    }
    call.peer.send(http(400, R"({"__type":"ThrottlingException"})"));
    return Dealt::yes;
  });
  self = &endpoint;
  EXPECT_EQ(judge_one(endpoint, valid("had", "delete.effect")).verdict, Verdict::pass);
  EXPECT_EQ(endpoint.sessions(), 0U);
}

// Of every operation, the first few calls are told to come back later.
TEST_F(ExecutorTest, WaitsOutThrottlingAtEveryCall) {
  for (const auto& [status, type] :
       {std::pair{400, "ThrottlingException"}, {429, "Slow"}, {503, "ServiceUnavailable"}}) {
    Endpoint endpoint([status = status, type = type](const Call& call) {
      if (call.nth > 3) return Dealt::no;
      call.peer.send(http(status, R"({"__type":")" + std::string(type) + "\"}"));
      return Dealt::yes;
    });
    Case foreign = CaseBuilder::start("delete.foreign", "an Id that may be anybody's", "delete.success", Kind::valid);
    builder_.accept(foreign, "a", text::quote_raw("a"));  // GetSession is asked of it
    Case every = CaseBuilder::start("every.content_type", "all", "answer.content_type", Kind::valid);
    every.gathers = true;
    for (const CaseResult& result :
         run(config(endpoint), {valid("one", "delete.effect"), valid("two"), malformed("three"), foreign, every}))
      EXPECT_EQ(result.judgement.verdict, Verdict::pass) << status << result.test.id << result.judgement.reason;
    EXPECT_THAT(leftovers_, IsEmpty());
    EXPECT_EQ(endpoint.sessions(), 0U);
    for (const char* operation : {"CreateSession", "GetSession", "ListSessions", "DeleteSession"})
      EXPECT_GT(endpoint.calls(operation), 3) << operation;
  }
}

// Whatever it carries is no answer to the question: not a form of one either.
TEST_F(ExecutorTest, IsInconclusiveWhereOneCaseIsThrottledForEver) {
  for (const int status : {429, 503}) {
    Endpoint endpoint([status](const Call& call) {
      if (!call.is("DeleteSession") || call.body != R"({"Id":""})") return Dealt::no;
      call.peer.send("HTTP/1.1 " + std::to_string(status) + " -\r\nContent-Length: 2\r\n\r\nno");
      return Dealt::yes;
    });
    RunConfig impatient = config(endpoint);
    impatient.sending.backoff = {.patience = milliseconds(20), .first = milliseconds(5)};
    Case every = CaseBuilder::start("every.content_type", "all", "answer.content_type", Kind::valid);
    every.gathers = true;
    const auto results = run(impatient, {malformed("busy"), valid("other"), every});
    EXPECT_EQ(results[0].judgement.verdict, Verdict::inconclusive);
    EXPECT_THAT(results[0].judgement.reason, HasSubstr("throttled: " + std::to_string(status)));
    EXPECT_EQ(results[1].judgement.verdict, Verdict::pass) << results[1].judgement.reason;
    EXPECT_EQ(results[2].judgement.verdict, Verdict::pass) << results[2].judgement.actual;
    EXPECT_THAT(leftovers_, IsEmpty());
  }
}

// The first sending may have been carried out all the same.
TEST_F(ExecutorTest, DoesNotBlameWhatAThrottledSendingMayHaveDeleted) {
  Endpoint* self = nullptr;
  Endpoint endpoint(
      [&](const Call& call) {
        if (!call.is("DeleteSession") || !call.names("carried")) return Dealt::no;
        const reference::Answer answer = self->ask("DeleteSession", call.body);
        call.peer.send(answer.status == 200 ? http(503, "{}") : http(answer));
        return Dealt::yes;
      },
      {.deviations = {}, .missing = reference::MissingSession::not_found});
  self = &endpoint;
  EXPECT_EQ(judge_one(endpoint, valid("carried")).verdict, Verdict::inconclusive);
}

// A listing that is waited for is not late.
TEST_F(ExecutorTest, GivesAnEffectItsTimeAlsoWhereTheListingIsThrottled) {
  std::atomic<int> listings{0};
  Endpoint* self = nullptr;
  std::string old_listing;
  Endpoint endpoint([&](const Call& call) {
    if (call.is("DeleteSession") && call.names("slow")) listings = 0;
    if (!call.is("ListSessions")) return Dealt::no;
    const int nth = ++listings;
    if (nth == 1 && self->calls("DeleteSession") > 2) {
      call.peer.send("HTTP/1.1 429 -\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
      return Dealt::yes;
    }
    const std::string now = http(self->ask("ListSessions", call.body));
    if (now.find("slow") != std::string::npos) old_listing = now;
    call.peer.send(nth == 2 && !old_listing.empty() ? old_listing : now);
    return Dealt::yes;
  });
  self = &endpoint;
  RunConfig brief = config(endpoint);
  brief.effect_wait = milliseconds(500);
  brief.sending.backoff.patience = milliseconds(5000);
  EXPECT_EQ(run(brief, {valid("slow", "delete.effect")}).front().judgement.verdict, Verdict::pass);
}

TEST_F(ExecutorTest, MakesDoWithTheSessionsThatAnEndpointHasRoomFor) {
  Endpoint* self = nullptr;
  std::mutex one_at_a_time;
  std::atomic<std::size_t> most{0};
  Endpoint endpoint([&](const Call& call) {
    if (!call.is("CreateSession")) return Dealt::no;
    const std::lock_guard lock(one_at_a_time);
    const bool full = self->sessions() >= 3;
    call.peer.send(full ? http(400, R"({"__type":"ResourceNumberLimitExceededException"})")
                        : http(self->ask(call.operation, call.body)));
    most = std::max(most.load(), self->sessions());
    return Dealt::yes;
  });
  self = &endpoint;
  std::vector<Case> cases;
  for (int i = 0; i < 20; ++i) {
    cases.push_back(valid(std::to_string(i), "delete.effect"));
    cases.push_back(malformed(std::to_string(i)));
  }
  cases[7].bystanders = {cases[7].session + "-neighbour"};
  for (const CaseResult& result : run(config(endpoint), cases))
    EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.test.id << result.judgement.reason;
  EXPECT_EQ(most, 3U);
  EXPECT_EQ(endpoint.sessions(), 0U);
}

TEST_F(ExecutorTest, EndsWhereEverythingIsThrottledForEver) {
  Endpoint endpoint([](const Call& call) {
    call.peer.send("HTTP/1.1 503 -\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
    return Dealt::yes;
  });
  RunConfig impatient = config(endpoint);
  impatient.sending.backoff = {.patience = milliseconds(20), .first = milliseconds(1)};
  std::vector<Case> cases;
  for (int i = 0; i < 30; ++i) cases.push_back(valid(std::to_string(i)));
  for (const CaseResult& result : run(impatient, cases))
    EXPECT_EQ(result.judgement.verdict, Verdict::inconclusive) << result.judgement.reason;
  EXPECT_LT(endpoint.calls("DeleteSession"), 150) << "a few times each";
}

TEST_F(ExecutorTest, IsInconclusiveWhereTheEndpointForgetsWhatItCreated) {
  Endpoint endpoint([](const Call& call) {
    if (call.is("ListSessions")) call.peer.send(http(200, R"({"Ids":[],"Sessions":[]})"));
    if (call.is("GetSession")) call.peer.send(http(400, R"({"__type":"EntityNotFoundException"})"));
    if (call.is("DeleteSession")) call.peer.send(http(200, call.body));
    return call.is("CreateSession") ? Dealt::no : Dealt::yes;
  });
  RunConfig impatient = config(endpoint);
  impatient.effect_wait = milliseconds(60);
  const Judgement judgement = run(impatient, {valid("forgotten", "delete.effect")}).front().judgement;
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(judgement.reason, HasSubstr("does not show a session that it created"));
}

TEST_F(ExecutorTest, KeepsNoMoreOfAnAnswerThanAnyNeeds) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("DeleteSession") || call.names("missing") || call.names("probe")) return Dealt::no;
    call.peer.send(http(200, std::string(3'000'000, '[')));
    return Dealt::yes;
  });
  const CaseResult result = run(config(endpoint), {valid("deep")}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::fail);
  EXPECT_EQ(result.judgement.requirement, "answer.http");
  EXPECT_THAT(result.judgement.actual, HasSubstr("over the cap of 262144 bytes"));
  EXPECT_LE(result.stimulus->received.size(), most_shown);
}

TEST_F(ExecutorTest, KeepsOfAnAnswerThatItHasJudgedOnlyWhatIsShown) {
  const std::string body = R"({"__type":"ValidationException","message":")" + std::string(100'000, 'x') + "\"}";
  Endpoint endpoint([&](const Call& call) {
    if (!call.is("DeleteSession") || call.names("missing") || call.names("probe")) return Dealt::no;
    call.peer.send(http(400, body));
    return Dealt::yes;
  });
  const CaseResult result = run(config(endpoint), {malformed("long")}).front();
  ASSERT_TRUE(result.stimulus);
  EXPECT_EQ(result.stimulus->received.size(), most_shown);
  EXPECT_GT(result.stimulus->received_not_kept, body.size() - most_shown);
  ASSERT_TRUE(result.stimulus->response);
  EXPECT_EQ(result.stimulus->response->body, "");
}

TEST_F(ExecutorTest, CreatesNothingWhereItIsToldNotTo) {
  Endpoint endpoint;
  RunConfig without = config(endpoint);
  without.sessions = SessionMode::none;
  (void)run(without, {valid("one"), malformed("two")});
  EXPECT_EQ(endpoint.calls("CreateSession"), 0);
}

TEST_F(ExecutorTest, IsInconclusiveWhereANeighbourCannotBeCreated) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("CreateSession") || !call.names("neighbour")) return Dealt::no;
    call.peer.send(http(400, R"({"__type":"ResourceNumberLimitExceededException"})"));
    return Dealt::yes;
  });
  Case test = valid("identity", "id.identity");
  test.bystanders = {test.session + "-neighbour"};
  const Judgement judgement = judge_one(endpoint, test);
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(judgement.reason, HasSubstr("ResourceNumberLimitExceededException"));
}

TEST_F(ExecutorTest, AsksForSessionsOneByOneWhereTheyCannotBeListed) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("ListSessions")) return Dealt::no;
    call.peer.send(http(400, R"({"__type":"UnknownOperationException"})"));
    return Dealt::yes;
  });
  EXPECT_EQ(judge_one(endpoint, valid("got", "delete.effect")).verdict, Verdict::pass);
}

TEST_F(ExecutorTest, WaitsUntilASessionIsProvisioned) {
  std::atomic<bool> provisioned{false};
  std::atomic<bool> too_early{false};
  Endpoint* self = nullptr;
  Endpoint endpoint([&](const Call& call) {
    if (call.is("DeleteSession") && call.names("waits")) too_early = too_early || !provisioned;
    if (!call.is("CreateSession") && !(call.is("ListSessions") && !provisioned)) return Dealt::no;
    std::string answer = http(self->ask(call.operation, call.body));
    if (call.is("ListSessions") && call.nth > 3) provisioned = true;
    const std::string ready = "\"READY\"", pending = "\"PROVISIONING\"";
    if (const std::size_t at = answer.find(ready); at != std::string::npos && !provisioned) {
      const std::size_t body = answer.find("\r\n\r\n") + 4;
      std::string changed = answer.substr(body);
      changed.replace(changed.find(ready), ready.size(), pending);
      answer = http(200, changed);
    }
    call.peer.send(answer);
    return Dealt::yes;
  });
  self = &endpoint;
  EXPECT_EQ(judge_one(endpoint, valid("waits")).verdict, Verdict::pass);
  EXPECT_TRUE(provisioned);
  EXPECT_FALSE(too_early);
}

TEST_F(ExecutorTest, DoesNotWaitInEveryWaveForSessionsThatNeverBecomeUsable) {
  const auto listings = [this](bool provisions) {
    Endpoint* self = nullptr;
    Endpoint endpoint([&](const Call& call) {
      if (!provisions || (!call.is("CreateSession") && !call.is("ListSessions"))) return Dealt::no;
      std::string body = self->ask(call.operation, call.body).body;
      const std::string ready = "\"READY\"";
      for (std::size_t at = 0; (at = body.find(ready, at)) != std::string::npos;)
        body.replace(at, ready.size(), "\"PROVISIONING\"");
      call.peer.send(http(200, body));
      return Dealt::yes;
    });
    self = &endpoint;
    RunConfig waves = config(endpoint);
    waves.wave = 1;
    waves.ready_wait = milliseconds(1);
    for (const CaseResult& result : run(waves, {valid("a"), valid("b"), valid("c"), valid("d"), valid("e")}))
      EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.judgement.actual;
    return endpoint.calls("ListSessions");
  };
  EXPECT_LE(listings(true), listings(false) + 1);
}

TEST_F(ExecutorTest, DeletesWhatIsStillBeingProvisionedWhenItIsInterrupted) {
  std::atomic<bool> created{false};
  Endpoint endpoint(
      [&created](const Call& call) {
        created = created || call.is("ListSessions");
        return Dealt::no;
      },
      {.deviations = {}, .delays = {.provisioning = milliseconds(300), .stopping = {}, .deletion = {}}});
  const std::vector<Case> cases{valid("interrupted")};
  Executor executor(config(endpoint), table_, cases);
  std::thread signal([&] {
    while (!created) std::this_thread::yield();
    executor.interrupt();
  });
  (void)executor.prepare();
  signal.join();
  EXPECT_THAT(run(executor, 1).front().judgement.verdict, Verdict::skipped);
  EXPECT_EQ(endpoint.sessions(), 0U);
  EXPECT_THAT(leftovers_, IsEmpty());
}

// No answer tells what became of a request whose client has gone: only its session does.
TEST_F(ExecutorTest, JudgesWhatIsLeftWithoutAnAnswerByItsEffect) {
  Endpoint endpoint;
  const auto left = [this](const std::string& name, bool whole) {
    Case c = valid(name, "http.incomplete");
    c.kind = Kind::malformed;
    c.control_body = c.body;
    c.speak = [whole](const std::vector<wire::Message>& messages) {
      const std::string bytes = messages.back().bytes();
      return wire::Conversation{.turns = {{.bytes = bytes.substr(0, bytes.size() - (whole ? 0 : 1)), .answers = 0}},
                                .end = wire::Conversation::End::leave};
    };
    return c;
  };
  const std::vector<CaseResult> results = run(config(endpoint), {left("half", false), left("whole", true)});
  EXPECT_EQ(results[0].judgement.verdict, Verdict::pass) << results[0].judgement.reason;
  EXPECT_EQ(results[0].judgement.carried_out, false);
  EXPECT_EQ(results[1].judgement.verdict, Verdict::fail) << results[1].judgement.reason;
  EXPECT_EQ(results[1].judgement.requirement, "http.incomplete");
  EXPECT_THAT(leftovers_, IsEmpty());
}

TEST_F(ExecutorTest, CountsEveryRequestOfAConversation) {
  Endpoint endpoint;
  Case alone = valid("alone");
  alone.speak = [](const std::vector<wire::Message>& messages) {
    wire::Conversation all;
    for (const wire::Message& message : messages) all.turns.push_back({.bytes = message.bytes()});
    return all;
  };
  Case accompanied = valid("accompanied");
  accompanied.speak = alone.speak;
  accompanied.companions = {{.body = "{", .expected = Companion::Expected::refused},
                            {.body = "[]", .expected = Companion::Expected::refused}};
  const auto requests_for = [&](const Case& test) {
    const std::vector<Case> cases{test};
    Executor executor(config(endpoint), table_, cases);
    EXPECT_EQ(executor.prepare(), "");
    EXPECT_EQ(run(executor, 1).front().judgement.verdict, Verdict::pass);
    return executor.requests();
  };
  EXPECT_EQ(requests_for(accompanied) - requests_for(alone), 2U);
}

// A creation that was broken off might be carried out when everything had been cleaned up.
TEST_F(ExecutorTest, KnowsWhatCameOfACreationThatWasUnderWayWhenItWasInterrupted) {
  Executor* interrupted = nullptr;
  Endpoint endpoint([&](const Call& call) {
    if (!call.is("CreateSession") || call.names("probe")) return Dealt::no;
    interrupted->interrupt();
    pollfd gone{call.peer.fd(), POLLRDHUP, 0};
    (void)poll(&gone, 1, 100);  // long enough for an interrupt to break it off
    return Dealt::no;
  });
  const std::vector<Case> cases{valid("late")};
  Executor executor(config(endpoint), table_, cases);
  interrupted = &executor;
  ASSERT_EQ(executor.prepare(), "");
  const std::vector<CaseResult> results = run(executor, 1);
  EXPECT_EQ(results.front().judgement.verdict, Verdict::skipped);
  EXPECT_EQ(endpoint.sessions(), 0U);
  EXPECT_THAT(leftovers_, IsEmpty());
}

TEST_F(ExecutorTest, StopsWhenInterruptedAndStillCleansUp) {
  Endpoint endpoint;
  std::vector<Case> cases;
  for (int i = 0; i < 10; ++i) cases.push_back(malformed(std::to_string(i)));  // their sessions are still there
  RunConfig one_by_one = config(endpoint);
  one_by_one.wave = 1;
  Executor executor(one_by_one, table_, cases);
  ASSERT_EQ(executor.prepare(), "");
  std::vector<std::size_t> all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::vector<Verdict> verdicts;
  leftovers_ = executor.run(all, [&](std::size_t, const CaseResult& result) {
    verdicts.push_back(result.judgement.verdict);
    if (verdicts.size() == 3) executor.interrupt();
  });
  ASSERT_EQ(verdicts.size(), 10U);
  EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), Verdict::pass), 3);
  EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), Verdict::skipped), 7);
  EXPECT_EQ(endpoint.sessions(), 0U);
  EXPECT_THAT(leftovers_, IsEmpty());
}

// Of a provider, in a test's hands.
class Provided : public SessionProvider {
 public:
  explicit Provided(std::vector<std::string> ids, bool makes = false) : ids_(ids.begin(), ids.end()), makes_(makes) {}

  Given next() override {
    if (ids_.empty()) return {"", makes_ ? "the command failed" : "used up", makes_};
    Given given{ids_.front(), "", false};
    ids_.pop_front();
    given_.push_back(given.id);
    return given;
  }
  void give_back(const std::string& id) override { ids_.push_back(id); }
  [[nodiscard]] std::size_t remaining() const override { return ids_.size(); }
  [[nodiscard]] bool makes_them() const override { return makes_; }
  [[nodiscard]] std::string in_words() const override { return "provided by a test"; }
  [[nodiscard]] const std::vector<std::string>& given() const { return given_; }

 private:
  std::deque<std::string> ids_;
  bool makes_;
  std::vector<std::string> given_;
};

class ProvidedSessions : public ExecutorTest {
 protected:
  RunConfig with(const Endpoint& endpoint, std::vector<std::string> ids, bool makes = false) {
    RunConfig all = config(endpoint);
    provider_ = std::make_shared<Provided>(std::move(ids), makes);
    all.provider = provider_;
    all.sessions = SessionMode::provided;
    return all;
  }
  // Whose identifier is the builder's own: any other will do.
  Case free(const std::string& name, Kind kind = Kind::valid) {
    Case c =
        CaseBuilder::start("free." + name, name, kind == Kind::valid ? "delete.effect" : "origin.length.min", kind);
    if (kind == Kind::valid)
      builder_.accept(c, builder_.token(c), text::quote_raw(builder_.token(c)));
    else
      builder_.refuse_option(c, "\"\"");
    c.needs_session = kind == Kind::valid;
    return c;
  }

  std::shared_ptr<Provided> provider_;
};

TEST_F(ProvidedSessions, AreDeletedInPlaceOfOnesOfItsOwn) {
  Endpoint endpoint;
  for (const char* id : {"one", "two", "three", "somebody's"}) endpoint.create(id);
  const auto results = run(with(endpoint, {"one", "two", "three"}), {free("a"), free("b", Kind::malformed), free("c")});
  for (const CaseResult& result : results) {
    EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.test.id << result.judgement.reason;
    EXPECT_EQ(result.judgement.note, "");
  }
  EXPECT_THAT(results.front().test.body, HasSubstr("\"one\"")) << "the report names what was sent";
  EXPECT_EQ(endpoint.calls("CreateSession"), 0);
  EXPECT_EQ(endpoint.sessions(), 1U);
}

TEST_F(ProvidedSessions, GoFirstToWhatNeedsOne) {
  Endpoint endpoint;
  endpoint.create("one");
  Case may = free("a");
  may.needs_session = false;
  may.requirement = "delete.success";
  const auto results = run(with(endpoint, {"one"}), {free("b", Kind::malformed), may, free("c"), free("d")});
  EXPECT_EQ(results[0].judgement.verdict, Verdict::pass) << "as far as it can be asked without";
  EXPECT_EQ(results[1].judgement.verdict, Verdict::pass);
  EXPECT_EQ(results[2].judgement.verdict, Verdict::pass);
  EXPECT_EQ(results[3].judgement.verdict, Verdict::skipped);
  EXPECT_THAT(results[3].judgement.reason, HasSubstr("used up"));
  EXPECT_THAT(results[2].test.session, "one");
}

TEST_F(ProvidedSessions, AreUsedAgainWhereTheyAreStillThere) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("DeleteSession") || call.names("missing")) return Dealt::no;
    call.peer.send(http(400, R"({"__type":"InvalidInputException","message":"no"})"));
    return Dealt::yes;
  });
  endpoint.create("one");
  (void)run(with(endpoint, {"one"}), {free("a", Kind::malformed), free("b", Kind::malformed)});
  EXPECT_THAT(provider_->given(), ElementsAre("one", "one"));
}

TEST_F(ProvidedSessions, AreNotForWhatAsksForAnIdOfItsOwn) {
  Endpoint endpoint;
  endpoint.create("one");
  Case own = valid("own", "delete.effect");
  own.needs_session = true;
  const auto results = run(with(endpoint, {"one"}), {own, valid("weaker"), malformed("refused")});
  EXPECT_EQ(results[0].judgement.verdict, Verdict::skipped);
  EXPECT_THAT(results[0].judgement.reason, HasSubstr("asks for an Id of its own"));
  EXPECT_EQ(results[1].judgement.verdict, Verdict::pass);
  EXPECT_EQ(results[2].judgement.verdict, Verdict::pass);
  EXPECT_EQ(endpoint.sessions(), 1U);
}

TEST_F(ProvidedSessions, AreAskedForBeforeAnythingIsSentToThem) {
  Endpoint endpoint;
  RunConfig impatient = with(endpoint, {"typo"});
  impatient.effect_wait = milliseconds(20);
  const Judgement judgement = run(impatient, {free("a")}).front().judgement;
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(judgement.reason, HasSubstr("\"typo\" is not there"));
  EXPECT_EQ(endpoint.calls("DeleteSession"), 1) << "for the missing one";
}

TEST_F(ProvidedSessions, AreWaitedForUntilTheyCanBeUsed) {
  std::atomic<bool> too_early{false};
  Endpoint* self = nullptr;
  Endpoint endpoint(
      [&](const Call& call) {
        if (call.is("DeleteSession") && call.names("one"))
          too_early = self->ask("GetSession", R"({"Id":"one"})").body.find("PROVISIONING") != std::string::npos;
        return Dealt::no;
      },
      {.deviations = {}, .delays = {.provisioning = milliseconds(200), .stopping = {}, .deletion = {}}});
  self = &endpoint;
  endpoint.create("one");
  EXPECT_EQ(run(with(endpoint, {"one"}), {free("a")}).front().judgement.verdict, Verdict::pass);
  EXPECT_FALSE(too_early);
}

TEST_F(ProvidedSessions, AreNotUsedWhereTheyCannotBeSeen) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("GetSession") && !call.is("ListSessions")) return Dealt::no;
    call.peer.send(http(400, R"({"__type":"UnknownOperationException"})"));
    return Dealt::yes;
  });
  endpoint.create("one");
  const Judgement judgement = run(with(endpoint, {"one"}), {free("a")}).front().judgement;
  EXPECT_EQ(judgement.verdict, Verdict::skipped);
  EXPECT_THAT(judgement.reason, HasSubstr("neither lists nor gets"));
  EXPECT_EQ(endpoint.sessions(), 1U);
}

TEST_F(ProvidedSessions, ThatWereMadeForTheRunAreDeletedByIt) {
  Endpoint endpoint([](const Call& call) {
    // Refuses once, the case; and not the cleaning.
    if (!call.is("DeleteSession") || !call.names("made") || call.nth > 2) return Dealt::no;
    call.peer.send(http(500, R"({"__type":"InternalServiceException"})"));
    return Dealt::yes;
  });
  endpoint.create("made");
  const auto results = run(with(endpoint, {"made"}, true), {free("a"), free("b")});
  EXPECT_EQ(results[0].judgement.verdict, Verdict::fail);
  EXPECT_EQ(results[1].judgement.verdict, Verdict::inconclusive) << "a command that fails is no verdict";
  EXPECT_EQ(results[1].judgement.reason, "needs a session: the command failed");
  EXPECT_EQ(endpoint.sessions(), 0U);
  EXPECT_THAT(leftovers_, IsEmpty());
}

// Of an endpoint that counts.
class Bounds : public ExecutorTest {
 protected:
  std::vector<Case> many() {
    std::vector<Case> cases;
    for (int i = 0; i < 30; ++i) {
      cases.push_back(valid(std::to_string(i)));
      cases.push_back(malformed(std::to_string(i)));
    }
    return cases;
  }
};

TEST_F(Bounds, HoldWhateverTheyAre) {
  for (std::size_t most = 1; most < 200; most += 9) {
    Endpoint endpoint;
    RunConfig bounded = config(endpoint);
    bounded.wave = 8;
    bounded.sending.max_requests = most;
    const std::vector<Case> cases = many();
    Executor executor(bounded, table_, cases);
    ASSERT_EQ(executor.prepare(), "");
    std::size_t passed = 0, skipped = 0;
    for (const CaseResult& result : run(executor, cases.size())) {
      passed += result.judgement.verdict == Verdict::pass ? 1U : 0U;
      skipped += result.judgement.verdict == Verdict::skipped ? 1U : 0U;
      EXPECT_EQ(result.out_of_bounds, result.judgement.verdict == Verdict::skipped);
      const std::string reason = "does not fit into --max-requests " + std::to_string(most);
      EXPECT_EQ(result.judgement.reason, result.out_of_bounds ? reason : "");
    }
    EXPECT_EQ(passed + skipped, cases.size());
    EXPECT_LE(executor.requests(), most + 3) << "the first session is deleted in any case";
    EXPECT_EQ(endpoint.sessions(), 0U);
    EXPECT_GE(passed, most > 100 ? 10U : 0U) << most;
  }
}

TEST_F(Bounds, LeaveOutTheSameCasesEachTime) {
  std::vector<std::vector<bool>> left_out;
  for (int i = 0; i < 2; ++i) {
    Endpoint endpoint;
    RunConfig bounded = config(endpoint);
    bounded.sending.max_requests = 77;
    left_out.emplace_back();
    for (const CaseResult& result : run(bounded, many())) left_out.back().push_back(result.out_of_bounds);
  }
  EXPECT_EQ(left_out[0], left_out[1]);
  EXPECT_THAT(left_out[0], testing::Contains(true));
  EXPECT_THAT(left_out[0], testing::Contains(false));
}

TEST_F(Bounds, CountTheSessionsThatAreCreated) {
  Endpoint endpoint;
  RunConfig bounded = config(endpoint);
  bounded.max_sessions = 5;
  const auto results = run(bounded, many());
  EXPECT_EQ(endpoint.calls("CreateSession"), 5) << "the first is the run's own";
  const auto skipped = [](const CaseResult& r) { return r.judgement.reason == "does not fit into --max-sessions 5"; };
  EXPECT_EQ(std::count_if(results.begin(), results.end(), skipped), 56);
}

// An endpoint that costs more than was reckoned with.
TEST_F(Bounds, MakeNoVerdictOfWhatWasCutShort) {
  Endpoint endpoint([](const Call& call) {
    // Everything has to be sent twice.
    if (call.nth % 2 == 0) return Dealt::no;
    call.peer.send(http(429, "{}"));
    return Dealt::yes;
  });
  RunConfig bounded = config(endpoint);
  bounded.sending.max_requests = 60;
  const std::vector<Case> cases = many();
  Executor executor(bounded, table_, cases);
  ASSERT_EQ(executor.prepare(), "");
  const std::vector<CaseResult> results = run(executor, cases.size());
  for (const CaseResult& result : results)
    EXPECT_THAT(result.judgement.verdict, testing::AnyOf(Verdict::pass, Verdict::skipped)) << result.judgement.reason;
  EXPECT_EQ(endpoint.sessions(), 0U);
}

// To make a failure smaller takes sessions that nobody reckoned with.
TEST_F(Bounds, HoldWhileAFailureIsMadeSmaller) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("DeleteSession") || !call.names("shrinks")) return Dealt::no;
    call.peer.send(http(400, R"({"__type":"InvalidInputException","message":"no"})"));
    return Dealt::yes;
  });
  std::function<Case(std::uint64_t)> example = [&](std::uint64_t i) {
    Case c = valid("shrinks" + std::to_string(i));
    c.smaller = [&example, i] { return std::vector<Case>{example(i + 100)}; };
    return c;
  };
  Case property = CaseBuilder::start("generated.shrinks", "shrinks", "delete.success", Kind::valid);
  property.property = std::make_shared<Property>(Property{example});
  RunConfig bounded = config(endpoint);
  bounded.limits = {.examples = 5, .max_shrink_requests = 50};
  bounded.max_sessions = 10;
  const CaseResult result = run(bounded, {property}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::fail) << "it was found, and is one";
  EXPECT_LE(endpoint.calls("CreateSession"), 10);
  EXPECT_GT(endpoint.calls("CreateSession"), 6) << "it was made smaller, as far as there was room";
}

TEST_F(Bounds, LeaveNothingToGatherFromWhereNothingFits) {
  Endpoint endpoint;
  RunConfig bounded = config(endpoint);
  bounded.sending.max_requests = 1;
  Case every = CaseBuilder::start("every.content_type", "all", "answer.content_type", Kind::valid);
  every.gathers = true;
  for (const CaseResult& result : run(bounded, {valid("one"), every}))
    EXPECT_EQ(result.judgement.verdict, Verdict::skipped) << result.test.id;
}

// A bug of one case is no verdict on the others, and leaves nothing behind.
TEST_F(ExecutorTest, OutlivesACaseThatThrows) {
  Endpoint endpoint;
  Case speaks = malformed("speaks");
  speaks.speak = [](const std::vector<wire::Message>&) -> wire::Conversation { throw std::logic_error("a bug"); };
  Case edits = malformed("edits");
  edits.edit = [](wire::Request&) { throw std::out_of_range("another"); };
  Case unknown = malformed("unknown");
  unknown.requirement = "no.such.requirement";  // the judge throws
  Case property = CaseBuilder::start("generated.throws", "throws", "delete.success", Kind::valid);
  property.property =
      std::make_shared<Property>(Property{[](std::uint64_t) -> Case { throw std::runtime_error("no example"); }});
  const auto results =
      run(config(endpoint), {valid("one"), speaks, malformed("two"), edits, property, unknown, valid("three")});
  for (const std::size_t i : {1U, 3U, 4U, 5U}) {
    EXPECT_EQ(results[i].judgement.verdict, Verdict::error) << results[i].test.id;
    EXPECT_THAT(results[i].judgement.reason, HasSubstr("the harness failed")) << results[i].test.id;
  }
  for (const std::size_t i : {0U, 2U, 6U}) EXPECT_EQ(results[i].judgement.verdict, Verdict::pass) << results[i].test.id;
  EXPECT_EQ(endpoint.sessions(), 0U);
  EXPECT_THAT(leftovers_, IsEmpty());
}

TEST_F(ExecutorTest, DeletesWhatItCreatedToFindOutThatItCannotTest) {
  Endpoint* self = nullptr;
  Endpoint endpoint([&self](const Call& call) {
    if (!call.is("CreateSession")) return Dealt::no;
    (void)self->ask(call.operation, call.body);  // it arrives, and its answer does not
    return Dealt::hang_up;
  });
  self = &endpoint;
  RunConfig insisting = config(endpoint);
  insisting.sessions = SessionMode::create;
  const std::vector<Case> none;
  Executor executor(insisting, table_, none);
  EXPECT_THAT(executor.prepare(), HasSubstr("creates no session"));
  EXPECT_FALSE(executor.left_nothing()) << "it may be there";
  EXPECT_THAT(executor.finish(), IsEmpty());
  EXPECT_TRUE(executor.left_nothing());
  EXPECT_EQ(endpoint.sessions(), 0U);
}

TEST_F(ExecutorTest, SendsWhatIsToBeAloneAfterEverythingBeforeIt) {
  std::atomic<int> before{0}, seen_before{-1};
  Endpoint endpoint([&](const Call& call) {
    if (!call.is("DeleteSession") || call.names("probe") || call.names("missing")) return Dealt::no;
    if (call.names("alone")) {
      seen_before = before.load();
    } else {
      ++before;
    }
    return Dealt::no;
  });
  Case alone = valid("alone");
  alone.alone = true;
  const auto results = run(config(endpoint), {valid("one"), valid("two"), alone, valid("three")});
  for (const CaseResult& result : results) EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.test.id;
  EXPECT_EQ(seen_before, 2);
}

TEST_F(ExecutorTest, ReportsTheFormOfAllAnswersOnce) {
  const auto plain = [](const Call& call) {
    if (!call.is("DeleteSession") || !call.names("delete.")) return Dealt::no;
    call.peer.send("HTTP/1.1 200 -\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(call.body.size()) +
                   "\r\n\r\n" + call.body);
    return Dealt::yes;
  };
  Endpoint endpoint(plain);
  Case every = CaseBuilder::start("every.content_type", "all", "answer.content_type", Kind::valid);
  every.gathers = true;
  // The sessions stay, which is another matter.
  Case one = valid("one", "valid.not_refused"), two = valid("two", "valid.not_refused");
  one.session = two.session = "";
  const auto results = run(config(endpoint), {every, one, two});
  EXPECT_EQ(results[0].judgement.verdict, Verdict::fail);
  EXPECT_THAT(results[0].judgement.actual, HasSubstr("2 of 3 answers: Content-Type: text/plain"));
  EXPECT_EQ(results[1].judgement.verdict, Verdict::pass);
  EXPECT_EQ(results[2].judgement.verdict, Verdict::pass);
}

TEST_F(ExecutorTest, BlamesTheFormOfAnAnswerOnItsCaseWhereNothingGathersIt) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("DeleteSession") || !call.names("delete.")) return Dealt::no;
    call.peer.send("HTTP/1.1 200 -\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(call.body.size()) +
                   "\r\n\r\n" + call.body);
    return Dealt::yes;
  });
  Case one = valid("one", "valid.not_refused");
  one.session = "";
  const Judgement judgement = judge_one(endpoint, one);
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_EQ(judgement.requirement, "answer.content_type");
}

TEST_F(ExecutorTest, SendsAMessageAsItsCaseHasIt) {
  Endpoint endpoint;
  Case get = malformed("get");
  get.kind = Kind::free_form;
  get.requirement = "json.answered";
  get.any_form = true;
  get.edit = [](wire::Request& request) { request.headers.push_back({"X-Extra", "1"}); };
  get.speak = [](const std::vector<wire::Message>& messages) {
    return wire::Conversation{.turns = {{.bytes = messages.back().bytes(), .piece = 7}}};
  };
  const CaseResult result = run(config(endpoint), {get}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.judgement.reason << result.judgement.actual;
  ASSERT_TRUE(result.stimulus);
  EXPECT_THAT(result.stimulus->sent, HasSubstr("\r\nX-Extra: 1\r\n"));
  EXPECT_THAT(result.request.headers, testing::Contains(wire::Header{"X-Extra", "1"}));
}

// A sweep over four thousand characters of RequestOrigin, none of which is allowed.
Case many_characters(const CaseBuilder& builder) {
  Case c = CaseBuilder::start("origin.alphabet.some", "some", "origin.pattern.reject", Kind::malformed);
  const auto body_of = [&builder](std::string_view option) { return builder.body(text::quote_raw("gc-x"), option); };
  auto sweep = std::make_shared<Sweep>();
  sweep->ranges = {{0x1000, 0x1FFF}};
  sweep->body = [body_of](char32_t point, std::string& to) { to += body_of(text::quote_raw(text::encode(point))); };
  c.control_body = body_of(text::quote_raw("o"));
  sweep->stimulus = [c, body = sweep->body](std::span<const char32_t> points) {
    Case one = c;
    body(points.front(), one.body);
    return one;
  };
  c.sweep = sweep;
  return c;
}

TEST_F(ExecutorTest, AsksASweepInBulkAndCallsEveryCharacterDecided) {
  Endpoint endpoint;
  const auto results = run(config(endpoint), {many_characters(builder_)});
  EXPECT_EQ(results.front().judgement.verdict, Verdict::pass) << results.front().judgement.actual;
  EXPECT_GE(endpoint.calls("DeleteSession"), 4096);
  EXPECT_LT(endpoint.calls("DeleteSession"), 4300);
}

TEST_F(ExecutorTest, FindsTheOneCharacterInABulkThatIsAccepted) {
  Endpoint endpoint([](const Call& call) {
    if (!call.names("\u1ABC")) return Dealt::no;
    call.peer.send(http(200, R"({"Id":"gc-x"})"));
    return Dealt::yes;
  });
  const auto results = run(config(endpoint), {many_characters(builder_)});
  EXPECT_EQ(results.front().judgement.verdict, Verdict::fail);
  EXPECT_THAT(results.front().judgement.actual, HasSubstr("1 of 4096 characters, U+1ABC"));
}

TEST_F(ExecutorTest, DecidesASweepOneByOneWhereAnEndpointAnswersNothingThatIsPipelined) {
  // It closes after each answer, and says so.
  Endpoint endpoint([&](const Call& call) {
    std::string answer = http(endpoint_answer(call));
    answer.insert(answer.find("\r\n") + 2, "Connection: close\r\n");
    call.peer.send(answer);
    return Dealt::hang_up;
  });
  const auto results = run(config(endpoint), {many_characters(builder_)});
  EXPECT_EQ(results.front().judgement.verdict, Verdict::pass) << results.front().judgement.reason;
  EXPECT_GE(endpoint.calls("DeleteSession"), 4096);
}

Case valid_examples(const CaseBuilder& builder) {
  Case c = CaseBuilder::start("generated.some", "some", "request.accept", Kind::valid);
  auto property = std::make_shared<Property>();
  property->example = [c, &builder](std::uint64_t index) {
    Case one = c;
    one.id += "." + std::to_string(index);
    const std::string id = builder.token(one) + "-" + std::to_string(index);
    builder.accept(one, id, text::quote_raw(id));
    return one;
  };
  property->valid_body = [example = property->example](std::uint64_t index, std::string& to) {
    to += example(index).body;
  };
  c.property = property;
  return c;
}

class ExecutorInBulk : public ExecutorTest {
 protected:
  RunConfig without_sessions(const Endpoint& endpoint) {
    RunConfig some = config(endpoint);
    some.sessions = SessionMode::none;
    some.limits.examples = 3000;
    return some;
  }
  // By itself; the first request of a run is another.
  static int deletions(Endpoint& endpoint) { return endpoint.calls("DeleteSession") - 1; }
};

TEST_F(ExecutorInBulk, AsksEveryExampleOnce) {
  Endpoint endpoint;
  const auto results = run(without_sessions(endpoint), {valid_examples(builder_)});
  EXPECT_EQ(results.front().judgement.verdict, Verdict::pass) << results.front().judgement.actual;
  EXPECT_EQ(deletions(endpoint), 3000);
}

// Each is an error that is a JSON object, whose message is not the same; and none has a request id.
TEST_F(ExecutorInBulk, GathersWhatEveryAnswerShows) {
  Endpoint endpoint([](const Call& call) {
    call.peer.send(http(
        400, R"({"__type":"EntityNotFoundException","Message":)" + text::quote_raw(std::to_string(call.nth)) + "}"));
    return Dealt::yes;
  });
  std::vector<Case> all{valid_examples(builder_), many_characters(builder_)};
  for (const std::string& requirement : {table_.checks.error_body, table_.checks.request_id}) {
    all.push_back(CaseBuilder::start("every." + requirement, requirement, requirement, Kind::valid));
    all.back().gathers = true;
  }
  const auto results = run(without_sessions(endpoint), all);
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[2].judgement.verdict, Verdict::pass) << results[2].judgement.actual;
  const std::string answers = results[2].judgement.note.substr(0, results[2].judgement.note.find(' '));
  EXPECT_EQ(results[3].judgement.actual, answers + " of " + answers + " answers: none");
}

TEST_F(ExecutorInBulk, FindsTheOneExampleThatIsRefusedAndConfirmsItByItself) {
  Endpoint endpoint([](const Call& call) {
    if (!call.names("-2345\"")) return Dealt::no;
    call.peer.send(http(400, R"({"__type":"InvalidInputException","Message":"no"})"));
    return Dealt::yes;
  });
  const CaseResult result = run(without_sessions(endpoint), {valid_examples(builder_)}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::fail);
  EXPECT_THAT(result.test.title, HasSubstr("example 2,346 of 3,000"));
  EXPECT_THAT(result.test.body, HasSubstr("-2345\""));
  ASSERT_TRUE(result.stimulus);
  EXPECT_TRUE(result.stimulus->sent.ends_with(result.test.body));
  EXPECT_THAT(result.stimulus->received, HasSubstr("InvalidInputException"));
}

TEST_F(ExecutorInBulk, CallsInconclusiveWhatFailedOnce) {
  std::atomic<int> times = 0;
  Endpoint endpoint([&times](const Call& call) {
    if (!call.names("-2345\"") || times++ > 0) return Dealt::no;
    call.peer.send(http(500, "{}"));
    return Dealt::yes;
  });
  const CaseResult result = run(without_sessions(endpoint), {valid_examples(builder_)}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(result.judgement.reason, HasSubstr("example 2,346 failed once"));
}

TEST_F(ExecutorInBulk, AsksByItselfWhatGetsNoAnswerAmongOthers) {
  std::atomic<int> times = 0;
  Endpoint endpoint(
      [&times](const Call& call) { return call.names("-2345\"") && times++ == 0 ? Dealt::hang_up : Dealt::no; });
  const CaseResult result = run(without_sessions(endpoint), {valid_examples(builder_)}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.judgement.reason;
  EXPECT_EQ(times, 2);
  EXPECT_LT(deletions(endpoint), 3200);
}

TEST_F(ExecutorInBulk, WaitsOutThrottling) {
  std::atomic<int> times = 0;
  Endpoint endpoint([&times](const Call& call) {
    if (!call.names("-2345\"") || times++ > 0) return Dealt::no;
    call.peer.send(http(429, "{}"));
    return Dealt::yes;
  });
  const CaseResult result = run(without_sessions(endpoint), {valid_examples(builder_)}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.judgement.reason;
  EXPECT_EQ(deletions(endpoint), 3001);
}

TEST_F(ExecutorInBulk, TakesWhateverIsAnsweredToADeletionOfNothing) {
  Endpoint endpoint([](const Call& call) {
    call.peer.send(http(200, call.body));
    return Dealt::yes;
  });
  const CaseResult result = run(without_sessions(endpoint), {valid_examples(builder_)}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.judgement.reason;
  EXPECT_EQ(deletions(endpoint), 3000);
}

// Which answer is whose cannot be told any more, so none of them counts.
TEST_F(ExecutorInBulk, AsksByItselfWhatWasAskedWhereMoreCameThanThat) {
  Endpoint endpoint([&](const Call& call) {
    if (call.nth != 1500) return Dealt::no;
    call.peer.send(http(endpoint_answer(call)) + http(500, "{}"));
    return Dealt::yes;
  });
  const CaseResult result = run(without_sessions(endpoint), {valid_examples(builder_)}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.judgement.reason;
  EXPECT_GT(deletions(endpoint), 3500);
}

TEST_F(ExecutorInBulk, SendsNothingThatIsNotAskedForWhereConnectionsEnd) {
  Endpoint endpoint([&](const Call& call) {
    std::string answer = http(endpoint_answer(call));
    answer.insert(answer.find("\r\n") + 2, "Connection: close\r\n");
    call.peer.send(answer);
    return Dealt::hang_up;
  });
  const CaseResult result = run(without_sessions(endpoint), {valid_examples(builder_)}).front();
  EXPECT_EQ(result.judgement.verdict, Verdict::pass) << result.judgement.reason;
  EXPECT_EQ(deletions(endpoint), 3000);
}

TEST_F(ExecutorTest, DoesNotBeginWhereTheSessionsOfOthersCannotBeTold) {
  Endpoint endpoint([](const Call& call) {
    if (!call.is("ListSessions")) return Dealt::no;
    call.peer.send(http(400, R"({"__type":"AccessDeniedException","Message":"glue:ListSessions"})"));
    return Dealt::yes;
  });
  RunConfig sparing = config(endpoint);
  sparing.sessions = SessionMode::none;
  sparing.spare_others = true;
  const std::vector<Case> cases{valid("one")};
  Executor executor(sparing, table_, cases);
  EXPECT_THAT(executor.prepare(),
              AllOf(HasSubstr("ListSessions must show which sessions are there"), HasSubstr("AccessDeniedException")));
}

TEST_F(ExecutorTest, LooksForTheSessionsOfOthersBeforeItsFirstDeletion) {
  for (const bool spares : {true, false}) {
    std::vector<std::string> first;
    std::mutex mutex;
    Endpoint endpoint([&](const Call& call) {
      const std::lock_guard lock(mutex);
      if (first.empty())
        first.emplace_back(call.is("ListSessions") ? "list" : call.is("DeleteSession") ? "delete" : "");
      return Dealt::no;
    });
    RunConfig some = config(endpoint);
    some.sessions = SessionMode::none;
    some.spare_others = spares;
    const std::vector<Case> cases{valid("one")};
    Executor executor(some, table_, cases);
    EXPECT_EQ(executor.prepare(), "");
    EXPECT_THAT(first, testing::ElementsAre(spares ? "list" : "delete"));
  }
}

}  // namespace
}  // namespace conformance::executor_test
