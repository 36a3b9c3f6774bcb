// Everything that a run sends goes through here, so that three promises hold of every call: what is throttled is waited
// out and sent again, the number of requests stays below its bound, and all of them are counted.
//
// Requests are sent as Client::exchange_all does. What is throttled (429, 503, or an error that the spec table calls
// so) is sent again together, once the rest has been answered; what is throttled still when patience ends is handed
// over as it is, and proves nothing.
//
//     Sender sender(client, table, {.max_requests = 1000}, real_time([] { return false; }));
//     sender.exchange_all(n, [&](std::size_t i) { return requests[i]; },
//                         [&](std::size_t i, wire::Exchange exchange, const std::string& before) { … });
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "harness/run/backoff.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/client.h"

namespace conformance {

struct SendLimits {
  BackoffOptions backoff = {};
  std::size_t max_requests = 0;  // 0: no bound
  // Called before anything is sent, while nothing is in flight: what must change between two requests can.
  std::function<void()> before = {};
};

// True if any answer in it says "not now": it is none to the question.
[[nodiscard]] bool is_throttled(const wire::Exchange& exchange, const spec::SpecTable& table);

class Sender {
 public:
  // Client and table must outlive it.
  Sender(wire::Client& client, const spec::SpecTable& table, const SendLimits& limits, BackoffTime time);

  using RequestOf = std::function<wire::Outgoing(std::size_t)>;
  // `throttled`: what was answered before it was sent again; empty if it was sent once.
  using Done = std::function<void(std::size_t, wire::Exchange, const std::string& throttled)>;

  // `size_of`: of how many requests each consists; one, without it. What the bound has no room for is not sent: it ends
  // as TransportFailure::given_up.
  void exchange_all(std::size_t count, const RequestOf& request_of, const Done& done,
                    const std::function<std::size_t(std::size_t)>& size_of = {});
  [[nodiscard]] wire::Exchange exchange(const wire::Outgoing& outgoing, std::size_t max_response_bytes);
  [[nodiscard]] bool pipeline(std::size_t count, const wire::Pipelined& requests);

  [[nodiscard]] std::size_t requests() const { return requests_; }
  // How many more may be sent; a very large number where there is no bound.
  [[nodiscard]] std::size_t left() const;
  // How many were not sent for the bound.
  [[nodiscard]] std::size_t refused() const { return refused_; }
  [[nodiscard]] std::string bound_in_words() const;
  [[nodiscard]] wire::Client& client() { return client_; }
  [[nodiscard]] Backoff& backoff() { return backoff_; }

  // While one lives, the bound does not hold: what was created is deleted, whatever it costs. It counts all the same.
  class Unbounded {
   public:
    explicit Unbounded(Sender& sender) : sender_(sender) { ++sender_.unbounded_; }
    ~Unbounded() { --sender_.unbounded_; }
    Unbounded(const Unbounded&) = delete;
    Unbounded& operator=(const Unbounded&) = delete;

   private:
    Sender& sender_;
  };
  [[nodiscard]] bool unbounded() const { return unbounded_ > 0; }

 private:
  // Counts it, or says that there is no room.
  [[nodiscard]] bool take(std::size_t size);
  [[nodiscard]] wire::Exchange not_sent() const;
  void prepare() const {
    if (before_) before_();
  }

  wire::Client& client_;
  const spec::SpecTable& table_;
  const std::size_t max_requests_;
  const std::function<void()> before_;
  Backoff backoff_;
  std::size_t requests_ = 0, refused_ = 0;
  int unbounded_ = 0;
};

}  // namespace conformance
