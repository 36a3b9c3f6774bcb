#include "harness/wire/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "fixtures/scripted/scripted_server.h"
#include "fixtures/scripted/tls_identity.h"
#include "harness/wire/client.h"

namespace conformance::wire::pipeline_test {
namespace {

using scripted::Peer;
using scripted::Server;
using testing::Each;

std::string answer(const std::string& body, std::string_view headers = "") {
  return std::string("HTTP/1.1 200 OK\r\n")
      .append(headers)
      .append("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n")
      .append(body);
}

TEST(UsualAnswer, HasASizeOnceItIsWhole) {
  const std::string whole = answer("abc", "Content-Type: text/plain\r\n");
  EXPECT_EQ(usual_answer_size(whole), whole.size());
  EXPECT_EQ(usual_answer_size(whole + answer("d")), whole.size());
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_EQ(usual_answer_size(whole.substr(0, n)), 0U) << n;
  const std::string kept = answer("abc", "Connection: keep-alive\r\n");
  EXPECT_EQ(usual_answer_size(kept), kept.size());
}

TEST(UsualAnswer, IsOfNoOtherForm) {
  for (const char* other : {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "garbage\r\n\r\n", "\r\n\r\n"})
    EXPECT_EQ(usual_answer_size(other), std::string_view::npos) << other;
}

TEST(PipelinedAnswer, IsReadStrictly) {
  const std::string good = answer("abc"), bad = answer("abc", "X Y: z\r\n");
  const std::optional<Exchange> read = exchange_of({.sent = "asked", .received = good});
  ASSERT_TRUE(read && read->response);
  EXPECT_EQ(read->response->body, "abc");
  EXPECT_EQ(read->sent, "asked");
  EXPECT_EQ(read->received, good);
  EXPECT_FALSE(exchange_of({.sent = "asked", .received = bad}));
}

// How many answers each of `count` requests got; each answer is checked to be that of its request.
std::vector<int> ask(const Server& server, std::size_t count, std::size_t connections = 2) {
  ClientOptions options;
  options.connections = connections;
  options.timeout = std::chrono::milliseconds(300);
  Client client(parse_url(server.url()), options);
  std::vector<int> answers(count);
  EXPECT_TRUE(client.pipeline(count, {[](std::size_t i, std::string& to) {
                                        const std::string body = std::to_string(i);
                                        to += "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " +
                                              std::to_string(body.size()) + "\r\n\r\n" + body;
                                      },
                                      [&answers](std::size_t i, const PipelinedAnswer& got) {
                                        ++answers[i];
                                        EXPECT_EQ(got.received, answer(std::to_string(i)));
                                      }}));
  return answers;
}

TEST(Pipeline, GetsEachRequestItsAnswer) {
  Server server([](Peer& peer) {
    for (std::string body; peer.read_request(body);) peer.send(answer(body));
  });
  EXPECT_THAT(ask(server, 1000), Each(1));
  EXPECT_EQ(server.accepted(), 2);
}

TEST(Pipeline, TellsOfEachAnswerWhatItIsTheAnswerTo) {
  Server server([](Peer& peer) {
    for (std::string body; peer.read_request(body);) peer.send(answer(body));
  });
  Client client(parse_url(server.url()), {});
  std::size_t answers = 0;
  EXPECT_TRUE(client.pipeline(
      100, {[](std::size_t i, std::string& to) {
              const std::string body = std::to_string(i);
              if (i % 10 == 0) return;  // nothing is sent for it
              to += "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
            },
            [&answers](std::size_t i, const PipelinedAnswer& got) {
              ++answers;
              EXPECT_TRUE(got.sent.starts_with("POST / ")) << got.sent;
              EXPECT_TRUE(got.sent.ends_with("\r\n\r\n" + std::to_string(i))) << got.sent;
              EXPECT_GE(got.elapsed.count(), 0);
            }}));
  EXPECT_EQ(answers, 90U);
}

std::string request(std::size_t i) {
  const std::string body = std::to_string(i);
  return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Whether a thousand requests on one connection got an answer each and no more.
bool gets_one_each(Client& client) {
  return client.pipeline(
      1000, {[](std::size_t i, std::string& to) { to += request(i); }, [](std::size_t, const PipelinedAnswer&) {}});
}

bool gets_one_each(const std::string& url) {
  ClientOptions options;
  options.connections = 1;
  options.insecure = true;
  Client client(parse_url(url), options);
  return gets_one_each(client);
}

constexpr int last = 999, at_the_end = 1000;  // of the requests; when no more comes

void answer_with_surplus(Peer& peer, const std::string& surplus, int after) {
  std::string body;
  for (int i = 0; peer.read_request(body); ++i) peer.send(answer(body) + (i == after ? surplus : ""));
  if (after == at_the_end) peer.send(surplus);
}

TEST(Pipeline, SaysThatMoreCameThanWasAsked) {
  for (const std::string& surplus : {answer("500"), std::string("HTTP/1.1 500 -\r\nContent-Length: 0\r\n\r\n")}) {
    for (const int after : {500, last, at_the_end}) {
      Server server([&](Peer& peer) { answer_with_surplus(peer, surplus, after); });
      EXPECT_FALSE(gets_one_each(server.url())) << surplus << after;
    }
  }
}

TEST(Pipeline, SaysOfTlsTooThatMoreCameThanWasAsked) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that are closed
  const scripted::TlsIdentity identity({.alternative_name = "IP:127.0.0.1"});
  for (const int after : {500, last, at_the_end, -1}) {
    Server server([&](Peer& peer) {
      if (peer.start_tls(identity)) answer_with_surplus(peer, answer("500"), after);
    });
    EXPECT_EQ(gets_one_each("https://127.0.0.1:" + server.port()), after == -1) << after;
  }
}

// RFC 9110 section 15.5.9: a server may send it on an idle connection without a request.
TEST(Pipeline, TakesAFarewellForNoAnswer) {
  Server server([](Peer& peer) {
    answer_with_surplus(peer, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                        at_the_end);
  });
  EXPECT_TRUE(gets_one_each(server.url()));
}

// It is told that nothing more comes, and waits all the same.
TEST(Pipeline, EndsWhereThePeerDoesNot) {
  Server server([](Peer& peer) {
    answer_with_surplus(peer, "", -1);
    pollfd closed_by_both{.fd = peer.fd(), .events = 0, .revents = 0};
    while (::poll(&closed_by_both, 1, -1) < 0 && errno == EINTR) {
    }
  });
  ClientOptions options;
  options.connections = 1;
  options.timeout = std::chrono::milliseconds(300);
  Client client(parse_url(server.url()), options);
  EXPECT_TRUE(gets_one_each(client));
  EXPECT_TRUE(gets_one_each(client));
  EXPECT_EQ(server.accepted(), 2);
}

// Of each connection: what was sent with the last answer is lost, and the rest goes on the next.
TEST(Pipeline, GoesOnWhereAPeerClosesAfterSomeAnswers) {
  Server server([](Peer& peer) {
    std::string body;
    for (int i = 0; i < 10 && peer.read_request(body); ++i) peer.send(answer(body));
  });
  const std::vector<int> answers = ask(server, 100, 1);
  EXPECT_THAT(answers, Each(testing::AnyOf(0, 1)));
  EXPECT_GT(std::count(answers.begin(), answers.end(), 1), 30);
  EXPECT_EQ(answers.back(), 1);
  EXPECT_GT(server.accepted(), 2);
}

TEST(Pipeline, EndsWhereTheFirstAnswerIsOfAnotherForm) {
  Server server([](Peer& peer) {
    std::string body;
    while (peer.read_request(body)) peer.send(answer(body, "Connection: close\r\n"));
  });
  EXPECT_THAT(ask(server, 100, 2), Each(0));
  EXPECT_EQ(server.accepted(), 2);
}

TEST(Pipeline, TakesNothingAfterAnAnswerOfAnotherForm) {
  Server server([](Peer& peer) {
    std::string body;
    for (int i = 0; peer.read_request(body); ++i)
      peer.send(i == 5 ? answer(body, "Connection: close\r\n") : answer(body));
  });
  const std::vector<int> answers = ask(server, 6, 1);
  EXPECT_THAT(answers, Each(testing::AnyOf(0, 1)));
  EXPECT_EQ(answers.at(5), 0);
}

TEST(Pipeline, EndsWhereThePeerAnswersOnlyTheFirstOfAWrite) {
  Server server([](Peer& peer) {
    std::string body;
    if (peer.read_request(body)) peer.send(answer(body));
    peer.wait_for_end();
  });
  const std::vector<int> answers = ask(server, 100, 1);
  EXPECT_EQ(std::count(answers.begin(), answers.end(), 1), 1);
}

}  // namespace
}  // namespace conformance::wire::pipeline_test
