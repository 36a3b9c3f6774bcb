#include "reports/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/text/escape.h"
#include "reports/markdown.h"
#include "reports/markdown_text.h"
#include "reports/own_text.h"
#include "reports/sentence.h"

namespace conformance::reports {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t shown_cases = 50;  // in a text; JSON has all
constexpr std::size_t shown_text = 300;

std::string safe(const std::string& text) { return text::elide(text::visible(text), shown_text); }

template <typename Cell>
bool all_equal(const std::vector<Cell>& cells) {
  return std::adjacent_find(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return !(a == b); }) ==
         cells.end();
}

template <typename Row>
void put_differing_first(std::vector<Row>& rows) {
  std::stable_partition(rows.begin(), rows.end(), [](const Row& row) { return row.differs; });
}

template <typename Row>
std::size_t differing(const std::vector<Row>& rows) {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.differs; }));
}

// The row of `id`, made at the end if there is none.
template <typename Row>
Row& row_of(std::vector<Row>& rows, std::unordered_map<std::string, std::size_t>& at, const std::string& id) {
  const auto [found, is_new] = at.try_emplace(id, rows.size());
  if (is_new) {
    rows.emplace_back();
    rows.back().id = id;
  }
  return rows[found->second];
}

enum class Held { yes, warned, no, unasked };

Held held(const std::optional<ComparedRequirement::Cell>& cell) {
  if (!cell || cell->checked == 0) return Held::unasked;
  return cell->failed == 0 ? Held::yes : cell->warning ? Held::warned : Held::no;
}

std::string describes(const ComparedRequirement& row) { return row.sentence; }
std::string describes(const ComparedCase& row) { return row.title; }
std::string describes(const ComparedCharacteristic& /*row*/) { return {}; }

template <typename Row>
void add_text(std::string& out, const std::vector<Row>& rows, std::string_view title) {
  const std::size_t count = differing(rows);
  if (count == 0) return;
  out += fmt::format("\n{}\n", title);
  for (std::size_t i = 0; i < std::min(count, shown_cases); ++i) {
    const std::string words = safe(describes(rows[i]));
    out += fmt::format("  {}{}{}\n", safe(rows[i].id), words.empty() ? "" : "  ", words);
    for (std::size_t run = 0; run < cells_of(rows[i]).size(); ++run)
      out += fmt::format("    {:<2} {}\n", label_of_run(run), safe(in_words(cells_of(rows[i])[run])));
  }
  if (count > shown_cases)
    out += fmt::format("  and {} more; --format json has all\n", with_commas(count - shown_cases));
}

template <typename Row>
void add_markdown(std::string& out, const std::vector<Row>& rows, std::string_view title) {
  const std::size_t count = differing(rows);
  if (count == 0) return;
  out += fmt::format("## {}\n\n", title);
  for (std::size_t i = 0; i < count; ++i) {
    std::string one = fmt::format("- {}\n", markdown::code(rows[i].id));
    for (std::size_t run = 0; run < cells_of(rows[i]).size(); ++run)
      one += fmt::format("  - {}: {}\n", label_of_run(run), markdown::code(in_words(cells_of(rows[i])[run])));
    if (out.size() + one.size() + 100 > markdown_bytes) {
      out += fmt::format("- and {} more\n", with_commas(count - i));
      break;
    }
    out += one;
  }
  out += "\n";
}

ordered_json json_of(const std::optional<ComparedRequirement::Cell>& cell) {
  if (!cell) return nullptr;
  return {{"checked", cell->checked}, {"failed", cell->failed}, {"warning", cell->warning}};
}

ordered_json json_of(const std::optional<ComparedCase::Cell>& cell) {
  if (!cell) return nullptr;
  return {{"verdict", name_of(cell->verdict)},
          {"warning", cell->warning},
          {"blamed", text::visible(cell->blamed)},
          {"answer", text::visible(cell->answer)}};
}

ordered_json json_of(const std::optional<std::string>& reading) {
  if (!reading) return nullptr;
  return text::visible(*reading);
}

template <typename Row>
ordered_json json_of(const std::vector<Row>& rows) {
  ordered_json all = ordered_json::array();
  for (const Row& row : rows) {
    ordered_json cells = ordered_json::array();
    for (const auto& cell : cells_of(row)) cells.push_back(json_of(cell));
    all.push_back({{"id", text::visible(row.id)}, {"differs", row.differs}, {"runs", std::move(cells)}});
  }
  return all;
}

}  // namespace

