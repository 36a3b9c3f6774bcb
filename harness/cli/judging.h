// What a run is held to beside the specification: a profile, and then the failures that its user has accepted.
//
//     Judging judging(options);          // throws ProfileError and KnownFailuresError; nothing was sent
//     perform(options, env, plan, listeners, err, judging.terms(plan.cases));
#pragma once

#include <optional>
#include <vector>

#include "harness/case/case.h"
#include "harness/cli/options.h"
#include "harness/cli/performing.h"
#include "harness/known/known_failures.h"
#include "harness/profile/held.h"
#include "harness/profile/profile.h"
#include "harness/run/rulings.h"
#include "harness/spec/spec_table.h"

namespace conformance::cli {

class Judging {
 public:
  explicit Judging(const Options& options);
  Judging(const Judging&) = delete;
  Judging& operator=(const Judging&) = delete;

  // Of a run of these cases. Good as long as this lives.
  [[nodiscard]] Terms terms(const std::vector<Case>& plan);

 private:
  profile::Profile profile_;
  spec::SpecTable table_;  // with the requirements of the profile
  profile::Held held_;
  std::optional<known::KnownFailures> known_;
  RulingsInOrder rulings_;
};

}  // namespace conformance::cli
