// Carries out a plan two ways, without a proxy and through it, and holds what comes of each case against the other.
//
// Both ways lead to the same upstream, so each has identifiers of its own: the same cases with another prefix. First
// the whole plan goes the direct way, of which no more is kept than what is compared; then it goes through the proxy,
// and each case is judged at once. Where the two differ, the very bytes that went through the proxy are sent directly
// once more: what the upstream itself says otherwise each time is not the proxy's.
//
//     TwoWays both(table, {direct_config, direct_plan}, {proxied_config, plan});
//     if (const std::string why = both.prepare(); !why.empty()) …  // it cannot be tested
//     left = both.run(selected, [](std::size_t index, CaseResult result) { … });
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/fidelity.h"
#include "harness/run/executor.h"
#include "harness/run/performer.h"

namespace conformance {

struct OneWay {
  RunConfig config;
  const std::vector<Case>& plan;
};

// The prefix of the direct way: as long as run_prefix(seed), and another.
[[nodiscard]] std::string direct_prefix(std::uint64_t seed);

class TwoWays : public Performer {
 public:
  // The plans must have the same cases, apart from their identifiers, and outlive it, as must `table`. Bounds on
  // requests and sessions are those of all together. Throws as Executor does.
  TwoWays(const spec::SpecTable& table, OneWay direct, OneWay proxied);
  ~TwoWays() override;

  [[nodiscard]] std::string prepare() override;
  std::vector<std::string> run(const std::vector<std::size_t>& selected, const Done& done) override;
  std::vector<std::string> finish() noexcept override;
  [[nodiscard]] bool left_nothing() const override;
  [[nodiscard]] std::string sessions_in_words() const override;
  [[nodiscard]] std::size_t requests() const override;
  void interrupt() noexcept override;
  [[nodiscard]] bool interrupted() const noexcept override { return interrupted_; }

 private:
  struct Seen;

  void find_host();
  // The identifiers of those that are left all the same.
  [[nodiscard]] std::vector<std::string> swept(const std::vector<std::string>& ids);
  [[nodiscard]] CaseResult judged(std::size_t index, CaseResult result);
  // What is found once the upstream was asked again, with the bytes that went through the proxy.
  [[nodiscard]] Fidelity confirmed(std::size_t index, const Course& direct, const Course& proxied, Fidelity found);
  [[nodiscard]] std::optional<Course> asked_again(std::size_t index);
  void remember(const Case& test, const Course& proxied, const Fidelity& found);
  [[nodiscard]] std::string blamed_where_met(const CaseResult& result) const;

  const spec::SpecTable& table_;
  const std::vector<Case>& plan_;
  RunConfig again_config_;
  Way direct_way_, proxied_way_;
  std::unique_ptr<Seen> seen_;  // by the executors below, as they are told
  std::unique_ptr<Executor> direct_, proxied_, again_;
  bool again_prepared_ = false;
  std::map<std::size_t, Course> courses_;         // of the direct way
  std::map<std::string, std::size_t> confirmed_;  // requirement to how often
  std::map<std::string, std::string> blamed_;     // case to requirement
  ProxyFacts facts_;
  std::atomic<bool> interrupted_{false};
};

}  // namespace conformance
