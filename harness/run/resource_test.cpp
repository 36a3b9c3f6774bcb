#include "harness/run/resource.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fixtures/reference/reference_endpoint.h"
#include "fixtures/scripted/scripted_server.h"

namespace conformance::resource_test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

// The side calls, as the executor puts them together.
class Caller {
 public:
  explicit Caller(const std::string& url, spec::SpecTable table = spec::builtin_table())
      : table_(std::move(table)),
        factory_(wire::parse_url(url), table_.content_type, std::nullopt),
        client_(wire::parse_url(url), {}),
        sender_(client_, table_, {}, real_time([] { return false; })),
        resource_(table_, factory_, sender_) {}

  Resource* operator->() { return &resource_; }
  [[nodiscard]] std::size_t requests() const { return sender_.requests(); }

 private:
  spec::SpecTable table_;
  RequestFactory factory_;
  wire::Client client_;
  Sender sender_;
  Resource resource_;
};

spec::SpecTable with_pages_of(int size) {
  spec::SpecTable table = spec::builtin_table();
  table.lifecycle.list.body = json{{"MaxResults", size}}.dump();
  return table;
}

// Answers whatever it is asked by `respond(body)`: what no reference endpoint would say.
class CannedEndpoint {
 public:
  using Respond = std::function<std::string(const std::string& body)>;

  explicit CannedEndpoint(Respond respond, int status = 200)
      : server_([respond = std::move(respond), status](scripted::Peer& peer) {
          for (std::string body; peer.read_request(body);) {
            const std::string answer = respond(body);
            peer.send("HTTP/1.1 " + std::to_string(status) + " -\r\nContent-Type: application/x-amz-json-1.1\r\n" +
                      "Content-Length: " + std::to_string(answer.size()) + "\r\n\r\n" + answer);
          }
        }) {}

  [[nodiscard]] std::string url() const { return server_.url(); }

 private:
  scripted::Server server_;
};

CannedEndpoint::Respond always(const std::string& body) {
  return [body](const std::string&) { return body; };
}

TEST(Resource, CreatesWhatItIsAskedFor) {
  const reference::ReferenceEndpoint endpoint;
  Caller resource(endpoint.url());
  const std::vector<Created> made = resource->create({"a", "b\u00E9\""});
  ASSERT_EQ(made.size(), 2U);
  for (const Created& created : made) {
    EXPECT_TRUE(created.ok) << created.answer;
    EXPECT_FALSE(created.taken);
    EXPECT_FALSE(created.lost);
    EXPECT_FALSE(created.pending);
  }
  EXPECT_EQ(endpoint.session_count(), 2U);
  EXPECT_THAT(*resource->list(), UnorderedElementsAre(Pair("a", "READY"), Pair("b\u00E9\"", "READY")));
}

TEST(Resource, SaysWhichIdentifierIsTaken) {
  const reference::ReferenceEndpoint endpoint;
  Caller resource(endpoint.url());
  ASSERT_TRUE(resource->create({"b"}).front().ok);
  const std::vector<Created> made = resource->create({"a", "b", "c"});
  ASSERT_EQ(made.size(), 3U);
  EXPECT_TRUE(made[0].ok);
  EXPECT_FALSE(made[1].ok);
  EXPECT_TRUE(made[1].taken);
  EXPECT_FALSE(made[1].lost);
  EXPECT_THAT(made[1].answer, HasSubstr("400 AlreadyExistsException"));
  EXPECT_TRUE(made[2].ok);
}

TEST(Resource, TakesARefusalForNeitherTakenNorLost) {
  const reference::ReferenceEndpoint endpoint;
  Caller resource(endpoint.url());
  const Created created = resource->create({"a\n"}).front();
  EXPECT_FALSE(created.ok);
  EXPECT_FALSE(created.taken);
  EXPECT_FALSE(created.lost);
  EXPECT_THAT(created.answer, HasSubstr("400 ValidationException"));
}

TEST(Resource, SaysThatASessionIsNotReadyYet) {
  reference::Options options;
  options.delays.provisioning = std::chrono::hours(1);
  const reference::ReferenceEndpoint endpoint(options);
  Caller resource(endpoint.url());
  const Created created = resource->create({"a"}).front();
  EXPECT_TRUE(created.ok);
  EXPECT_TRUE(created.pending);
  EXPECT_THAT(*resource->list(), ElementsAre(Pair("a", "PROVISIONING")));
  EXPECT_TRUE(resource->pending("PROVISIONING"));
  EXPECT_FALSE(resource->pending("READY"));
  EXPECT_FALSE(resource->pending("")) << "a state that cannot be read is waited for by nobody";
}

