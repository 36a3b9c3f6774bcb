#include "harness/wire/client.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <latch>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "fixtures/scripted/scripted_server.h"
#include "fixtures/scripted/tls_identity.h"

namespace conformance::wire::client_test {
namespace {

using scripted::bound_socket;
using scripted::Peer;
using scripted::Server;
using scripted::TlsIdentity;
using std::chrono::milliseconds;
using testing::HasSubstr;

std::string request(const std::string& body = "{}") {
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

// Answers what it is asked with these bytes and ends the connection.
Server::Script once(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) {
    std::string body;
    if (!peer.read_request(body)) return;
    peer.send(bytes);
    shutdown(peer.fd(), SHUT_WR);
    peer.wait_for_end();
  };
}

ClientOptions options(std::size_t connections = 1, milliseconds timeout = milliseconds(10000)) {
  ClientOptions result;
  result.connections = connections;
  result.timeout = timeout;
  return result;
}

std::vector<Exchange> exchange_all(Client& client, std::size_t count) {
  std::vector<Exchange> result(count);
  std::vector<int> calls(count);
  client.exchange_all(
      count, [](std::size_t i) { return request(std::to_string(i)); },
      [&](std::size_t i, Exchange exchange) {
        ++calls[i];
        result[i] = std::move(exchange);
      });
  EXPECT_THAT(calls, testing::Each(1));
  return result;
}

TEST(Client, ExchangesToTheByte) {
  Server server(echo);
  Client client(parse_url(server.url()), options());
  const Exchange exchange = client.exchange(request("abc"));
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_EQ(exchange.failure, TransportFailure::none);
  EXPECT_EQ(exchange.response->status, 200);
  EXPECT_EQ(exchange.response->body, "abc");
  EXPECT_EQ(exchange.sent, request("abc"));
  EXPECT_EQ(exchange.received, answer("abc"));
}

TEST(Client, KeepsTheConnectionBetweenCalls) {
  Server server(echo);
  Client client(parse_url(server.url()), options());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client.exchange(request()).response);
  for (const Exchange& exchange : exchange_all(client, 5)) EXPECT_TRUE(exchange.response);
  EXPECT_EQ(server.accepted(), 1);
}

TEST(Client, ReconnectsWhereThePeerClosesEachTime) {
  Server server(once(answer("x", "Connection: close\r\n")));
  Client client(parse_url(server.url()), options(4));
  for (const Exchange& exchange : exchange_all(client, 40)) EXPECT_TRUE(exchange.response) << exchange.detail;
  EXPECT_EQ(server.accepted(), 40);
}

TEST(Client, RetriesOnceIfAKeptConnectionEnds) {
  Server server([](Peer& peer) {
    std::string body;
    if (!peer.read_request(body)) return;
    peer.send(answer(std::to_string(peer.number())));
    (void)peer.read_request(body);
  });
  Client client(parse_url(server.url()), options());
  const Exchange first = client.exchange(request()), second = client.exchange(request());
  EXPECT_EQ(first.response.value_or(Response{}).body, "0");
  EXPECT_FALSE(first.resent);
  EXPECT_EQ(second.response.value_or(Response{}).body, "1");
  EXPECT_TRUE(second.resent);
}

TEST(Client, DoesNotRetryOnAFreshConnection) {
  Server server([](Peer& peer) {
    std::string body;
    (void)peer.read_request(body);
  });
  Client client(parse_url(server.url()), options());
  EXPECT_EQ(client.exchange(request()).failure, TransportFailure::closed);
  EXPECT_EQ(server.accepted(), 1);
}

TEST(Client, EndsADrippingResponseByTheDeadline) {
  Server server([](Peer& peer) {
    std::string body;
    if (!peer.read_request(body)) return;
    for (const char c : answer(std::string(1000, 'x'))) {
      if (!peer.send({&c, 1})) return;
      std::this_thread::sleep_for(milliseconds(20));
    }
  });
  Client client(parse_url(server.url()), options(1, milliseconds(200)));
  const Exchange exchange = client.exchange(request());
  EXPECT_EQ(exchange.failure, TransportFailure::timeout);
  EXPECT_FALSE(exchange.received.empty());
  EXPECT_TRUE(answer(std::string(1000, 'x')).starts_with(exchange.received));
}

TEST(Client, EndsASilentPeerByTheDeadlineAndGoesOn) {
  Server server([](Peer& peer) {
    if (peer.number() == 0)
      peer.wait_for_end();
    else
      echo(peer);
  });
  Client client(parse_url(server.url()), options(1, milliseconds(200)));
  EXPECT_EQ(client.exchange(request()).failure, TransportFailure::timeout);
  EXPECT_TRUE(client.exchange(request()).response);
}

TEST(Client, NamesGarbage) {
  Server server(once("SSH-2.0-OpenSSH_9.2\r\n"));
  Client client(parse_url(server.url()), options());
  const Exchange exchange = client.exchange(request());
  EXPECT_EQ(exchange.failure, TransportFailure::malformed);
  EXPECT_THAT(exchange.detail, HasSubstr("byte 0"));
  EXPECT_FALSE(exchange.response);
}

TEST(Client, NamesBytesAfterTheBody) {
  Server server(once(answer("x") + "yz"));
  Client client(parse_url(server.url()), options());
  const Exchange exchange = client.exchange(request());
  EXPECT_EQ(exchange.failure, TransportFailure::malformed);
  EXPECT_THAT(exchange.detail, HasSubstr("2 bytes after the body"));
}

TEST(Client, TellsATruncatedBodyFromATimeout) {
  Server server(once("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
  Client client(parse_url(server.url()), options());
  const Exchange exchange = client.exchange(request());
  EXPECT_EQ(exchange.failure, TransportFailure::closed);
  EXPECT_THAT(exchange.detail, HasSubstr("3 of 10"));
}

TEST(Client, TellsAReset) {
  Server server([](Peer& peer) {
    std::string body;
    if (!peer.read_request(body)) return;
    peer.reset_at_end();
  });
  Client client(parse_url(server.url()), options());
  const Exchange exchange = client.exchange(request());
  EXPECT_EQ(exchange.failure, TransportFailure::closed);
  EXPECT_THAT(exchange.detail, HasSubstr("reset"));
}

TEST(Client, TellsARefusedConnection) {
  std::string port;
  const int fd = bound_socket(port);  // bound, so nobody else takes it, but nobody listens
  Client client(parse_url("http://127.0.0.1:" + port), options(4));
  for (const Exchange& exchange : exchange_all(client, 20)) {
    EXPECT_EQ(exchange.failure, TransportFailure::connect);
    EXPECT_EQ(exchange.detail, "connection refused: 127.0.0.1:" + port);
  }
  close(fd);
}

TEST(Client, TellsANameWithoutAddress) {
  Client client(parse_url("http://no-such-host.invalid"), options(2, milliseconds(2000)));
  for (const Exchange& exchange : exchange_all(client, 3)) {
    EXPECT_EQ(exchange.failure, TransportFailure::resolve);
    EXPECT_THAT(exchange.detail, HasSubstr("no-such-host.invalid"));
  }
}

TEST(Client, ResolvesAName) {
  Server server(echo);
  Client client(parse_url("http://localhost:" + server.port()), options());
  EXPECT_TRUE(client.exchange(request()).response);
}

TEST(Client, StopsAtTheCap) {
  Server server(once("HTTP/1.1 200 OK\r\n\r\n" + std::string(100000, 'x')));
  ClientOptions capped = options();
  capped.max_response_bytes = 1000;
  Client client(parse_url(server.url()), capped);
  const Exchange exchange = client.exchange(request());
  EXPECT_EQ(exchange.failure, TransportFailure::too_large);
  EXPECT_EQ(exchange.received.size(), 1000U);
}

TEST(Client, TakesACapForOneExchangeAlone) {
  Server server([](Peer& peer) {
    for (std::string body; peer.read_request(body);) peer.send(answer(std::string(2000, 'x')));
  });
  ClientOptions capped = options();
  capped.max_response_bytes = 1000;
  Client client(parse_url(server.url()), capped);
  EXPECT_TRUE(client.exchange(request(), 2000).response);
  EXPECT_EQ(client.exchange(request(), 1999).failure, TransportFailure::too_large);
  EXPECT_THAT(client.exchange(request()).detail, HasSubstr("over the cap of 1000 bytes"));
}

TEST(Client, ReadsABigResponse) {
  const std::string big(8U << 20, 'x');
  Server server(once(answer(big)));
  Client client(parse_url(server.url()), options());
  const Exchange exchange = client.exchange(request());
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_TRUE(exchange.response->body == big);
}

TEST(Client, SendsABigRequest) {
  Server server(echo);
  Client client(parse_url(server.url()), options());
  const std::string big(4U << 20, 'x');
  for (int i = 0; i < 2; ++i) {
    const Exchange exchange = client.exchange(request(big));
    ASSERT_TRUE(exchange.response) << exchange.detail;
    EXPECT_TRUE(exchange.response->body == big);
  }
  EXPECT_EQ(server.accepted(), 1);
}

TEST(Client, TakesAnAnswerThatComesBeforeTheRequestIsSent) {
  // The even connections stay open and read no more, the odd are closed, which resets them.
  std::latch answered(2);
  Server server([&](Peer& peer) {
    std::string head;
    if (!peer.read_head(head)) return;
    peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    answered.count_down();
    if (peer.number() % 2 == 0) answered.wait();
  });
  Client client(parse_url(server.url()), options());
  for (int i = 0; i < 2; ++i) {
    const Exchange exchange = client.exchange(request(std::string(32U << 20, 'x')));
    ASSERT_TRUE(exchange.response) << exchange.detail;
    EXPECT_EQ(exchange.response->status, 413);
    EXPECT_EQ(exchange.response->body, "no");
  }
}

TEST(Client, EndsWhenInterrupted) {
  std::latch asked(2);
  Server server([&](Peer& peer) {
    std::string body;
    if (!peer.read_request(body)) return;
    asked.count_down();
    peer.wait_for_end();
  });
  Client client(parse_url(server.url()), options(2, milliseconds(600000)));
  std::thread interrupter([&] {
    asked.wait();
    client.interrupt();
  });
  const std::vector<Exchange> all = exchange_all(client, 100);
  interrupter.join();
  for (const Exchange& exchange : all) EXPECT_EQ(exchange.failure, TransportFailure::interrupted);
  EXPECT_FALSE(all[0].sent.empty());
  EXPECT_TRUE(all[99].sent.empty());
  EXPECT_EQ(client.exchange(request()).failure, TransportFailure::interrupted);
}

TEST(Client, FinishesWhatItHasBegunWhereItIsAskedTo) {
  Client* interrupted = nullptr;
  Server server([&interrupted](Peer& peer) {
    std::string body;
    while (peer.read_request(body)) {
      interrupted->interrupt();
      // Long enough for an interrupt to end an exchange, which would be seen here.
      pollfd end{peer.fd(), POLLRDHUP, 0};
      if (poll(&end, 1, 100) == 0) peer.send(answer(body));
    }
  });
  Client client(parse_url(server.url()), options());
  interrupted = &client;
  const Client::Finishing finishing(client);
  const std::vector<Exchange> exchanges = exchange_all(client, 2);
  EXPECT_TRUE(exchanges[0].response) << exchanges[0].detail;
  EXPECT_EQ(exchanges[1].failure, TransportFailure::interrupted);
  EXPECT_EQ(exchanges[1].sent, "");
}

TEST(Client, InterruptsAlsoWhatWaitsForTheRateAndResumes) {
  Server server(echo);
  ClientOptions slow = options(4);
  slow.rate = 0.01;
  Client client(parse_url(server.url()), slow);
  std::size_t interrupted = 0;
  client.exchange_all(
      10, [](std::size_t) { return request(); },
      [&](std::size_t, const Exchange& exchange) {
        client.interrupt();
        if (exchange.failure == TransportFailure::interrupted) ++interrupted;
      });
  EXPECT_EQ(interrupted, 9U);
}

TEST(Client, WorksAgainAfterResume) {
  Server server(echo);
  Client client(parse_url(server.url()), options());
  client.interrupt();
  EXPECT_EQ(client.exchange(request()).failure, TransportFailure::interrupted);
  client.resume();
  EXPECT_TRUE(client.exchange(request()).response);
}

TEST(Client, GivesUpAPeerThatNeverEndsItsAnswersUntilItResumes) {
  Server server([](Peer& peer) { peer.wait_for_end(); });
  ClientOptions limited = options(1, milliseconds(50));
  limited.give_up_after = 3;
  Client client(parse_url(server.url()), limited);
  const std::vector<Exchange> exchanges = exchange_all(client, 5);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(exchanges[i].failure, TransportFailure::timeout);
  for (std::size_t i = 3; i < 5; ++i) {
    EXPECT_EQ(exchanges[i].failure, TransportFailure::given_up);
    EXPECT_THAT(exchanges[i].sent, testing::IsEmpty());
  }
  EXPECT_TRUE(client.gave_up());
  client.resume();
  EXPECT_FALSE(client.gave_up());
  EXPECT_EQ(client.exchange(request()).failure, TransportFailure::timeout);
}

TEST(Client, CountsOnlyAnswersInARowBeforeItGivesUp) {
  Server server([](Peer& peer) {
    std::string body;
    if (!peer.read_request(body) || peer.number() % 2 == 0) return peer.wait_for_end();
    peer.send(answer(body, "Connection: close\r\n"));
  });
  ClientOptions limited = options(1, milliseconds(50));
  limited.give_up_after = 2;
  Client client(parse_url(server.url()), limited);
  (void)exchange_all(client, 6);
  EXPECT_FALSE(client.gave_up());
  EXPECT_EQ(server.accepted(), 6);
}

TEST(Client, KeepsToTheRate) {
  Server server(echo);
  ClientOptions paced = options(4);
  paced.rate = 100;
  Client client(parse_url(server.url()), paced);
  const auto start = std::chrono::steady_clock::now();
  exchange_all(client, 11);
  EXPECT_GE(std::chrono::steady_clock::now() - start,
            milliseconds(100));  // never faster; slower depends on the machine
}

TEST(Client, UsesAllItsConnectionsAtOnce) {
  std::latch all_asked(16);
  Server server([&](Peer& peer) {
    std::string body;
    if (!peer.read_request(body)) return;
    all_asked.arrive_and_wait();
    peer.send(answer(body));
    echo(peer);
  });
  Client client(parse_url(server.url()), options(16));
  const std::vector<Exchange> all = exchange_all(client, 16);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(all[i].response.value_or(Response{}).body, std::to_string(i)) << all[i].detail;
  EXPECT_EQ(server.accepted(), 16);
}

TEST(Client, MatchesAnswersToTheirRequests) {
  Server server(echo);
  Client client(parse_url(server.url()), options(16));
  const std::vector<Exchange> all = exchange_all(client, 2000);
  for (std::size_t i = 0; i < all.size(); ++i)
    ASSERT_EQ(all[i].response.value_or(Response{}).body, std::to_string(i)) << all[i].detail;
  EXPECT_LE(server.accepted(), 16);
}

TEST(Client, DropsAConnectionThatSaysSomethingUnasked) {
  std::latch said(1);
  Server server([&](Peer& peer) {
    std::string body;
    if (!peer.read_request(body)) return;
    peer.send(answer(body));
    if (peer.number() == 0) {
      // Later than the answer was read, or it would be its fault.
      std::this_thread::sleep_for(milliseconds(100));
      peer.send(answer("not yours"));
      said.count_down();
    }
    echo(peer);
  });
  Client client(parse_url(server.url()), options());
  EXPECT_TRUE(client.exchange(request("a")).response);
  said.wait();
  EXPECT_EQ(client.exchange(request("b")).response.value_or(Response{}).body, "b");
}

TEST(Client, LetsOutWhatACallbackThrows) {
  Server server(echo);
  Client client(parse_url(server.url()), options(4));
  EXPECT_THROW(client.exchange_all(
                   100, [](std::size_t) { return request(); },
                   [](std::size_t, const Exchange&) { throw std::runtime_error("mine"); }),
               std::runtime_error);
  EXPECT_TRUE(client.exchange(request()).response);
}

TEST(Client, DoesNothingForNoRequests) {
  Client client(parse_url("http://127.0.0.1:1"), options());
  exchange_all(client, 0);
}

class ClientTls : public testing::Test {
 protected:
  // OpenSSL writes to sockets that are closed, as only Asio asks for no signal.
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  // Each request is answered with the server name that the client sent.
  static Exchange ask(const TlsIdentity& identity, const std::string& host, const std::string& ca_bundle, int times = 1,
                      bool insecure = false) {
    Server server([&](Peer& peer) {
      if (!peer.start_tls(identity)) return;
      for (std::string body; peer.read_request(body);)
        peer.send(answer(peer.server_name().empty() ? "-" : peer.server_name()));
    });
    ClientOptions trusting = options();
    trusting.ca_bundle = ca_bundle;
    trusting.insecure = insecure;
    Client client(parse_url("https://" + host + ":" + server.port()), trusting);
    Exchange exchange;
    for (int i = 0; i < times; ++i) exchange = client.exchange(request());
    if (exchange.response) {
      EXPECT_EQ(server.accepted(), 1);
    }
    return exchange;
  }
};

TEST_F(ClientTls, SendsTheNameAndKeepsTheConnection) {
  const TlsIdentity identity({.alternative_name = "DNS:localhost"});
  const Exchange exchange = ask(identity, "localhost", identity.path(), 3);
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_EQ(exchange.response->body, "localhost");
}

TEST_F(ClientTls, SendsNoNameForAnAddress) {
  const TlsIdentity identity({.alternative_name = "IP:127.0.0.1"});
  const Exchange exchange = ask(identity, "127.0.0.1", identity.path());
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_EQ(exchange.response->body, "-");
}

TEST_F(ClientTls, RefusesAnUnknownIssuer) {
  const TlsIdentity identity({.alternative_name = "DNS:localhost"});
  const Exchange exchange = ask(identity, "localhost", "");
  EXPECT_EQ(exchange.failure, TransportFailure::tls);
  EXPECT_THAT(exchange.detail, HasSubstr("self-signed"));
}

TEST_F(ClientTls, RefusesAnotherName) {
  const TlsIdentity name({.alternative_name = "DNS:elsewhere.example"}), address({.alternative_name = "IP:127.0.0.2"});
  const Exchange by_name = ask(name, "localhost", name.path());
  EXPECT_EQ(by_name.failure, TransportFailure::tls);
  EXPECT_THAT(by_name.detail, HasSubstr("hostname mismatch"));
  const Exchange by_address = ask(address, "127.0.0.1", address.path());
  EXPECT_EQ(by_address.failure, TransportFailure::tls);
  EXPECT_THAT(by_address.detail, HasSubstr("IP address mismatch"));
}

TEST_F(ClientTls, TakesAnyCertificateOnlyWhereItIsToldTo) {
  const TlsIdentity identity({.alternative_name = "DNS:elsewhere.example", .valid_until = -1});
  EXPECT_EQ(ask(identity, "localhost", "").failure, TransportFailure::tls);
  const Exchange exchange = ask(identity, "localhost", "", 1, true);
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_EQ(exchange.response->body, "localhost") << "the name is sent all the same";
}

TEST_F(ClientTls, ConnectsElsewhereAndVerifiesTheNameOfTheUrl) {
  const TlsIdentity identity({.alternative_name = "DNS:glue.us-east-1.amazonaws.com"});
  Server server([&](Peer& peer) {
    if (!peer.start_tls(identity)) return;
    for (std::string body; peer.read_request(body);) peer.send(answer(peer.server_name()));
  });
  ClientOptions elsewhere = options();
  elsewhere.ca_bundle = identity.path();
  elsewhere.connect_to = {
      {"other.amazonaws.com", "443", parse_url("http://127.0.0.1:1")},
      {"glue.us-east-1.amazonaws.com", "443", parse_url("http://127.0.0.1:" + server.port())},
      {"wrong.amazonaws.com", "443", parse_url("http://127.0.0.1:" + server.port())},
  };
  const Exchange exchange = Client(parse_url("https://glue.us-east-1.amazonaws.com"), elsewhere).exchange(request());
  ASSERT_TRUE(exchange.response) << exchange.detail;
  EXPECT_EQ(exchange.response->body, "glue.us-east-1.amazonaws.com");
  const Exchange wrong = Client(parse_url("https://wrong.amazonaws.com"), elsewhere).exchange(request());
  EXPECT_EQ(wrong.failure, TransportFailure::tls);
  EXPECT_THAT(wrong.detail, HasSubstr("hostname mismatch"));
}

TEST_F(ClientTls, RefusesWhatIsOlderThanTls12AndWhatHasExpired) {
  const TlsIdentity old({.newest_version = TLS1_1_VERSION}), expired({.valid_from = -120, .valid_until = -60});
  const Exchange by_version = ask(old, "localhost", old.path());
  EXPECT_EQ(by_version.failure, TransportFailure::tls);
  EXPECT_THAT(by_version.detail, HasSubstr("the TLS handshake failed"));
  const Exchange by_date = ask(expired, "localhost", expired.path());
  EXPECT_EQ(by_date.failure, TransportFailure::tls);
  EXPECT_THAT(by_date.detail, HasSubstr("expired"));
}

TEST_F(ClientTls, TellsAPeerWithoutTls) {
  Server server([](Peer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_for_end();
  });
  Client client(parse_url("https://127.0.0.1:" + server.port()), options());
  const Exchange exchange = client.exchange(request());
  EXPECT_EQ(exchange.failure, TransportFailure::tls);
  EXPECT_THAT(exchange.detail, HasSubstr("wrong version number"));
}

TEST_F(ClientTls, EndsASilentHandshakeByTheDeadline) {
  Server server([](Peer& peer) { peer.wait_for_end(); });
  Client client(parse_url("https://127.0.0.1:" + server.port()), options(1, milliseconds(200)));
  const Exchange exchange = client.exchange(request());
  EXPECT_EQ(exchange.failure, TransportFailure::tls);
  EXPECT_THAT(exchange.detail, HasSubstr("handshake"));
}

TEST_F(ClientTls, RefusesABundleThatCannotBeRead) {
  ClientOptions missing = options();
  missing.ca_bundle = "/nonexistent/ca.pem";
  EXPECT_THROW(Client(parse_url("https://localhost"), missing), UsageError);
}

}  // namespace
}  // namespace conformance::wire::client_test
