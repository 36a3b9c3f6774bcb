#include "harness/run/backoff.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "harness/wire/http_date.h"

namespace conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr milliseconds slice{25};                               // of a sleep that can be cut short
constexpr seconds longest_read = std::chrono::hours(24 * 365);  // more is as good as never

}  // namespace

BackoffTime real_time(std::function<bool()> stopped) {
  const auto sleep = [stopped = std::move(stopped)](milliseconds how_long) {
    const auto end = std::chrono::steady_clock::now() + how_long;
    for (auto left = how_long; left > milliseconds(0) && !stopped();) {
      std::this_thread::sleep_for(std::min(left, slice));
      left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    }
    return !stopped();
  };
  const auto engine = std::make_shared<std::mt19937>(std::random_device{}());
  return {system_clock::now, sleep, [engine] { return std::uniform_real_distribution<>(0, 1)(*engine); }};
}

std::optional<milliseconds> parse_retry_after(std::string_view value, system_clock::time_point now) {
  if (!value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    return error == std::errc() ? std::min<seconds>(seconds(number), longest_read) : longest_read;
  }
  const auto date = wire::parse_http_date(value);
  if (!date) return std::nullopt;
  return std::clamp<seconds>(*date - seconds(system_clock::to_time_t(now)), seconds(0), longest_read);
}

Backoff::Backoff(BackoffOptions options, BackoffTime time)
    : options_(options), time_(std::move(time)), patience_(options.patience) {}

milliseconds Backoff::least() const { return std::min(options_.patience, options_.first); }

bool Backoff::wait(Wait& wait, std::optional<milliseconds> retry_after) {
  if (wait.tries >= options_.tries || wait.waited >= patience_) return false;
  const double doubled = static_cast<double>(options_.first.count()) * std::exp2(wait.tries);
  const double most = std::min(doubled, static_cast<double>(options_.longest.count()));
  milliseconds pause(static_cast<std::int64_t>(most * time_.random()));
  // At the moment that it names all its clients come back: each a little later than that.
  if (retry_after) pause = *retry_after + std::min(pause, options_.first);
  pause = std::clamp(pause, milliseconds(1), patience_ - wait.waited);
  ++wait.tries;
  wait.waited += pause;
  waited_ += pause;
  return time_.sleep(pause);
}

void Backoff::helped() { patience_ = std::min(patience_ * 2, options_.patience); }

void Backoff::in_vain() { patience_ = std::max(patience_ / 2, least()); }

}  // namespace conformance
