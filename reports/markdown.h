// The summary of a run in GitHub's Markdown: for the page of a job, a pull request or an issue.
//
// What failed comes first, by requirement, each with its smallest example and how to see it again; it stays below the
// size that GitHub takes, and says what it leaves out for that. Nothing that an endpoint says is Markdown or HTML in
// it.
//
//     MarkdownReport report("out/summary.md");                 // a RunListener
//     MarkdownSummary summary; …; out << summary.text(end, room);
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>

#include "harness/run/events.h"
#include "reports/tally.h"

namespace conformance::reports {

// GitHub refuses a step's summary of more than 1 MiB.
inline constexpr std::size_t markdown_bytes = 1'000'000;

class MarkdownSummary {
 public:
  void start(const RunInfo& info, const spec::SpecTable& table);
  void add(const CaseResult& result);
  // At most `room` bytes.
  [[nodiscard]] std::string text(const RunEnd& end, std::size_t room = markdown_bytes) const;

  [[nodiscard]] const Tally& tally() const { return tally_; }
  [[nodiscard]] const RunInfo& info() const { return info_; }
  [[nodiscard]] std::string sentence(const RunEnd& end) const;

 private:
  [[nodiscard]] std::string head(const RunEnd& end) const;
  [[nodiscard]] std::string failing(const RequirementTally& failing) const;
  [[nodiscard]] std::string reproduction(const CaseResult& example) const;
  [[nodiscard]] std::string known() const;
  [[nodiscard]] static std::string stale(const RunEnd& end);
  [[nodiscard]] static std::string pins_not_held(const RunEnd& end);
  [[nodiscard]] std::string leftovers(const RunEnd& end) const;
  [[nodiscard]] std::string characteristics(const RunEnd& end) const;

  RunInfo info_;
  spec::SpecTable table_;
  Tally tally_;
  std::unordered_set<std::string> left_out_;  // cases, for the bounds of the run
};

class MarkdownReport : public RunListener {
 public:
  explicit MarkdownReport(std::string path) : path_(std::move(path)) {}
  void on_start(const RunInfo& info, const spec::SpecTable& table) override { summary_.start(info, table); }
  void on_case(const CaseResult& result) override { summary_.add(result); }
  // Writes the file; throws ReportError if it cannot.
  void on_end(const RunEnd& end) override;

 private:
  std::string path_;
  MarkdownSummary summary_;
};

}  // namespace conformance::reports
