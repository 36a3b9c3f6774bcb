#include "harness/wire/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <string>
#include <thread>

#include "fixtures/scripted/scripted_server.h"
#include "harness/wire/client.h"

namespace conformance::wire::conversation_test {
namespace {

using scripted::Peer;
using scripted::Server;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string request(const std::string& body) {
  return serialise(Request{.method = "POST", .target = "/", .headers = {{"Host", "h"}}, .body = body});
}

std::string answer(const std::string& body, std::string_view headers = "") {
  return std::string("HTTP/1.1 200 OK\r\n")
      .append(headers)
      .append("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n")
      .append(body);
}

void echo(Peer& peer) {
  for (std::string body; peer.read_request(body);) peer.send(answer(body));
}

Exchange converse(const Server& server, const Conversation& conversation, milliseconds timeout = milliseconds(10000)) {
  ClientOptions options;
  options.timeout = timeout;
  Client client(parse_url(server.url()), options);
  return client.exchange(conversation);
}

std::vector<std::string> bodies(const Exchange& exchange) {
  std::vector<std::string> all;
  for (const Response& response : exchange.earlier) all.push_back(response.body);
  if (exchange.response) all.push_back(exchange.response->body);
  return all;
}

TEST(Conversation, SendsInPiecesWhatArrivesWhole) {
  Server server(echo);
  const Exchange exchange = converse(server, {.turns = {{.bytes = request("abc"), .piece = 1}}});
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_EQ(exchange.response->body, "abc");
  EXPECT_EQ(exchange.sent, request("abc"));
}

TEST(Conversation, ReadsTheAnswersOfSeveralRequestsInOneWrite) {
  Server server(echo);
  const Exchange exchange =
      converse(server, {.turns = {{.bytes = request("a") + request("b") + request("c"), .answers = 3}}});
  EXPECT_THAT(bodies(exchange), ElementsAre("a", "b", "c"));
  EXPECT_EQ(exchange.received, answer("a") + answer("b") + answer("c"));
}

TEST(Conversation, AsksOneAfterTheOtherOnOneConnection) {
  Server server(echo);
  const Exchange exchange =
      converse(server, {.turns = {{.bytes = request("a")}, {.bytes = request("b")}, {.bytes = request("c")}}});
  EXPECT_THAT(bodies(exchange), ElementsAre("a", "b", "c"));
  EXPECT_EQ(server.accepted(), 1);
}

TEST(Conversation, AsksOnANewConnectionWhereItIsToldTo) {
  Server server(echo);
  const Exchange exchange =
      converse(server, {.turns = {{.bytes = request("a")}, {.bytes = request("b"), .on_new_connection = true}}});
  EXPECT_THAT(bodies(exchange), ElementsAre("a", "b"));
  EXPECT_EQ(server.accepted(), 2);
}

TEST(Conversation, AsksOnANewConnectionAfterAnAnswerThatAnnouncesTheEnd) {
  Server server([](Peer& peer) {
    std::string body;
    if (peer.read_request(body)) peer.send(answer(body, "Connection: close\r\n"));
  });
  const Exchange exchange = converse(server, {.turns = {{.bytes = request("a")}, {.bytes = request("b")}}});
  EXPECT_THAT(bodies(exchange), ElementsAre("a", "b"));
  EXPECT_EQ(server.accepted(), 2);
}

TEST(Conversation, AsksForNoMoreOfAPeerThatClosesAndSaysSo) {
  Server server([](Peer& peer) {
    std::string body;
    if (peer.read_request(body)) peer.send(answer(body, "Connection: close\r\n"));
  });
  const Exchange exchange = converse(server, {.turns = {{.bytes = request("a") + request("b"), .answers = 2}}});
  EXPECT_EQ(exchange.failure, TransportFailure::none);
  EXPECT_THAT(bodies(exchange), ElementsAre("a"));
}

TEST(Conversation, TellsHowManyAnswersHadComeWhenThePeerEndsIt) {
  Server server([](Peer& peer) {
    std::string body;
    if (peer.read_request(body)) peer.send(answer(body));
  });
  const Exchange exchange = converse(server, {.turns = {{.bytes = request("a") + request("b"), .answers = 2}}});
  EXPECT_EQ(exchange.failure, TransportFailure::closed);
  EXPECT_FALSE(exchange.response);
  EXPECT_THAT(bodies(exchange), ElementsAre("a"));
  EXPECT_THAT(exchange.detail, HasSubstr("1 of 2 answers had come"));
}

TEST(Conversation, EndsByTheDeadline) {
  Server server([](Peer& peer) { peer.wait_for_end(); });
  const Exchange exchange = converse(server, {.turns = {{.bytes = request("a")}}}, milliseconds(100));
  EXPECT_EQ(exchange.failure, TransportFailure::timeout);
}

// A conversation may be as long as it likes, if each of its turns is not.
TEST(Conversation, HasADeadlineForEachTurn) {
  Server server([](Peer& peer) {
    for (std::string body; peer.read_request(body);) {
      std::this_thread::sleep_for(milliseconds(150));
      peer.send(answer(body));
    }
  });
  Conversation conversation;
  for (int i = 0; i < 5; ++i) conversation.turns.push_back({.bytes = request("a")});
  const Exchange exchange = converse(server, conversation, milliseconds(600));
  EXPECT_EQ(exchange.failure, TransportFailure::none) << exchange.detail;
  EXPECT_EQ(exchange.earlier.size(), 4U);
}

TEST(Conversation, TellsWholeAnswersFromOneThatBreaksOff) {
  Server server([](Peer& peer) {
    std::string body;
    if (peer.read_request(body)) peer.send(answer(body));
    if (peer.read_request(body) && body == "cut") peer.send("HTTP/1.1 2");
  });
  const Exchange whole = converse(server, {.turns = {{.bytes = request("a")}, {.bytes = request("b")}}});
  EXPECT_EQ(whole.failure, TransportFailure::closed);
  EXPECT_EQ(whole.received.size(), whole.answered_bytes);
  EXPECT_EQ(whole.answers_on_connection, 1U);
  const Exchange cut = converse(server, {.turns = {{.bytes = request("a")}, {.bytes = request("cut")}}});
  EXPECT_EQ(cut.failure, TransportFailure::closed);
  EXPECT_EQ(cut.answered_bytes, whole.answered_bytes);
  EXPECT_GT(cut.received.size(), cut.answered_bytes);
}

TEST(Conversation, TakesBytesThatNobodyAskedForForAFaultUnlessItIsOpenEnded) {
  Server server([](Peer& peer) {
    std::string body;
    if (peer.read_request(body)) peer.send(answer(body) + answer("again"));
    peer.wait_for_end();
  });
  Conversation conversation{.turns = {{.bytes = request("a")}}};
  EXPECT_EQ(converse(server, conversation).failure, TransportFailure::malformed);
  conversation.open_ended = true;
  EXPECT_THAT(bodies(converse(server, conversation)), ElementsAre("a"));
}

TEST(Conversation, TakesWhatBeginsNoAnswerForAFaultThoughItIsOpenEnded) {
  Server server([](Peer& peer) {
    std::string body;
    if (peer.read_request(body)) peer.send(answer(body) + "xyz");
    peer.wait_for_end();
  });
  const Conversation conversation{.turns = {{.bytes = request("a")}}, .open_ended = true};
  EXPECT_EQ(converse(server, conversation).failure, TransportFailure::malformed);
}

TEST(Conversation, EndsWhenItIsInterruptedBetweenTwoTurns) {
  ClientOptions options;
  Client* interrupted = nullptr;
  Server server([&](Peer& peer) {
    std::string body;
    if (!peer.read_request(body)) return;
    interrupted->interrupt();
    peer.send(answer(body));
    peer.wait_for_end();
  });
  Client client(parse_url(server.url()), options);
  interrupted = &client;
  const Exchange exchange = client.exchange(Conversation{.turns = {{.bytes = request("a")}, {.bytes = request("b")}}});
  EXPECT_EQ(exchange.failure, TransportFailure::interrupted);
}

TEST(Conversation, CanLeaveWithoutAnAnswer) {
  std::latch left{1};
  std::string seen;
  Server server([&](Peer& peer) {
    char buffer[64];
    for (ssize_t count = 0; (count = ::recv(peer.fd(), buffer, sizeof buffer, 0)) > 0;)
      seen.append(buffer, static_cast<std::size_t>(count));
    left.count_down();
  });
  const Exchange exchange =
      converse(server, {.turns = {{.bytes = "POST / HT", .answers = 0}}, .end = Conversation::End::leave});
  left.wait();
  EXPECT_EQ(exchange.failure, TransportFailure::left);
  EXPECT_EQ(seen, "POST / HT");
}

TEST(Conversation, CanCloseItsSideAndStillReadTheAnswer) {
  Server server([](Peer& peer) {
    peer.wait_for_end();
    peer.send(answer("after the end"));
  });
  const Exchange exchange =
      converse(server, {.turns = {{.bytes = request("a")}}, .end = Conversation::End::half_close});
  EXPECT_THAT(bodies(exchange), ElementsAre("after the end"));
}

TEST(Conversation, ClosesOurSideWhereNothingComesInTime) {
  Server server([](Peer& peer) {
    peer.wait_for_end();
    peer.send(answer("after the end"));
  });
  const Exchange exchange = converse(
      server,
      {.turns = {{.bytes = request("a")}}, .end = Conversation::End::half_close, .half_close_after = milliseconds(1)});
  EXPECT_THAT(bodies(exchange), ElementsAre("after the end"));
}

TEST(Conversation, SendsTheRestWhenAnInterimAnswerCame) {
  Server server([](Peer& peer) {
    std::string head;
    if (!peer.read_head(head)) return;
    peer.send("HTTP/1.1 100 Continue\r\n\r\n");
    char body[3];
    if (::recv(peer.fd(), body, sizeof body, MSG_WAITALL) == 3) peer.send(answer(std::string(body, 3)));
  });
  const Exchange exchange =
      converse(server, {.turns = {{.bytes = "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
                                   .answers = 0,
                                   .await_interim = milliseconds(10000)},
                                  {.bytes = "abc"}}});
  EXPECT_THAT(bodies(exchange), ElementsAre("abc"));
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_THAT(exchange.response->interim, ElementsAre(100));
}

TEST(Conversation, SendsTheRestThoughNoInterimAnswerCame) {
  Server server(echo);
  const std::string all = request("abc");
  const Exchange exchange = converse(
      server, {.turns = {{.bytes = all.substr(0, all.size() - 3), .answers = 0, .await_interim = milliseconds(30)},
                         {.bytes = "abc"}}});
  EXPECT_THAT(bodies(exchange), ElementsAre("abc"));
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_THAT(exchange.response->interim, IsEmpty());
}

TEST(Conversation, LeavesTheRestUnsaidWhereTheAnswerCameFirst) {
  Server server([](Peer& peer) {
    std::string head;
    if (peer.read_head(head)) peer.send("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
    peer.wait_for_end();
  });
  const Exchange exchange =
      converse(server, {.turns = {{.bytes = "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
                                   .answers = 0,
                                   .await_interim = milliseconds(10000)},
                                  {.bytes = "abc"}}});
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_EQ(exchange.response->status, 417);
  EXPECT_FALSE(exchange.sent.ends_with("abc"));
}

TEST(Conversation, SeesThatThePeerCloses) {
  Server closing([](Peer& peer) {
    std::string body;
    if (peer.read_request(body)) peer.send(answer(body));
  });
  Server keeping(echo);
  const Conversation conversation{.turns = {{.bytes = request("a")}}, .end = Conversation::End::closed};
  EXPECT_TRUE(converse(closing, conversation).peer_closed);
  EXPECT_FALSE(converse(keeping, conversation).peer_closed);
}

TEST(Conversation, TakesTheEndOfAnAnswerWithoutALengthForThatOfTheConnection) {
  Server server([](Peer& peer) {
    std::string body;
    if (peer.read_request(body)) peer.send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  });
  const Exchange exchange = converse(server, {.turns = {{.bytes = request("a")}}, .end = Conversation::End::closed});
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_TRUE(exchange.peer_closed);
}

TEST(Conversation, HasAConnectionOfItsOwn) {
  Server server(echo);
  ClientOptions options;
  options.connections = 1;
  Client client(parse_url(server.url()), options);
  EXPECT_TRUE(client.exchange(request("a")).response);
  EXPECT_TRUE(client.exchange(Conversation{.turns = {{.bytes = request("b")}}}).response);
  EXPECT_TRUE(client.exchange(request("c")).response);
  EXPECT_EQ(server.accepted(), 3);
}

}  // namespace
}  // namespace conformance::wire::conversation_test
