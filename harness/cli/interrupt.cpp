#include "harness/cli/interrupt.h"

#include <unistd.h>

#include <ctime>
#include <utility>

namespace conformance::cli {

InterruptGuard::InterruptGuard() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  waiter_ = std::jthread([this](const std::stop_token& stop) { wait_for_signals(stop); });
}

InterruptGuard::~InterruptGuard() {
  waiter_.request_stop();
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void InterruptGuard::on_interrupt(std::function<void()> action) {
  const std::lock_guard lock(mutex_);
  action_ = std::move(action);
  if (seen_ && action_) action_();
}

void InterruptGuard::say_at_the_end(std::string words) {
  const std::lock_guard lock(mutex_);
  last_words_ = std::move(words);
}

void InterruptGuard::wait_for_signals(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const timespec slice{0, 50'000'000};
    if (sigtimedwait(&signals_, nullptr, &slice) < 0) continue;
    const std::lock_guard lock(mutex_);
    if (seen_) {
      [[maybe_unused]] const auto written = ::write(STDERR_FILENO, last_words_.data(), last_words_.size());
      _exit(130);
    }
    seen_ = true;
    if (action_) action_();
  }
}

}  // namespace conformance::cli
