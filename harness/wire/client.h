// Sends requests over a few kept-alive connections and says of each what came back, to the byte.
//
// An ordinary client retries, redirects and forgives; this one must not, as what it hides would be the finding. It is
// also the only place that waits, so it has the only clock: every exchange ends by its deadline, whatever the peer
// does.
//
//     Client client(parse_url("http://localhost:5000"), {});
//     client.exchange_all(requests.size(), [&](std::size_t i) { return requests[i]; },
//                         [&](std::size_t i, Exchange exchange) { judge(i, exchange); });
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/wire/conversation.h"
#include "harness/wire/exchange.h"
#include "harness/wire/pipeline.h"
#include "harness/wire/url.h"

namespace conformance::wire {

struct ClientOptions {
  std::size_t connections = 16;  // at most at once; 0 is taken as 1
  // Of an exchange in all, with connecting, or of each turn of a conversation; held to within 25 ms.
  std::chrono::milliseconds timeout{10000};
  // Of a body with its chunk framing; a header section has 64 KiB. Every connection may hold as much at once, twice:
  // as it came, and without its framing.
  std::size_t max_response_bytes = 16U << 20;
  std::string ca_bundle = {};  // a PEM file of trusted roots; empty: the system's
  // Takes any certificate: nothing is known then of who answers.
  bool insecure = false;
  std::vector<ConnectTo> connect_to = {};  // the first that fits
  double rate = 0;                         // requests per second over all connections; 0 is unlimited
  // After so many exchanges in a row that got no connection, timed out or grew too large, nothing more is sent until
  // resume(): a peer that is gone or never ends an answer must not cost a deadline for each request of a long run. 0 is
  // never.
  std::size_t give_up_after = 0;
};

// Everything but interrupt() is for one thread at a time.
class Client {
 public:
  // Connects nothing yet. Throws UsageError if the endpoint is https and the CA bundle cannot be read.
  Client(Url endpoint, ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Sends request_of(i), the bytes of one HTTP/1.1 request or a conversation, for each i of [0, count) and calls
  // done(i, …) on the calling thread as each ends, in any order; returns when all have ended. request_of is called
  // right before sending. A conversation has connections of its own; each of its turns has a deadline, and takes from
  // the rate, as one exchange does. Neither may call this client. Throws only what they throw: then nothing more is
  // sent, and what is under way ends first.
  //
  // Nothing is sent twice, with one exception that HTTP asks for (RFC 9112 section 9.3.1): if a connection that has
  // carried an exchange ends before any byte of the next answer, that request is sent once more on a new one.
  //
  // After interrupt() everything left ends as TransportFailure::interrupted: at most 25 ms later, and what was not sent
  // with an empty `sent`. After ClientOptions::give_up_after it is TransportFailure::given_up in the same way.
  void exchange_all(std::size_t count, const std::function<Outgoing(std::size_t)>& request_of,
                    const std::function<void(std::size_t, Exchange)>& done);

  // One exchange; the same rules. The second with a cap of its own in place of ClientOptions::max_response_bytes.
  [[nodiscard]] Exchange exchange(Outgoing outgoing);
  [[nodiscard]] Exchange exchange(Outgoing outgoing, std::size_t max_response_bytes);

  // Sends `count` requests as harness/wire/pipeline.h has it, each at most once; returns when all are answered or left.
  // A connection that gets no further answer within the timeout is left, and so is one whose first is of another form;
  // of one that ends later only what was sent with it is. Not for a client with a rate.
  // False if more came than was asked: then nobody can tell which answer was whose, and none of them is worth anything.
  [[nodiscard]] bool pipeline(std::size_t count, const Pipelined& requests);

  // While one lives, interrupt() ends no exchange that has begun, only its deadline does: who breaks off a request with
  // an effect does not know whether it will have it. Whatever was not begun is still not sent.
  class Finishing {
   public:
    explicit Finishing(Client& client);
    ~Finishing();
    Finishing(const Finishing&) = delete;
    Finishing& operator=(const Finishing&) = delete;

   private:
    Client& client_;
  };

  // Holds until resume(), which also forgets what made it give up. Safe in any thread and in a signal handler.
  void interrupt() noexcept;
  void resume() noexcept;

  // True since `give_up_after` was reached, until resume().
  [[nodiscard]] bool gave_up() const noexcept;

  // How many connections the peer has ended that were kept, without having said so: it may have been started again.
  [[nodiscard]] std::size_t ended_silently() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace conformance::wire
