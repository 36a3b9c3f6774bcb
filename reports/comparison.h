// Several runs side by side: by requirement, by case and by characteristic, and in what they differ.
//
// Why: moto beside the reference, before beside after, direct beside through a proxy. Of a case are compared its
// verdict, what it blames and the kind of the answer; not messages and not times, which differ anyway. Of a case of
// many requests, whose examples are of its seed, the answer is not compared.
//
//     Comparison comparison;
//     RecordReader("a.json").tell(comparison.add("a.json"));
//     RecordReader("b.json").tell(comparison.add("b.json"));
//     out << to_text(comparison.read());
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/run/events.h"
#include "reports/tally.h"

namespace conformance::reports {

struct ComparedRun {
  std::string file;
  RunInfo info;
  RunEnd end;
  std::string sentence;
};

// Of each there is one entry for each run, empty where that run does not have it.
struct ComparedRequirement {
  struct Cell {
    std::size_t checked = 0, failed = 0;
    bool warning = false;
  };
  std::string id, sentence;
  std::vector<std::optional<Cell>> cells;
  bool differs = false;  // whether it held
};

struct ComparedCase {
  struct Cell {
    Verdict verdict = Verdict::error;
    bool warning = false;
    std::string blamed;  // of a failure
    std::string answer;  // "400 ValidationException"; empty: not compared

    friend bool operator==(const Cell&, const Cell&) = default;
  };
  std::string id, title;
  std::vector<std::optional<Cell>> cells;
  bool differs = false;
};

struct ComparedCharacteristic {
  std::string id;
  std::vector<std::optional<std::string>> readings;
  bool differs = false;
};

// What differs comes first; within that, in the order of the first run.
struct Compared {
  std::vector<ComparedRun> runs;
  std::vector<ComparedRequirement> requirements;
  std::vector<ComparedCase> cases;
  std::vector<ComparedCharacteristic> characteristics;
  [[nodiscard]] bool differs() const;
};

class Comparison {
 public:
  // A listener for one run more; lives as long as this.
  [[nodiscard]] RunListener& add(const std::string& file);
  [[nodiscard]] Compared read() const;

 private:
  class Run;

  std::vector<std::shared_ptr<Run>> runs_;
};

// What the runs said of a row, by their place; nothing where one said nothing.
[[nodiscard]] inline const auto& cells_of(const ComparedRequirement& row) { return row.cells; }
[[nodiscard]] inline const auto& cells_of(const ComparedCase& row) { return row.cells; }
[[nodiscard]] inline const auto& cells_of(const ComparedCharacteristic& row) { return row.readings; }

// "A", "B", …, "Z", "27": of a run, by its place.
[[nodiscard]] std::string label_of_run(std::size_t run);
// "fails in 2 of 7 cases", "pass: 400 ValidationException", "not run": text of the endpoint's is in it.
[[nodiscard]] std::string in_words(const std::optional<ComparedRequirement::Cell>& cell);
[[nodiscard]] std::string in_words(const std::optional<ComparedCase::Cell>& cell);
[[nodiscard]] std::string in_words(const std::optional<std::string>& reading);
// How much differs, in one sentence.
[[nodiscard]] std::string counts_in_words(const Compared& compared);

[[nodiscard]] std::string to_text(const Compared& compared);
[[nodiscard]] std::string to_markdown(const Compared& compared);
// {"format": "glue-conformance comparison", "version": 1, "differs": …, "runs": […], "requirements": […], "cases": […],
// "characteristics": […]}, each of these with "differs" and "runs", null where a run does not have it.
[[nodiscard]] std::string to_json(const Compared& compared);

}  // namespace conformance::reports
