// What the cases of a run add up to: by requirement, and by reason where a case proved nothing.
//
// A case may run several times (--gtest_repeat): it counts once, with the worst that was found. Only the smallest
// example of a failing requirement is kept, without its messages, so that memory does not grow with the answers of an
// endpoint.
//
//     Tally tally;
//     tally.add(result);
//     for (const RequirementTally& r : tally.requirements()) out << r.id << ": " << r.failed << " of " << r.checked;
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/run/events.h"

namespace conformance::reports {

// Failures of one root cause: of one requirement, by the same kind of answer.
struct CauseTally {
  std::string kind;  // "400 ValidationException"
  std::size_t failed = 0;
  std::string example, expected, actual;  // of the smallest, by the request's body
};

struct RequirementTally {
  std::string id;
  std::size_t checked = 0;  // cases that held an answer against it
  std::size_t held = 0;
  std::size_t failed = 0;                // cases that blame it
  std::size_t known = 0;                 // cases that blame it as the user has accepted
  bool warning = false;                  // none of them fails the run
  std::vector<std::string> failing_ids;  // the first of them, at most Tally::max_ids
  std::vector<CauseTally> causes;        // of the failures, the most frequent first
  // Of those that failed, by the request's body, without what was sent and received; lives as long as the tally.
  const CaseResult* smallest = nullptr;
};

struct ReasonTally {
  std::string reason;  // with "…" for what it quotes and for identifiers, where these are not the same in all
  std::size_t cases = 0;
  std::string example;  // a case id
};

// The cases that fail as one entry of the user's has it.
struct KnownTally {
  KnownFailure known;  // of the first of them
  std::size_t cases = 0;
  std::string example;  // a case id
};

// Of the specification's requirements: how many fail the run.
[[nodiscard]] std::size_t failing_requirements(const std::vector<RequirementTally>& all);

// "400 ValidationException: reason (https://…, until 2027-01-31, owner; known.toml:12)".
[[nodiscard]] std::string in_words(const KnownFailure& known);

// How bad a result is, for keeping the worst. A failure is the worst of all: what is known of the endpoint stands,
// whatever a later iteration met.
[[nodiscard]] int badness(const CaseResult& result);

class Tally {
 public:
  static constexpr std::size_t max_ids = 10;
  // Of a requirement; what comes beyond is one more: an endpoint may give each case an answer of its own.
  static constexpr std::size_t max_causes = 50;

  void add(const CaseResult& result);

  // All in the order of first appearance.
  [[nodiscard]] std::vector<RequirementTally> requirements() const;
  [[nodiscard]] std::vector<ReasonTally> reasons(Verdict verdict) const;
  [[nodiscard]] std::vector<ReasonTally> notes() const;
  [[nodiscard]] std::vector<KnownTally> known() const;
  [[nodiscard]] std::size_t cases() const { return entries_.size(); }

 private:
  struct Entry {
    std::string id, requirement, reason, note;
    std::string cause;  // a key of causes_[requirement]; of a failure
    Verdict verdict = Verdict::error;
    bool warning = false;
    int badness = 0;
    std::vector<Check> checks;
    std::optional<KnownFailure> known;
  };

  struct Cause {
    std::size_t size = 0;  // of the example's body
    CauseTally tally;
  };
  [[nodiscard]] std::string add_cause(const CaseResult& result);
  [[nodiscard]] std::vector<CauseTally> causes_of(const std::string& requirement) const;

  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> at_;             // case id -> index in entries_
  std::map<std::string, CaseResult> smallest_;                  // by requirement
  std::map<std::string, std::map<std::string, Cause>> causes_;  // by requirement and kind
};

}  // namespace conformance::reports
