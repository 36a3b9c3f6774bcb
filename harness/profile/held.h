// Holds cases to a profile: each characteristic that it pins becomes a requirement.
//
// The requirement is of the profile, not of the specification: its id begins with "profile.", its evidence is what was
// observed, and its source the profile. A case that fails for a reason of the specification's keeps it.
//
//     const spec::SpecTable table = with_requirements(spec::builtin_table(), profile);
//     Held held(profile, table);                                    // a ruling of the run
//     RunEnd end = run_with_gtest(plan, executor, table, info, scrubber, listeners, &held);
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "harness/profile/profile.h"
#include "harness/run/events.h"
#include "harness/run/rulings.h"
#include "harness/spec/spec_table.h"

namespace conformance::profile {

// "profile.missing.session"
[[nodiscard]] std::string requirement_of(std::string_view characteristic);

// The table, with a requirement for each pin and the profile among the sources.
[[nodiscard]] spec::SpecTable with_requirements(spec::SpecTable table, const Profile& profile);

class Held : public Rulings {
 public:
  // Both must outlive it.
  Held(const Profile& profile, const spec::SpecTable& table) : profile_(profile), table_(table) {}

  // Adds a check for each pin that says something of the case, and makes a pass of it a failure if one does not hold.
  void rule(CaseResult& result) override;
  // Names the pins that said nothing of any case: none of these was held to them.
  void conclude(RunEnd& end) override;

 private:
  [[nodiscard]] std::string why_not(const std::string& characteristic) const;

  const Profile& profile_;
  const spec::SpecTable& table_;
  std::set<std::string> held_to_;    // characteristics
  std::set<std::string> not_asked_;  // characteristics that cases showed which the profile was not measured with
  std::map<std::string, std::string> skipped_;  // characteristic -> why the first of its cases proved nothing
};

}  // namespace conformance::profile
