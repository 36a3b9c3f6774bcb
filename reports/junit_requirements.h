// JUnit's test cases by requirement: one for each that the run asked for, with what its cases came to.
//
// Why: a pipeline that shows hundreds of red lines for one root cause is not read. A requirement fails if a case blames
// it. If none does, it is an error as soon as one of its cases proved nothing, since a green line would say that it
// holds. It is skipped, if a case is accepted as it is (a warning), if it did not hold in an answer that is another
// requirement's failure, or if it was not asked; and else passed.
//
//     Requirements requirements;
//     requirements.add(result, row);            // a case, and what it is by itself
//     std::vector<Row> rows = requirements.rows(table);
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/run/events.h"
#include "reports/junit_file.h"

namespace conformance::reports::junit {

class Requirements {
 public:
  static constexpr std::size_t most_examples = 10;  // of a requirement, in its body

  // `row`: of the case, its body without what is said of the requirement. A case that is told again counts once, with
  // the worst.
  void add(const CaseResult& result, Row row);

  // In the order of the table; then what is not in it, by name.
  [[nodiscard]] std::vector<Row> rows(const spec::SpecTable& table) const;

 private:
  struct Example {
    std::size_t size = 0;  // of the request's body
    std::string id;
    Row row;
  };
  enum class Came { held, skipped, beside, accepted, unproved, failed };  // to what a case came
  struct Entry {
    std::string id, requirement;
    std::vector<Check> beside;  // of other requirements, one each
    Came came = Came::held;
    int badness = 0;
    std::chrono::microseconds elapsed{0};
  };
  struct Sum;

  static Came came_of(const CaseResult& result, const Row& row);
  void keep(const std::string& requirement, Came came, Example example);
  [[nodiscard]] Row row_of(const std::string& id, const Sum& sum, const spec::SpecTable& table) const;

  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> at_;                        // case id -> index in entries_
  std::map<std::pair<std::string, Came>, std::vector<Example>> examples_;  // the smallest first
};

// What is known of a requirement without any case: its sentence, level, evidence and sources, a line each.
[[nodiscard]] std::string about(const spec::SpecTable& table, const std::string& requirement);

// Text of our own (commands, sentences): as it is where that is harmless, so that commands can be copied.
[[nodiscard]] std::string own(const std::string& line);

}  // namespace conformance::reports::junit