std::string label_of_run(std::size_t run) {
  return run < 26 ? std::string(1, static_cast<char>('A' + run)) : std::to_string(run + 1);
}

std::string in_words(const std::optional<ComparedRequirement::Cell>& cell) {
  switch (held(cell)) {
    case Held::yes:
      return fmt::format("holds in {}", counted(cell->checked, "case"));
    case Held::warned:
    case Held::no:
      return fmt::format("{} in {} of {}", cell->warning ? "warns" : "fails", with_commas(cell->failed),
                         counted(cell->checked, "case"));
    case Held::unasked:
      break;
  }
  return "not asked";
}

std::string in_words(const std::optional<ComparedCase::Cell>& cell) {
  if (!cell) return "not run";
  std::string words(cell->warning ? "warning" : name_of(cell->verdict));
  if (!cell->blamed.empty()) words += " " + cell->blamed;
  return cell->answer.empty() ? words : words + ": " + cell->answer;
}

std::string in_words(const std::optional<std::string>& reading) { return reading ? *reading : "not measured"; }

std::string counts_in_words(const Compared& c) {
  const std::size_t requirements = differing(c.requirements), cases = differing(c.cases),
                    characteristics = differing(c.characteristics);
  return fmt::format("{}, {} and {} differ; {}, {} and {} do not.", counted(requirements, "requirement"),
                     counted(cases, "case"), counted(characteristics, "characteristic"),
                     with_commas(c.requirements.size() - requirements), with_commas(c.cases.size() - cases),
                     with_commas(c.characteristics.size() - characteristics));
}

class Comparison::Run : public RunListener {
 public:
  explicit Run(std::string file) { run_.file = std::move(file); }

  void on_start(const RunInfo& info, const spec::SpecTable& table) override {
    run_.info = info;
    for (const spec::Requirement& r : table.requirements) sentences_[r.id] = r.sentence;
  }
  void on_case(const CaseResult& result) override {
    tally_.add(result);
    left_out_ += result.out_of_bounds ? 1U : 0U;
    const auto [at, is_new] = at_.try_emplace(result.test.id, cases_.size());
    if (is_new) {
      cases_.push_back({result.test.id, result.test.title, cell_of(result), badness(result)});
    } else if (badness(result) > cases_[at->second].badness) {
      cases_[at->second] = {result.test.id, result.test.title, cell_of(result), badness(result)};
    }
  }
  void on_end(const RunEnd& end) override {
    run_.end = end;
    run_.sentence =
        sentence_of(run_.info, end, {.failing = failing_requirements(tally_.requirements()), .left_out = left_out_});
  }

  struct One {
    std::string id, title;
    ComparedCase::Cell cell;
    int badness = 0;
  };
  [[nodiscard]] const ComparedRun& run() const { return run_; }
  [[nodiscard]] const std::vector<One>& cases() const { return cases_; }
  [[nodiscard]] std::vector<RequirementTally> requirements() const { return tally_.requirements(); }
  [[nodiscard]] std::string sentence_of_requirement(const std::string& id) const {
    const auto found = sentences_.find(id);
    return found == sentences_.end() ? "" : found->second;
  }

 private:
  static ComparedCase::Cell cell_of(const CaseResult& result) {
    const Judgement& j = result.judgement;
    const bool is_of_many = result.test.property || result.test.sweep || result.test.story || result.test.gathers;
    const bool was_answered = result.stimulus && !is_of_many && j.verdict != Verdict::skipped;
    // Of the endpoint, whatever the user has accepted.
    const bool is_stale = result.known && result.known->state == KnownFailure::State::passed;
    const Verdict verdict = j.verdict == Verdict::known ? Verdict::fail : is_stale ? Verdict::pass : j.verdict;
    return {verdict, result.warning, verdict == Verdict::fail ? j.requirement : "",
            was_answered ? kind_of(j.answer) : ""};
  }

  ComparedRun run_;
  Tally tally_;
  std::size_t left_out_ = 0;
  std::map<std::string, std::string> sentences_;  // of requirements
  std::vector<One> cases_;
  std::unordered_map<std::string, std::size_t> at_;
};

bool Compared::differs() const { return differing(requirements) + differing(cases) + differing(characteristics) > 0; }

RunListener& Comparison::add(const std::string& file) {
  runs_.push_back(std::make_shared<Run>(file));
  return *runs_.back();
}

