#include "harness/run/sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "harness/judge/classify.h"

namespace conformance {
namespace {

// False if no error that says "not now" can be read in it. Asked several times of every answer, and reading one as JSON
// costs more than all else that is done with it.
bool may_be_throttled(const wire::Response& response, const spec::SpecTable& table) {
  if (response.status == 429 || response.status == 503) return true;
  if (wire::find_header(response.headers, "X-Amzn-ErrorType") != nullptr) return true;
  // An escape may stand for a letter of a name.
  if (response.body.find("\\u") != std::string::npos) return true;
  return std::any_of(table.errors.begin(), table.errors.end(), [&response](const spec::Error& error) {
    return error.outcome == spec::Outcome::throttled && response.body.find(error.name) != std::string::npos;
  });
}

bool is_throttled(const wire::Response& response, const spec::SpecTable& table) {
  constexpr int request_timeout = 408;  // it came too slowly, and may be meant to
  if (response.status < 400 || response.status == request_timeout || !may_be_throttled(response, table)) return false;
  wire::Exchange one;
  one.response = response;
  return classify(one, table).outcome == spec::Outcome::throttled;
}

using Delay = std::optional<std::chrono::milliseconds>;

Delay retry_after(const wire::Exchange& exchange, const Backoff& backoff) {
  if (!exchange.response) return std::nullopt;
  const wire::Header* header = wire::find_header(exchange.response->headers, "Retry-After");
  return header == nullptr ? std::nullopt : parse_retry_after(header->value, backoff.date());
}

struct Held {  // back, until the rest is answered
  std::size_t index;
  wire::Exchange exchange;
};

}  // namespace

bool is_throttled(const wire::Exchange& exchange, const spec::SpecTable& table) {
  return (exchange.response && is_throttled(*exchange.response, table)) ||
         std::any_of(exchange.earlier.begin(), exchange.earlier.end(),
                     [&table](const wire::Response& response) { return is_throttled(response, table); });
}

Sender::Sender(wire::Client& client, const spec::SpecTable& table, const SendLimits& limits, BackoffTime time)
    : client_(client),
      table_(table),
      max_requests_(limits.max_requests),
      before_(limits.before),
      backoff_(limits.backoff, std::move(time)) {}

std::size_t Sender::left() const {
  if (max_requests_ == 0 || unbounded()) return std::numeric_limits<std::size_t>::max();
  return max_requests_ - std::min(requests_, max_requests_);
}

bool Sender::take(std::size_t size) {
  if (size > left()) {
    ++refused_;
    return false;
  }
  requests_ += size;
  return true;
}

std::string Sender::bound_in_words() const { return fmt::format("does not fit into --max-requests {}", max_requests_); }

wire::Exchange Sender::not_sent() const {
  wire::Exchange exchange;
  exchange.failure = wire::TransportFailure::given_up;
  exchange.detail = bound_in_words();
  return exchange;
}

void Sender::exchange_all(std::size_t count, const RequestOf& request_of, const Done& done,
                          const std::function<std::size_t(std::size_t)>& size_of) {
  std::vector<std::size_t> waiting(count);
  std::iota(waiting.begin(), waiting.end(), std::size_t{0});
  std::vector<std::string> before(count);
  Backoff::Wait wait;
  bool waited = false;
  for (bool first = true;; first = false) {
    std::vector<std::size_t> sent;
    std::vector<Held> held;
    for (const std::size_t i : waiting) {
      if (take(size_of ? size_of(i) : 1))
        sent.push_back(i);
      else
        done(i, not_sent(), before[i]);
    }
    prepare();
    client_.exchange_all(
        sent.size(), [&](std::size_t i) { return request_of(sent[i]); },
        [&](std::size_t i, wire::Exchange exchange) {
          if (is_throttled(exchange, table_))
            held.push_back({sent[i], std::move(exchange)});
          else
            done(sent[i], std::move(exchange), before[sent[i]]);
        });
    if (held.empty()) break;
    if (!first && held.size() < sent.size()) Backoff::progress(wait);
    Delay asked;
    for (const Held& one : held) asked = std::max(asked, retry_after(one.exchange, backoff_));
    if (!backoff_.wait(wait, asked)) {
      if (wait.tries > 0) backoff_.in_vain();
      for (Held& one : held) done(one.index, std::move(one.exchange), before[one.index]);
      return;
    }
    waited = true;
    waiting.clear();
    for (const Held& one : held) {
      before[one.index] = summary_of(classify(one.exchange, table_));
      waiting.push_back(one.index);
    }
  }
  if (waited) backoff_.helped();
}

wire::Exchange Sender::exchange(const wire::Outgoing& outgoing, std::size_t max_response_bytes) {
  for (Backoff::Wait wait;;) {
    if (!take(1)) return not_sent();
    prepare();
    wire::Exchange exchange = client_.exchange(outgoing, max_response_bytes);
    const bool again = is_throttled(exchange, table_);
    if (!again && wait.tries > 0) backoff_.helped();
    if (!again) return exchange;
    if (!backoff_.wait(wait, retry_after(exchange, backoff_))) {
      if (wait.tries > 0) backoff_.in_vain();
      return exchange;
    }
  }
}

bool Sender::pipeline(std::size_t count, const wire::Pipelined& requests) {
  prepare();
  return client_.pipeline(count, {[&](std::size_t i, std::string& to) {
                                    const std::size_t before = to.size();
                                    requests.append_request(i, to);
                                    requests_ += to.size() > before ? 1U : 0U;
                                  },
                                  requests.answered});
}

}  // namespace conformance