// It may have been created all the same: the ledger must keep it.
TEST(Resource, SaysThatAnAnswerWasLost) {
  reference::ReferenceEndpoint endpoint;
  Caller resource(endpoint.url());
  endpoint.stop();
  const Created created = resource->create({"a"}).front();
  EXPECT_FALSE(created.ok);
  EXPECT_TRUE(created.lost);
  EXPECT_FALSE(created.taken);
  EXPECT_THAT(created.answer, HasSubstr("no response"));
  EXPECT_FALSE(resource->list().has_value());
  EXPECT_FALSE(resource->get({"a"}).has_value());
  EXPECT_EQ(resource->remove({"a"}).front().outcome, spec::Outcome::no_response);
}

TEST(Resource, ListsOverAllPages) {
  const reference::ReferenceEndpoint endpoint;
  Caller resource(endpoint.url(), with_pages_of(2));
  for (const Created& created : resource->create({"a", "b", "c", "d", "e"})) ASSERT_TRUE(created.ok);
  const std::size_t before = resource.requests();
  const auto all = resource->list();
  ASSERT_TRUE(all.has_value());
  EXPECT_THAT(*all, ElementsAre(Pair("a", "READY"), Pair("b", "READY"), Pair("c", "READY"), Pair("d", "READY"),
                                Pair("e", "READY")));
  EXPECT_EQ(resource.requests() - before, 3U);
}

TEST(Resource, ListsNothingAsAnEmptyList) {
  const reference::ReferenceEndpoint endpoint;
  const auto all = Caller(endpoint.url())->list();
  ASSERT_TRUE(all.has_value()) << "seen to be empty, which is not the same as not seen";
  EXPECT_THAT(*all, IsEmpty());
}

TEST(Resource, GetsThoseThatExist) {
  const reference::ReferenceEndpoint endpoint;
  Caller resource(endpoint.url());
  ASSERT_TRUE(resource->create({"a"}).front().ok);
  const auto found = resource->get({"missing", "a"});
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(*found, ElementsAre(Pair("a", "READY")));
}

TEST(Resource, GetsNothingIfAnyAnswerIsNeitherOne) {
  const reference::ReferenceEndpoint endpoint;
  Caller resource(endpoint.url());
  ASSERT_TRUE(resource->create({"a"}).front().ok);
  EXPECT_FALSE(resource->get({"a", "b\n"}).has_value()) << "a refusal is not an absence";
}

TEST(Resource, RemovesAndTellsEachAnswer) {
  reference::Options options;
  options.missing = reference::MissingSession::not_found;
  const reference::ReferenceEndpoint endpoint(options);
  Caller resource(endpoint.url());
  for (const Created& created : resource->create({"a", "b"})) ASSERT_TRUE(created.ok);
  const std::vector<Answer> answers = resource->remove({"a", "missing"});
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].outcome, spec::Outcome::success);
  EXPECT_EQ(answers[0].echo, "a");
  EXPECT_EQ(answers[1].outcome, spec::Outcome::not_found);
  EXPECT_THAT(*resource->list(), ElementsAre(Pair("b", "READY")));
}

TEST(Resource, SendsNothingForNobody) {
  const reference::ReferenceEndpoint endpoint;
  Caller resource(endpoint.url());
  EXPECT_THAT(resource->create({}), IsEmpty());
  EXPECT_THAT(resource->remove({}), IsEmpty());
  EXPECT_THAT(resource->get({}).value(), IsEmpty());
  EXPECT_EQ(resource.requests(), 0U);
}

TEST(Resource, CountsEveryRequest) {
  const reference::ReferenceEndpoint endpoint;
  Caller resource(endpoint.url());
  (void)resource->create({"a", "b"});
  (void)resource->list();
  (void)resource->get({"a"});
  (void)resource->remove({"a", "b"});
  EXPECT_EQ(resource.requests(), 6U);
}

class AnswerThatIsNoList : public testing::TestWithParam<const char*> {};

TEST_P(AnswerThatIsNoList, IsNotTakenForOne) {
  const CannedEndpoint endpoint(always(GetParam()));
  EXPECT_FALSE(Caller(endpoint.url())->list().has_value());
}

INSTANTIATE_TEST_SUITE_P(Bodies, AnswerThatIsNoList,
                         testing::Values("", "nonsense", "[]", "{}", "null", R"({"Sessions":null})",
                                         R"({"Sessions":{}})", R"({"Sessions":"a"})", R"({"Ids":["a"]})",
                                         R"({"Sessions":[)"));

