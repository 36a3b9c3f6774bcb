#include "harness/cli/wait_for_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <sstream>
#include <thread>

#include "fixtures/scripted/scripted_server.h"

namespace conformance::cli::wait_for_endpoint_test {
namespace {

using scripted::Peer;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

constexpr auto never = [] { return false; };
constexpr const char* answer_404 = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

std::string wait(const std::string& url, std::chrono::milliseconds patience,
                 const std::function<bool()>& interrupted = never, std::string* said = nullptr) {
  std::ostringstream err;
  std::string fault = wait_for_endpoint(wire::parse_url(url), {}, patience, interrupted, err);
  if (said != nullptr) *said = err.str();
  return fault;
}

TEST(WaitForEndpoint, IsContentWithAnyAnswerAtOnceAndInSilence) {
  const scripted::Server server([](Peer& peer) {
    std::string head;
    if (peer.read_head(head)) peer.send(answer_404);
  });
  std::string said;
  EXPECT_EQ(wait(server.url(), 1h, never, &said), "");
  EXPECT_EQ(said, "");
  EXPECT_EQ(server.accepted(), 1);
}

TEST(WaitForEndpoint, IsContentWithSomebodyWhoSpeaksNoHttp) {
  const scripted::Server server([](Peer& peer) { peer.send("SSH-2.0-x\r\n"); });
  EXPECT_EQ(wait(server.url(), 1h), "");
}

// A container's port is open before anybody listens behind it.
TEST(WaitForEndpoint, AsksAgainWhenAConnectionIsClosedOrAnsweredForAnother) {
  const scripted::Server server([](Peer& peer) {
    std::string head;
    if (peer.number() == 0 || !peer.read_head(head)) return;
    peer.send(peer.number() == 1 ? "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n" : answer_404);
  });
  std::string said;
  EXPECT_EQ(wait(server.url(), 1h, never, &said), "");
  EXPECT_EQ(server.accepted(), 3);
  EXPECT_THAT(said, AllOf(StartsWith("waiting for 127.0.0.1:" + server.port()), HasSubstr("3600 s at most\n")));
}

TEST(WaitForEndpoint, FindsOneThatStartsToListenLater) {
  std::string port;
  const int socket = scripted::bound_socket(port);
  std::atomic<bool> asked = false;
  std::jthread server([&] {
    while (!asked) std::this_thread::yield();
    ::listen(socket, 8);
    const int peer = ::accept(socket, nullptr, nullptr);
    ASSERT_GE(::write(peer, answer_404, std::string_view(answer_404).size()), 0);
    ::close(peer);
  });
  // Asked whether it is interrupted before and after each attempt.
  int looks = 0;
  EXPECT_EQ(wait("http://127.0.0.1:" + port, 1h,
                 [&] {
                   asked = ++looks > 1;
                   return false;
                 }),
            "");
  server.join();
  ::close(socket);
}

TEST(WaitForEndpoint, SaysWhyNobodyAnswered) {
  std::string port;
  const int socket = scripted::bound_socket(port);
  EXPECT_THAT(wait("http://127.0.0.1:" + port, 1ms),
              AllOf(HasSubstr("nobody answers at 127.0.0.1:" + port + " after 0.001 s"), HasSubstr("refused")));
  ::close(socket);
}

TEST(WaitForEndpoint, TakesNoProxyForTheEndpointThatIsNotThere) {
  for (const std::string answer : {"502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"}) {
    const scripted::Server server([&answer](Peer& peer) {
      std::string head;
      if (peer.read_head(head)) peer.send("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n");
    });
    EXPECT_THAT(wait(server.url(), 1ms),
                AllOf(HasSubstr("the endpoint is not up at 127.0.0.1:" + server.port() + " after 0.001 s"),
                      HasSubstr("the last answer was " + answer)));
  }
}

TEST(WaitForEndpoint, IsContentWithAnyOtherFault) {
  const scripted::Server server([](Peer& peer) {
    std::string head;
    if (peer.read_head(head)) peer.send("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(wait(server.url(), 1h), "") << "what is wrong with it the run shows";
}

TEST(WaitForEndpoint, EndsWhenItIsInterrupted) {
  std::string port;
  const int socket = scripted::bound_socket(port);
  int looks = 0;
  EXPECT_EQ(wait("http://127.0.0.1:" + port, 1h, [&] { return ++looks > 1; }), "");
  ::close(socket);
}

}  // namespace
}  // namespace conformance::cli::wait_for_endpoint_test
