// Whether an endpoint that left requests without an answer still lives, and waiting for one that comes back.
//
// One that hangs on some requests answers the next one at once: then it failed those. One that fell over and is started
// again is away for a moment: what it was asked meanwhile says nothing of it. One that stays away must not cost a
// deadline for each request of a long run.
//
//     Revival revival(ask_something_plain, interrupted, {.patience = 10s});
//     if (revival.look() == Life::gone) …  // send nothing more
#pragma once

#include <chrono>
#include <functional>

#include "harness/wire/exchange.h"

namespace conformance {

enum class Life {
  there,  // it answers at once
  back,   // it was away, and answers again
  gone,
};

struct RevivalOptions {
  std::chrono::milliseconds patience{3000};  // for one that cannot be connected to, or hangs up
  std::chrono::milliseconds pause{100};      // between two questions
  int most = 10;                             // times that it is waited for, or was, in all
};

class Revival {
 public:
  // `ask` sends one request that whoever answers anything answers, even if the client has given up.
  Revival(std::function<wire::Exchange()> ask, std::function<bool()> interrupted, RevivalOptions options);

  // What is answered by anything lives. A question that times out is not asked again.
  [[nodiscard]] Life look();
  // The same where it is known that it was away, or silent: counts as a time that it was waited for.
  [[nodiscard]] Life look_after_silence();

 private:
  std::function<wire::Exchange()> ask_;
  std::function<bool()> interrupted_;
  RevivalOptions options_;
  int waited_ = 0;
};

}  // namespace conformance
