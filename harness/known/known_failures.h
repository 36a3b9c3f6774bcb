// The failures that the user has accepted, held against what a run finds.
//
// An entry whose pattern matches ids of cases is about those cases: each of them must fail as pinned. One that matches
// no case but requirements is about those requirements: their cases may pass or fail, but a failure that blames the
// requirement must be as pinned. What fails as pinned is waived; what fails otherwise stays a failure; a case of
// [[known]] that passes fails the run, and so does a requirement none of whose cases failed any more, where all of them
// up to the standard tier were asked. What proves nothing (inconclusive, an error, skipped) stays what it is.
//
// A pattern is unused if it matches nothing of the whole plan of all tiers, whatever a run selects of it.
//
//     KnownFailures known = read_known_failures(text, "known.toml", catalogue, {.today = …});   // throws
//     KnownFailuresError run_with_gtest(…, &known);
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "harness/known/known_file.h"
#include "harness/run/events.h"
#include "harness/run/rulings.h"
#include "harness/spec/spec_table.h"

namespace conformance::known {

// A file that cannot be used; what() has one line per fault, each with file and line.
class KnownFailuresError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What there is to be matched.
struct Catalogue {
  struct CaseName {
    std::string id, requirement;
    Tier tier = Tier::standard;
    bool gathers = false;  // Case::gathers
  };
  std::vector<CaseName> cases;  // of all tiers
  std::vector<std::string> requirements;
};
[[nodiscard]] Catalogue catalogue_of(const spec::SpecTable& table, const std::vector<Case>& all);

struct Circumstances {
  std::chrono::year_month_day today{};
  std::string version;  // of the endpoint; empty: nobody said
};

// What a failure is pinned by, the same for any seed and any selection.
struct Broken {
  std::string requirement;  // that is blamed
  // Of the answer: "400 ValidationException", "500", "no response"; "answers" of a verdict on all of them, "effects"
  // where no answer is to blame.
  std::string kind;
  std::string cause;  // what was wrong, where the kind does not say it: "no Content-Type"
  // Of one answer, in which nothing was wrong but its form, to which every answer is held: the same failure as that of
  // the verdict on all of them, which a run of other cases has instead.
  bool is_of_form = false;

  // As a file has it: "answers (no Content-Type)".
  [[nodiscard]] std::string outcome() const;
  friend bool operator<(const Broken& a, const Broken& b) {
    return std::tie(a.requirement, a.kind, a.cause, a.is_of_form) <
           std::tie(b.requirement, b.kind, b.cause, b.is_of_form);
  }
};
// Of a verdict on all answers one for each cause, of the form of one answer one for each requirement, else one.
[[nodiscard]] std::vector<Broken> broken_by(const CaseResult& result);

// Which entry is about which case or requirement; by index.
struct Matched {
  std::unordered_map<std::string, std::size_t> cases, requirements;
  std::unordered_map<std::string, std::string> pattern_of;  // of each of both
  std::unordered_map<std::string, std::string> gathering;   // requirement -> the case that gathers it

  // The entry that is about a failure of a case, and the id (a key of `pattern_of`) that it matches. The form of one
  // answer is also what an entry is about that matches the case which gathers it.
  struct Found {
    std::size_t entry = 0;
    std::string id;
    bool is_by_case = false;  // else by the requirement that is blamed
  };
  [[nodiscard]] std::optional<Found> find(const std::string& case_id, const Broken& broken) const;
};

// What is wrong with the entries together: unused and overlapping patterns, unknown requirements.
[[nodiscard]] Matched match_entries(const std::vector<Entry>& entries, const Catalogue& catalogue,
                                    std::vector<Fault>& faults);

// The ids of cases, or else of requirements, that a pattern matches.
struct Reach {
  std::vector<std::string> cases, requirements;
};
[[nodiscard]] Reach reach_of(std::string_view pattern, const Catalogue& catalogue);

// By its kind alone, or with its cause; of the form of one answer also as of all answers.
[[nodiscard]] bool is_pinned(const Pin& pin, std::string_view asked, const Broken& broken);
[[nodiscard]] bool is_pinned(const Entry& entry, std::string_view asked, const Broken& broken);

// "known.toml:12: what is wrong", a line each.
[[nodiscard]] std::string in_lines(const std::vector<Fault>& faults, std::string_view path);

class KnownFailures : public Rulings {
 public:
  // Of entries that are without fault together.
  KnownFailures(std::vector<Entry> entries, std::string path, const Catalogue& catalogue);

  void rule(CaseResult& result) override;
  void conclude(RunEnd& end) override;

  // What a reader of the run should know of them: lines.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  void add_note(std::string note) { notes_.push_back(std::move(note)); }

 private:
  // Of a requirement that is known to fail.
  struct Watched {
    std::set<std::string> open;  // its cases that have not passed or failed yet
    std::size_t cases = 0, failed = 0;
  };
  struct Passed {
    std::size_t cases = 0;
    std::string first;
  };

  [[nodiscard]] KnownFailure told(std::size_t index, const std::string& id, KnownFailure::State state) const;
  void watch(const CaseResult& result);
  void rule_pass(CaseResult& result);
  void rule_failure(CaseResult& result);

  std::vector<Entry> entries_;
  std::string path_;
  Matched matched_;
  std::map<std::string, Watched> watched_;
  std::map<std::size_t, Passed> passed_;  // by entry
  std::vector<std::string> notes_;
};

// Of `text`, the file `path`. Throws KnownFailuresError with all that is wrong.
[[nodiscard]] KnownFailures read_known_failures(std::string_view text, const std::string& path,
                                                const Catalogue& catalogue, const Circumstances& circumstances);

}  // namespace conformance::known
