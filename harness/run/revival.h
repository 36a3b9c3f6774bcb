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
  int most_silences = 10;                    // in all: each has cost many deadlines
  int most_outages = 10;                     // in a row, without progress() between
};

class Revival {
 public:
  // `ask` sends one request that whoever answers anything answers, even if the client has given up.
  Revival(std::function<wire::Exchange()> ask, std::function<bool()> interrupted, RevivalOptions options);

  // What is answered by anything lives. A question that times out is not asked again.
  [[nodiscard]] Life look();
  // The same after many deadlines, or where nobody could be connected to: gone, if it was so too often.
  [[nodiscard]] Life look_after_silence();
  [[nodiscard]] Life look_after_outage();
  // Something that was asked has been answered.
  void progress() { outages_ = 0; }

 private:
  std::function<wire::Exchange()> ask_;
  std::function<bool()> interrupted_;
  RevivalOptions options_;
  int silences_ = 0, outages_ = 0;
};

}  // namespace conformance
