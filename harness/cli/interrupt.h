// Ctrl-C ends a run in order: reports are written and what was created is deleted.
//
// SIGINT and SIGTERM are blocked in every thread that is started while a guard lives, and one thread waits for them: so
// that what reacts is ordinary code and no signal handler. A second signal ends the process at once.
//
//     InterruptGuard guard;                       // before any other thread
//     guard.on_interrupt([&] { executor.interrupt(); });
#pragma once

#include <csignal>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace conformance::cli {

class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // Called from the guard's thread at the first signal; at once if there has been one. An empty function takes the last
  // one back; when this returns, it does not run any more.
  void on_interrupt(std::function<void()> action);

  // Written to standard error when a second signal ends the process.
  void say_at_the_end(std::string words);

 private:
  void wait_for_signals(const std::stop_token& stop);

  sigset_t signals_{};
  sigset_t before_{};
  std::mutex mutex_;
  std::function<void()> action_;
  std::string last_words_;
  bool seen_ = false;
  std::jthread waiter_;
};

}  // namespace conformance::cli
