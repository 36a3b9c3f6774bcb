// Whoever carries out a plan for those that start it and report of it.
//
// Why: the command line, the runner and the reports must not care whether each case is sent one way (executor.h), or
// two ways that are held against each other (two_ways.h).
//
//     if (const std::string why = performer.prepare(); !why.empty()) …  // it cannot be tested
//     left = performer.run(selected, [](std::size_t index, CaseResult result) { … });
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "harness/run/events.h"

namespace conformance {

class Performer {
 public:
  using Done = std::function<void(std::size_t, CaseResult)>;

  Performer() = default;
  virtual ~Performer() = default;
  Performer(const Performer&) = delete;
  Performer& operator=(const Performer&) = delete;

  // Finds out whether the endpoint can be tested and how. Returns why it cannot, or an empty string.
  [[nodiscard]] virtual std::string prepare() = 0;

  // Performs the cases with these indices; `done` is called once for each, in this thread, whatever happens. Returns
  // the identifiers that could not be deleted.
  virtual std::vector<std::string> run(const std::vector<std::size_t>& selected, const Done& done) = 0;

  // Deletes what is still there; run() does it at its end. The identifiers of what could not be deleted.
  // Whatever is thrown meanwhile is swallowed: then nothing more can be deleted.
  virtual std::vector<std::string> finish() noexcept = 0;
  [[nodiscard]] virtual bool left_nothing() const = 0;

  // What stands between here and the endpoint, in words, after prepare().
  [[nodiscard]] virtual std::string sessions_in_words() const = 0;
  [[nodiscard]] virtual std::size_t requests() const = 0;

  // From any thread or signal handler: no further stimulus is sent, what was created is deleted, run() returns.
  virtual void interrupt() noexcept = 0;
  [[nodiscard]] virtual bool interrupted() const noexcept = 0;
};

}  // namespace conformance
