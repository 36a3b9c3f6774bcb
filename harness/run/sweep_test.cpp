#include "harness/run/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "fixtures/reference/session_service.h"
#include "fixtures/scripted/scripted_server.h"
#include "fixtures/testing/answer_well.h"
#include "harness/text/json_string.h"

namespace conformance::sweep_test {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::UnorderedElementsAre;

// A conforming endpoint, but for the operations that `meddle` answers.
class Endpoint {
 public:
  using Meddle = std::function<std::string(const std::string& operation, const std::string& body)>;
  explicit Endpoint(Meddle meddle = {}, reference::ServiceOptions options = {})
      : service_(options), meddle_(std::move(meddle)), server_([this](scripted::Peer& peer) {
          for (std::string head, body; peer.read_request(head, body);) {
            ++asked_;
            const std::string operation = testing_support::field_of(head, "X-Amz-Target").substr(8);
            const std::string meddled = meddle_ ? meddle_(operation, body) : "";
            if (!peer.send(meddled.empty() ? testing_support::answer_well(service_, head, body) : meddled)) return;
          }
        }) {}

  void create(const std::vector<std::string>& ids) {
    for (const std::string& id : ids)
      (void)service_.handle({"POST", "/", "AWSGlue.CreateSession", "application/x-amz-json-1.1",
                             "{\"Id\":" + text::quote_raw(id) + R"(,"Role":"arn:aws:iam::123456789012:role/r",)" +
                                 R"("Command":{"Name":"glueetl"}})"});
  }
  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] std::size_t sessions() const { return service_.session_count(); }
  [[nodiscard]] int asked() const { return asked_; }

 private:
  reference::SessionService service_;
  Meddle meddle_;
  std::atomic<int> asked_{0};
  scripted::Server server_;  // last: its threads use the rest
};

std::string refusal(int status, const std::string& type) {
  const std::string body = R"({"__type":")" + type + "\"}";
  return "HTTP/1.1 " + std::to_string(status) + " -\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

class SweepTest : public testing::Test {
 protected:
  Swept sweep(const std::string& url, const std::vector<std::string>& ids) {
    SweepConfig config;
    config.endpoint = wire::parse_url(url);
    config.effect_wait = milliseconds(60);
    config.sending.backoff = {.patience = milliseconds(100), .first = milliseconds(2)};
    gone_.clear();
    return conformance::sweep(config, spec::builtin_table(), ids,
                              [this](const std::string& id) { EXPECT_TRUE(gone_.insert(id).second) << id; });
  }

  std::set<std::string> gone_;
};

TEST_F(SweepTest, DeletesWhatItIsToldAndNothingElse) {
  Endpoint endpoint;
  endpoint.create({"a", "b", "somebody's", "A"});
  const Swept swept = sweep(endpoint.url(), {"a", "b"});
  EXPECT_THAT(swept.left, IsEmpty());
  EXPECT_EQ(swept.unreachable, "");
  EXPECT_THAT(gone_, UnorderedElementsAre("a", "b"));
  EXPECT_EQ(endpoint.sessions(), 2U);
}

TEST_F(SweepTest, CountsWhatWasNeverCreatedAsGone) {
  for (const auto missing : {reference::MissingSession::ok, reference::MissingSession::not_found,
                             reference::MissingSession::invalid_input}) {
    reference::ServiceOptions options;
    options.missing = missing;
    Endpoint endpoint({}, options);
    endpoint.create({"a"});
    EXPECT_THAT(sweep(endpoint.url(), {"a", "never"}).left, IsEmpty());
    EXPECT_THAT(sweep(endpoint.url(), {"a", "never"}).left, IsEmpty()) << "twice";
    EXPECT_THAT(gone_, UnorderedElementsAre("a", "never"));
  }
}

TEST_F(SweepTest, AsksNothingWhereNothingIsLeft) {
  const Endpoint endpoint;
  EXPECT_THAT(sweep(endpoint.url(), {}).left, IsEmpty());
  EXPECT_EQ(endpoint.asked(), 0);
}

