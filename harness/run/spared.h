// Which requests could touch a session that was there before the run: those are not sent.
//
// Most identifiers of a run are its own, but not those that must be short, and what an endpoint makes of a body that is
// no good JSON nobody knows. So every string and every bare word in the bytes counts as what it may name, as it is and
// as a careless endpoint could change it: unescaped or not, without white space around it, cut off at a NUL, in another
// case. That withholds now and then what would have been harmless, and never sends what is not.
//
//     const Spared spared({"etl-nightly"});
//     spared.may_name(R"({"Id":" ETL-nightly"})");  // true
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

class Spared {
 public:
  Spared() = default;
  // Identifiers of sessions, UTF-8.
  explicit Spared(const std::vector<std::string>& identifiers);

  [[nodiscard]] bool empty() const { return identifiers_.empty(); }
  [[nodiscard]] std::size_t size() const { return identifiers_.size(); }
  [[nodiscard]] bool may_name(std::string_view body) const;

 private:
  [[nodiscard]] bool names_any(std::string_view text) const;
  [[nodiscard]] bool holds(std::string_view candidate) const;

  std::set<std::string, std::less<>> identifiers_;  // as simplified() has them
};

}  // namespace conformance