TEST(HostileList, AnErrorIsNoList) {
  const CannedEndpoint endpoint(always(R"({"Sessions":[]})"), 500);
  EXPECT_FALSE(Caller(endpoint.url())->list().has_value());
}

TEST(HostileList, EndsWhenThePagesTurnInACircle) {
  const CannedEndpoint endpoint(always(R"({"Sessions":[{"Id":"a","Status":"READY"}],"NextToken":"again"})"));
  Caller resource(endpoint.url());
  EXPECT_FALSE(resource->list().has_value());
  EXPECT_EQ(resource.requests(), 2U);
}

TEST(HostileList, IsNotAskedForAgainOnceItWasTooLong) {
  std::atomic<int> page{0};
  const CannedEndpoint endpoint([&page](const std::string&) {
    std::string sessions;
    for (int i = 0; i < 20'000; ++i) sessions += R"(,{"Id":"a-name-that-is-as-long-as-many-others-are"})";
    return R"({"Sessions":[{"Id":"a"})" + sessions + R"(],"NextToken":")" + std::to_string(page++) + R"("})";
  });
  Caller resource(endpoint.url());
  EXPECT_FALSE(resource->list().has_value());
  const std::size_t requests = resource.requests();
  EXPECT_LT(requests, 100U);
  EXPECT_FALSE(resource->list().has_value());
  EXPECT_EQ(resource.requests(), requests);
}

TEST(HostileList, MayHaveAPageThatIsLargerThanAnyOtherAnswer) {
  const CannedEndpoint endpoint(
      always(R"({"Sessions":[{"Id":"a","Status":"READY","Role":")" + std::string(1'000'000, 'x') + R"("}]})"));
  Caller resource(endpoint.url());
  EXPECT_THAT(resource->list().value(), ElementsAre(Pair("a", "READY")));
}

TEST(HostileList, TakesATokenThatIsEmptyOrNoStringForTheEnd) {
  for (const char* token : {"\"\"", "null", "7", "{}"}) {
    const CannedEndpoint endpoint(
        always(std::string(R"({"Sessions":[{"Id":"a","Status":"READY"}],"NextToken":)") + token + "}"));
    const auto all = Caller(endpoint.url())->list();
    ASSERT_TRUE(all.has_value()) << token;
    EXPECT_THAT(*all, ElementsAre(Pair("a", "READY"))) << token;
  }
}

TEST(HostileList, SendsTheTokenBackAsItCame) {
  const CannedEndpoint endpoint([](const std::string& body) -> std::string {
    if (!json::parse(body).contains("NextToken")) return R"({"Sessions":[],"NextToken":"\u00e9\"\\\u0000"})";
    return R"({"Sessions":[{"Id":")" +
           std::string(body.find(R"("\u00e9\"\\\u0000")") == std::string::npos ? "changed" : "same") + R"("}]})";
  });
  EXPECT_THAT(Caller(endpoint.url())->list().value(), ElementsAre(Pair("same", "")));
}

TEST(HostileList, SurvivesItemsThatAreNoSessions) {
  const CannedEndpoint endpoint(
      always(R"({"Sessions":[7,null,"a",[],{"Id":7},{"Id":"a","Status":[]},{"Id":"b","Status":"READY"}]})"));
  const auto all = Caller(endpoint.url())->list();
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(all->at("a"), "");
  EXPECT_EQ(all->at("b"), "READY");
  EXPECT_FALSE(all->contains("7"));
}

TEST(HostileList, SurvivesAHundredThousandLevels) {
  const CannedEndpoint endpoint(always(R"({"Sessions":)" + std::string(100000, '[') + std::string(100000, ']') + "}"));
  Caller resource(endpoint.url());
  (void)resource->list();  // whatever it makes of it
  EXPECT_EQ(resource.requests(), 1U);
}

TEST(HostileCreate, IsNotPendingWithoutAState) {
  for (const char* body :
       {"{}", "[]", "", R"({"Session":{"Status":["PROVISIONING"]}})", R"({"Session":"PROVISIONING"})"}) {
    const CannedEndpoint endpoint(always(body));
    const Created created = Caller(endpoint.url())->create({"a"}).front();
    EXPECT_TRUE(created.ok) << body;
    EXPECT_FALSE(created.pending) << body;
  }
}

}  // namespace
}  // namespace conformance::resource_test