TEST_F(SweepTest, WaitsUntilASessionCanBeDeleted) {
  reference::ServiceOptions options;
  options.delays.provisioning = milliseconds(300);
  std::atomic<bool> refused{false};
  const auto created = std::chrono::steady_clock::now();
  Endpoint endpoint(
      [&](const std::string& operation, const std::string&) {
        const bool early = std::chrono::steady_clock::now() - created < milliseconds(300);
        if (operation != "DeleteSession" || !early) return std::string();
        refused = true;
        return refusal(400, "IllegalSessionStateException");
      },
      options);
  endpoint.create({"a"});
  EXPECT_THAT(sweep(endpoint.url(), {"a"}).left, IsEmpty());
  EXPECT_FALSE(refused);
}

TEST_F(SweepTest, TriesAgainWhatWouldNotGo) {
  std::atomic<int> deletions{0};
  Endpoint endpoint([&](const std::string& operation, const std::string&) {
    return operation == "DeleteSession" && ++deletions == 1 ? refusal(400, "ConcurrentModificationException") : "";
  });
  endpoint.create({"a"});
  EXPECT_THAT(sweep(endpoint.url(), {"a"}).left, IsEmpty());
  EXPECT_EQ(endpoint.sessions(), 0U);
}

TEST_F(SweepTest, NamesWhatItCouldNotDeleteAndWhy) {
  Endpoint endpoint([&](const std::string& operation, const std::string& body) {
    return operation == "DeleteSession" && body.find("stays") != std::string::npos
               ? refusal(400, "IllegalSessionStateException")
               : "";
  });
  endpoint.create({"goes", "stays"});
  const Swept swept = sweep(endpoint.url(), {"goes", "stays"});
  ASSERT_THAT(swept.left, ElementsAre(Key("stays")));
  EXPECT_THAT(swept.left.at("stays"), HasSubstr("IllegalSessionStateException"));
  EXPECT_THAT(gone_, ElementsAre("goes"));
}

TEST_F(SweepTest, BelievesNoSuccessThatDeletesNothing) {
  Endpoint endpoint({}, {.deviations = {"not-deleted"}});
  endpoint.create({"a"});
  EXPECT_THAT(sweep(endpoint.url(), {"a"}).left, ElementsAre(Key("a")));
}

TEST_F(SweepTest, DoesItWithOneWayOfSeeingOrNone) {
  for (const std::set<std::string>& lacking :
       {std::set<std::string>{"ListSessions"}, {"GetSession"}, {"ListSessions", "GetSession"}}) {
    Endpoint endpoint([&](const std::string& operation, const std::string&) {
      return lacking.contains(operation) ? refusal(400, "UnknownOperationException") : "";
    });
    endpoint.create({"a", "b"});
    EXPECT_THAT(sweep(endpoint.url(), {"a", "b", "never"}).left, IsEmpty());
    EXPECT_EQ(endpoint.sessions(), 0U);
  }
}

TEST_F(SweepTest, WaitsOutThrottling) {
  std::atomic<int> calls{0};
  Endpoint endpoint([&](const std::string&, const std::string&) { return ++calls % 2 == 1 ? refusal(429, "x") : ""; });
  endpoint.create({"a"});
  EXPECT_THAT(sweep(endpoint.url(), {"a"}).left, IsEmpty());
  EXPECT_EQ(endpoint.sessions(), 0U);
}

TEST_F(SweepTest, SaysThatNobodyCouldBeAsked) {
  std::string nobody;
  {
    const Endpoint endpoint;
    nobody = endpoint.url();
  }
  const Swept swept = sweep(nobody, {"a"});
  EXPECT_THAT(swept.unreachable, HasSubstr("connection refused"));
  EXPECT_THAT(swept.left, ElementsAre(Key("a")));
  EXPECT_THAT(gone_, IsEmpty());

  const Endpoint stranger(
      [](const std::string&, const std::string&) { return refusal(403, "UnrecognizedClientException"); });
  EXPECT_THAT(sweep(stranger.url(), {"a"}).unreachable, HasSubstr("UnrecognizedClientException"));
}

}  // namespace
}  // namespace conformance::sweep_test
