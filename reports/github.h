// What a run shows on the pages of GitHub Actions: its summary on the job's page, and annotations.
//
// GitHub shows about ten annotations of a step, so at most nine are made, the last of them for those that are not
// shown. They are commands that the runner reads from the log, so that nothing else in the log may be one, and an
// endpoint can end none of them.
//
//     if (is_github(env)) listeners.push_back(&*github.emplace(env("GITHUB_STEP_SUMMARY"), std::cerr));
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/events.h"
#include "reports/markdown.h"

namespace conformance::reports {

[[nodiscard]] bool is_github(const std::function<const char*(const char*)>& env);

struct Annotation {
  std::string_view command = "error";  // or "warning"
  std::string title, message;          // any text
};

// As the runner reads it, with its line feed.
[[nodiscard]] std::string annotation_line(const Annotation& annotation);

class GithubReport : public RunListener {
 public:
  static constexpr std::size_t most_annotations = 9;

  // `log` must outlive it.
  GithubReport(std::string summary_path, std::ostream& log) : path_(std::move(summary_path)), log_(log) {}
  void on_start(const RunInfo& info, const spec::SpecTable& table) override { summary_.start(info, table); }
  void on_case(const CaseResult& result) override { summary_.add(result); }
  // Appends to the summary; throws ReportError if it cannot, after the annotations.
  void on_end(const RunEnd& end) override;

 private:
  [[nodiscard]] std::vector<Annotation> annotations(const RunEnd& end) const;
  void append_summary(const RunEnd& end) const;

  std::string path_;
  std::ostream& log_;
  MarkdownSummary summary_;
};

}  // namespace conformance::reports
