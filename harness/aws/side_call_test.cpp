#include "harness/aws/side_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "fixtures/scripted/scripted_server.h"
#include "fixtures/scripted/tls_identity.h"
#include "fixtures/testing/harmless.h"

namespace conformance::aws::side_call_test {
namespace {

using scripted::Peer;
using scripted::Server;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

SideAnswer ask_of(const Server& server, wire::ClientOptions options = {}) {
  return ask(wire::parse_url(server.url()), {.method = "GET", .target = "/x?y=z", .headers = {}, .body = {}},
             std::move(options));
}

TEST(SideCall, AsksOnceAndGivesTheAnswer) {
  std::string asked;
  const Server server([&](Peer& peer) {
    std::string body;
    if (peer.read_request(asked, body)) peer.send("HTTP/1.1 404 -\r\nContent-Length: 3\r\n\r\nabc");
  });
  const SideAnswer answer = ask_of(server);
  ASSERT_TRUE(answer.response);
  EXPECT_EQ(answer.response->status, 404);
  EXPECT_EQ(answer.response->body, "abc");
  EXPECT_THAT(asked, testing::StartsWith("GET /x?y=z HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n"));
  EXPECT_EQ(server.accepted(), 1);
}

TEST(SideCall, SaysWhereNobodyIs) {
  std::string port;
  const int unheard = scripted::bound_socket(port);
  const SideAnswer answer = ask(wire::parse_url("http://127.0.0.1:" + port), {}, {});
  ::close(unheard);
  EXPECT_FALSE(answer.response);
  EXPECT_FALSE(answer.is_there);
  EXPECT_THAT(answer.why_not, HasSubstr("connect"));
}

TEST(SideCall, EndsByItsDeadline) {
  const Server server([](Peer& peer) { peer.wait_for_end(); });
  const SideAnswer answer = ask_of(server, {.timeout = milliseconds(100)});
  EXPECT_FALSE(answer.response);
  EXPECT_FALSE(answer.is_there);
  EXPECT_THAT(answer.why_not, HasSubstr("100 ms"));
}

TEST(SideCall, TakesNoAnswerWithoutAnEnd) {
  const Server server([](Peer& peer) {
    std::string head;
    if (!peer.read_head(head) || !peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")) return;
    while (peer.send(std::string(65536, 'x'))) {
    }
  });
  const SideAnswer answer = ask_of(server);
  EXPECT_FALSE(answer.response);
  EXPECT_TRUE(answer.is_there);
  EXPECT_THAT(answer.why_not, HasSubstr("too_large"));
}

TEST(SideCall, TakesNothingThatIsNotHttp) {
  const Server server([](Peer& peer) {
    std::string head;
    if (peer.read_head(head)) peer.send("220 smtp ready\r\n");
  });
  const SideAnswer answer = ask_of(server);
  EXPECT_FALSE(answer.response);
  EXPECT_TRUE(answer.is_there);
}

TEST(SideCall, TrustsOnlyWhomTheOptionsTrust) {
  const scripted::TlsIdentity identity;
  const Server server([&](Peer& peer) {
    std::string head;
    if (peer.start_tls(identity) && peer.read_head(head)) peer.send("HTTP/1.1 200 -\r\nContent-Length: 0\r\n\r\n");
  });
  const wire::Url url = wire::parse_url("https://localhost:" + server.port());
  EXPECT_THAT(ask(url, {}, {}).why_not, HasSubstr("tls"));
  EXPECT_TRUE(ask(url, {}, {.ca_bundle = identity.path()}).response);
  EXPECT_THROW((void)ask(url, {}, {.ca_bundle = "/does/not/exist"}), wire::UsageError);
}

TEST(Shown, LeavesAnArnAsItIs) {
  EXPECT_EQ(shown("User: arn:aws:iam::1:user/u\x1b"), "User: arn:aws:iam::1:user/u\\u001b");
  EXPECT_EQ(shown("a::b::c:::d"), "a::b::c:::d");
  EXPECT_EQ(testing_support::fault_of_console(shown("::error::x")), "");
  EXPECT_EQ(shown("a:\\u003a"), "a:\\\\u003a") << "what was written so stays so";
}

TEST(Quote, IsHarmlessAndShort) {
  const std::string quoted = quote("\x1b[31m\n::error::\xff" + std::string(100000, 'x'), {});
  EXPECT_EQ(testing_support::fault_of_console(quoted), "");
  EXPECT_LT(quoted.size(), 500U);
}

TEST(Quote, HoldsNoSecretNorAPartOfOne) {
  const std::string secret = "abcdefghijklmnopqrstuvwxyz";
  EXPECT_THAT(quote("you sent " + secret, {"", secret}), Not(HasSubstr("abcdef")));
  EXPECT_THAT(quote("you sent " + secret.substr(5, 12) + "…", {secret}), Not(HasSubstr("fghij")));
  EXPECT_THAT(quote("you sent short", {"short"}), Not(HasSubstr("short")));
  EXPECT_THAT(quote("you sent something", {secret}), HasSubstr("something"));
}

}  // namespace
}  // namespace conformance::aws::side_call_test
