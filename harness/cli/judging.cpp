#include "harness/cli/judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "harness/cli/known_file_access.h"
#include "harness/text/escape.h"
#include "harness/text/numbers.h"

namespace conformance::cli {
namespace {

profile::Profile profile_of(const Options& options) {
  if (options.profile.empty()) return {};
  profile::Profile profile = profile::read_profile(options.profile, spec::builtin_table());
  std::vector<std::string> ids;
  if (!profile.pins.empty())
    for (const known::Catalogue::CaseName& name : whole_catalogue().cases) ids.push_back(name.id);
  check_patterns(profile, ids);
  return profile;
}

// Empty if it was measured with all of them.
std::string note_of_what_was_not_asked(const profile::Profile& profile, const std::vector<Case>& plan) {
  if (profile.pins.empty()) return {};
  const auto others = static_cast<std::size_t>(
      std::count_if(plan.begin(), plan.end(), [&profile](const Case& c) { return !profile.has_asked(c.id, c.tier); }));
  if (others == 0) return {};
  std::string by;
  if (profile.tier) by += fmt::format(" --tier {}", name_of(*profile.tier));
  for (const std::string& filter : profile.filters) by += " --filter " + text::shell_quote(text::visible(filter));
  return fmt::format("the profile was measured with{}: {} held to no pin of it", by,
                     others == 1 ? "1 other case is" : text::with_commas(others) + " other cases are");
}

}  // namespace

Judging::Judging(const Options& options)
    : profile_(profile_of(options)),
      table_(with_requirements(spec::builtin_table(), profile_)),
      held_(profile_, table_) {
  if (!profile_.pins.empty()) rulings_.add(held_);
  if (options.known_failures.empty()) return;
  known_ = known::read_known_failures(read_known_file(options.known_failures), options.known_failures,
                                      whole_catalogue(), {.today = today(), .version = options.endpoint_version});
  rulings_.add(*known_);
}

Terms Judging::terms(const std::vector<Case>& plan) {
  Terms terms{.table = table_, .rulings = &rulings_};
  if (!profile_.name.empty())
    terms.notes.push_back(fmt::format("profile: {}, which pins {} of {} characteristics", text::visible(profile_.name),
                                      profile_.pins.size(), table_.characteristics.size()));
  if (const std::string note = note_of_what_was_not_asked(profile_, plan); !note.empty()) terms.notes.push_back(note);
  if (known_) terms.notes.insert(terms.notes.end(), known_->notes().begin(), known_->notes().end());
  return terms;
}

}  // namespace conformance::cli
