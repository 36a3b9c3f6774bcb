#include "harness/run/revival.h"

#include <thread>
#include <utility>

namespace conformance {

using wire::TransportFailure;

Revival::Revival(std::function<wire::Exchange()> ask, std::function<bool()> interrupted, RevivalOptions options)
    : ask_(std::move(ask)), interrupted_(std::move(interrupted)), options_(options) {}

Life Revival::look() {
  const auto end = std::chrono::steady_clock::now() + options_.patience;
  for (bool first = true; !interrupted_(); first = false) {
    const wire::Exchange answer = ask_();
    // What is no HTTP, or ends in the middle of it, is a sign of life all the same; what never ends is none.
    const bool ended = answer.failure != TransportFailure::timeout && answer.failure != TransportFailure::too_large;
    if (ended && !answer.received.empty()) return first ? Life::there : Life::back;
    const bool is_away = answer.failure == TransportFailure::connect || answer.failure == TransportFailure::closed;
    if (!is_away || std::chrono::steady_clock::now() >= end) break;
    std::this_thread::sleep_for(options_.pause);
  }
  return Life::gone;
}

Life Revival::look_after_silence() { return silences_++ < options_.most_silences ? look() : Life::gone; }

Life Revival::look_after_outage() { return outages_++ < options_.most_outages ? look() : Life::gone; }

}  // namespace conformance
