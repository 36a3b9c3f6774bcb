// A file of known failures, written from what a run found, and brought up to date by what a later run found.
//
// Why: nobody keeps such a file by hand. What is written makes the next run green and hides nothing else: an entry is
// about a requirement where none of its cases passed, else about exactly those cases that failed.
//
//     Findings findings;
//     findings.add(result);                                           // of a record, each
//     std::string text = new_entries(findings, catalogue, table, fresh);
//     Updated updated = update_file(text, "known.toml", findings, catalogue, table, fresh, {.today = …});
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/known/known_failures.h"
#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance::known {

// What a run found of a case, over all its iterations.
struct Finding {
  std::string id, asked;  // the case and its requirement
  std::set<Broken> failures;
  bool passed = false;
  bool open = false;    // it proved nothing, at least once
  bool warned = false;  // its failures do not fail the run
};

class Findings {
 public:
  // Whatever was made of it by known failures: of a run with them or without.
  void add(const CaseResult& result);
  [[nodiscard]] const std::vector<Finding>& all() const { return all_; }
  // nullptr if the run had no such case.
  [[nodiscard]] const Finding* find(const std::string& id) const;

 private:
  std::vector<Finding> all_;
  std::unordered_map<std::string, std::size_t> at_;
};

// What entries have that no run can find out.
struct Fresh {
  std::string owner, issue, reason;  // no reason: that nobody has looked into it
  std::chrono::year_month_day until{};
};

// The entries for all that failed; empty if nothing did. What also passed is flaky.
[[nodiscard]] std::string new_entries(const Findings& findings, const Catalogue& catalogue,
                                      const spec::SpecTable& table, const Fresh& fresh);

struct Updated {
  std::string text;
  std::vector<std::string> notes;  // what is left to the user, lines
};

// Throws KnownFailuresError if the file has faults other than having ended or matching nothing, or if there are new
// failures and no `fresh`.
[[nodiscard]] Updated update_file(std::string_view text, const std::string& path, const Findings& findings,
                                  const Catalogue& catalogue, const spec::SpecTable& table,
                                  const std::optional<Fresh>& fresh, const Circumstances& circumstances);

}  // namespace conformance::known