Compared Comparison::read() const {
  Compared all;
  std::unordered_map<std::string, std::size_t> requirement_at, case_at, characteristic_at;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const Run& run = *runs_[i];
    all.runs.push_back(run.run());
    for (const RequirementTally& r : run.requirements()) {
      if (r.id == stale_requirement) continue;
      ComparedRequirement& row = row_of(all.requirements, requirement_at, r.id);
      row.cells.resize(runs_.size());
      row.cells[i] = {r.checked, r.failed + r.known, r.warning && r.known == 0};
      if (row.sentence.empty()) row.sentence = run.sentence_of_requirement(r.id);
    }
    for (const Run::One& one : run.cases()) {
      ComparedCase& row = row_of(all.cases, case_at, one.id);
      row.cells.resize(runs_.size());
      row.cells[i] = one.cell;
      if (row.title.empty()) row.title = one.title;
    }
    for (const Measured& measured : run.run().end.characteristics) {
      ComparedCharacteristic& row = row_of(all.characteristics, characteristic_at, measured.id);
      row.readings.resize(runs_.size());
      row.readings[i] = measured.reading;
    }
  }
  for (ComparedRequirement& row : all.requirements) {
    std::vector<Held> each;
    for (const auto& cell : row.cells) each.push_back(held(cell));
    row.differs = !all_equal(each);
  }
  for (ComparedCase& row : all.cases) row.differs = !all_equal(row.cells);
  for (ComparedCharacteristic& row : all.characteristics) row.differs = !all_equal(row.readings);
  put_differing_first(all.requirements);
  put_differing_first(all.cases);
  put_differing_first(all.characteristics);
  return all;
}

std::string to_text(const Compared& compared) {
  std::string out;
  for (std::size_t i = 0; i < compared.runs.size(); ++i) {
    const ComparedRun& run = compared.runs[i];
    out += fmt::format("{:<2} {}: {} ({}, version {}, seed {})\n", label_of_run(i), safe(run.info.endpoint),
                       run.sentence, safe(run.file), safe(run.info.tool_version), run.info.seed);
  }
  out += "\n" + counts_in_words(compared) + "\n";
  add_text(out, compared.requirements, "Requirements that differ");
  add_text(out, compared.characteristics, "Characteristics that differ");
  add_text(out, compared.cases, "Cases that differ");
  return out;
}

std::string to_markdown(const Compared& compared) {
  std::string out = "# Runs compared\n\n";
  for (std::size_t i = 0; i < compared.runs.size(); ++i) {
    const ComparedRun& run = compared.runs[i];
    out +=
        fmt::format("- **{}** {}: {} ({}, version {}, seed {})\n", label_of_run(i), markdown::code(run.info.endpoint),
                    run.sentence, markdown::code(run.file), markdown::code(run.info.tool_version), run.info.seed);
  }
  out += "\n" + counts_in_words(compared) + "\n\n";
  add_markdown(out, compared.requirements, "Requirements that differ");
  add_markdown(out, compared.characteristics, "Characteristics that differ");
  add_markdown(out, compared.cases, "Cases that differ");
  return out;
}

std::string to_json(const Compared& compared) {
  ordered_json runs = ordered_json::array();
  for (const ComparedRun& run : compared.runs) {
    const Totals& t = run.end.totals;
    runs.push_back({{"file", text::visible(run.file)},
                    {"endpoint", text::visible(run.info.endpoint)},
                    {"tool_version", text::visible(run.info.tool_version)},
                    {"seed", std::to_string(run.info.seed)},
                    {"tier", name_of(run.info.tier)},
                    {"exit_status", run.end.exit_status},
                    {"totals",
                     {{"planned", t.planned},
                      {"pass", t.pass},
                      {"fail", t.fail},
                      {"known", t.known},
                      {"inconclusive", t.inconclusive},
                      {"skipped", t.skipped},
                      {"error", t.error},
                      {"warnings", t.warnings}}}});
  }
  const ordered_json document{{"format", "glue-conformance comparison"},
                              {"version", 1},
                              {"differs", compared.differs()},
                              {"runs", std::move(runs)},
                              {"requirements", json_of(compared.requirements)},
                              {"cases", json_of(compared.cases)},
                              {"characteristics", json_of(compared.characteristics)}};
  return document.dump(1) + "\n";
}

}  // namespace conformance::reports
