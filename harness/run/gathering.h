// What all answers of a run show together: one verdict for each requirement on the form of answers.
//
// A defect of every answer (a wrong media type, an id that repeats) would else be thousands of red lines with one root
// cause. The gathering keeps a count and the first example, so that memory does not grow with the answers.
//
//     Gathering gathering(table);
//     gathering.add("id.length.256", exchange);          // each answer of the operation
//     CaseResult result = gathering.conclude(test);      // of the case that stands for a requirement
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/answer_checks.h"
#include "harness/run/events.h"
#include "harness/run/hash_set.h"
#include "harness/spec/spec_table.h"

namespace conformance {

class Gathering {
 public:
  // `table` must outlive it.
  explicit Gathering(const spec::SpecTable& table) : table_(table) {}

  // The answer to a request of the operation, sent for the case with this id; with those before it in a conversation.
  void add(const std::string& case_id, const wire::Exchange& exchange);

  // What every answer shows that is like this one, which was added, in everything but its request id; for add_known().
  // `received`: all of its bytes, as the rest of an exchange is not kept once it is judged.
  [[nodiscard]] std::size_t remember(std::string_view sent, std::string_view received);

  // An answer like the one that was remembered under this number, with its own request id, or none.
  void add_known(std::size_t like, std::string_view request_id);

  // `test` gathers its requirement (Case::gathers).
  [[nodiscard]] CaseResult conclude(const Case& test) const;

 private:
  static constexpr std::size_t most_examples = 5;
  static constexpr std::size_t most_causes = 20;
  static constexpr std::size_t most_ids = 1U << 18U;  // remembered; of a longer run, the first

  struct Tally {
    std::size_t answers = 0, failed = 0;
    std::vector<std::string> examples;  // cases, each once
    std::optional<wire::Exchange> first;
    std::string expected, actual;
    std::set<std::string> causes;
  };

  // An answer of which there are many.
  struct Known {
    std::vector<AnswerCheck> checks;
    std::size_t answers = 0, identified = 0, repeated = 0;  // all of them, those with a request id, with an old one
  };

  [[nodiscard]] Tally tally_of(const std::string& requirement) const;
  void add_one(const std::string& case_id, const wire::Exchange& exchange);
  void take(const AnswerCheck& check, const std::string& case_id, const wire::Exchange& exchange);
  [[nodiscard]] AnswerCheck unique_id(bool held) const;
  [[nodiscard]] bool is_new_id(std::string_view request_id);

  const spec::SpecTable& table_;
  std::map<std::string, Tally> tallies_;
  std::vector<Known> known_;
  HashSet ids_{most_ids};
};

}  // namespace conformance
