// How long to wait before what was throttled is sent again, and when to stop.
//
// An endpoint that says "slow down" has not answered: it is asked again, later and later, and each time at a moment
// drawn by lot, so that many clients do not come back together (exponential backoff with full jitter). Where it says
// itself when (Retry-After), that is believed, up to the patience. One that never gives in must not cost the whole
// patience at every call: each wait that was in vain halves the next.
//
//     Backoff backoff({.patience = 30s}, time);
//     for (Backoff::Wait wait; throttled && backoff.wait(wait, retry_after); ) … // send again
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace conformance {

struct BackoffOptions {
  std::chrono::milliseconds patience{30000};  // in all, for what is sent at once, without an answer to any of it
  std::chrono::milliseconds first{250};       // the longest first wait
  std::chrono::milliseconds longest{8000};    // of a wait, unless Retry-After asks for more
  int tries = 12;                             // further sendings, without an answer to any of them
};

// What a test replaces.
struct BackoffTime {
  std::function<std::chrono::system_clock::time_point()> date;
  // False if the wait was cut short, because nothing more is to be sent.
  std::function<bool(std::chrono::milliseconds)> sleep;
  std::function<double()> random;  // from 0 to 1, without 1
};

// The clock of the system; a sleep ends when `stopped` says so.
[[nodiscard]] BackoffTime real_time(std::function<bool()> stopped);

// A Retry-After (RFC 9110 section 10.2.3): seconds, or a date in any of the three forms; never negative. Nothing if it
// is neither.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                                         std::chrono::system_clock::time_point now);

class Backoff {
 public:
  Backoff(BackoffOptions options, BackoffTime time);

  // Of one sending and those that follow it.
  struct Wait {
    int tries = 0;
    std::chrono::milliseconds waited{0};
  };

  // Waits. False: no more of it, what is throttled stays so.
  [[nodiscard]] bool wait(Wait& wait, std::optional<std::chrono::milliseconds> retry_after);
  // Some of what was sent again was answered.
  static void progress(Wait& wait) { wait = {}; }
  // What was waited for was answered after all.
  void helped();
  // It was not: the next wait is shorter.
  void in_vain();
  // The whole patience again.
  void reset() { patience_ = options_.patience; }

  [[nodiscard]] std::chrono::milliseconds patience() const { return patience_; }
  // In all, since it was made: for deadlines that are not meant to run meanwhile.
  [[nodiscard]] std::chrono::milliseconds waited() const { return waited_; }
  [[nodiscard]] std::chrono::system_clock::time_point date() const { return time_.date(); }

 private:
  [[nodiscard]] std::chrono::milliseconds least() const;

  BackoffOptions options_;
  BackoffTime time_;
  std::chrono::milliseconds patience_, waited_{0};
};

}  // namespace conformance
