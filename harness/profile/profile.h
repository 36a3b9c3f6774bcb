// A profile: what an endpoint did where the specification leaves it free, written down so that others can be held to
// it.
//
// Why: a team measures the real service once, in a sandbox account, and every mock is then held to what no
// documentation says. A profile is a file that people read and cut: one line a characteristic.
//
//     tier = "smoke"                                              # what was asked of it: absent, everything
//     filters = ["id.*", "!*.65536"]                              # as --filter has them: absent, everything
//     [characteristics]
//     "missing.session" = "200"                                   # every case that measures it is answered so
//     "faults.first" = {"400 A" = "*", "400 B" = "faults.json.*"}   # by case: of several patterns the longest counts
//     "route.method.answer" = ["404", "405"]                      # any of them will do
//
//     const Profile profile = parse_profile(text, "glue.toml", table);     // throws ProfileError
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/case/case.h"
#include "harness/spec/spec_table.h"

namespace conformance::profile {

// What answers a group of cases.
struct PinnedAnswer {
  std::string answer;                 // as Measured has it, made visible (harness/text/escape.h)
  std::vector<std::string> patterns;  // of case ids, `*` and `?`
};

struct Pin {
  std::string characteristic;
  std::vector<PinnedAnswer> answers;  // at least one
  std::size_t line = 0;               // 0: it is of no file
};

struct Profile {
  std::string name;                      // its path, or the name of one that is shipped
  std::string endpoint, measured, tool;  // whose, when and by what; each may be empty
  std::optional<Tier> tier;              // that it was measured with; none: nothing is known to be left out
  std::vector<std::string> filters;      // that it was measured with; none: as above
  std::vector<Pin> pins;                 // in the order of the file

  // Whether it was measured with a case of this id and tier: what was asked by some cases says nothing of others.
  [[nodiscard]] bool has_asked(std::string_view case_id, Tier case_tier) const;
  // nullptr if it leaves it open.
  [[nodiscard]] const Pin* find(std::string_view characteristic) const;
};

class ProfileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws ProfileError that names all faults, each with its line.
[[nodiscard]] Profile parse_profile(std::string_view text, const std::string& name, const spec::SpecTable& table);

// The file at `path`, or what is shipped under that name ("documented", "reference", "moto-5"). Throws ProfileError.
[[nodiscard]] Profile read_profile(const std::string& path, const spec::SpecTable& table);
[[nodiscard]] std::vector<std::string> shipped_profiles();

// A pattern that matches none of these, which are the ids of all cases, pins nothing or leaves nothing out, and nobody
// would notice. Throws ProfileError that names all.
void check_patterns(const Profile& profile, const std::vector<std::string>& case_ids);

// What the pin asks of a case: the answers of the longest pattern that matches its id; empty if none does.
[[nodiscard]] std::vector<std::string> answers_for(const Pin& pin, std::string_view case_id);

struct Difference {
  std::string characteristic;
  std::string first, second;  // as the files have it; empty: left open
};
// In the order of the table.
[[nodiscard]] std::vector<Difference> differences(const Profile& first, const Profile& second,
                                                  const spec::SpecTable& table);

// The value of a pin as TOML: a string, a list or an inline table.
[[nodiscard]] std::string to_toml(const Pin& pin);

}  // namespace conformance::profile
