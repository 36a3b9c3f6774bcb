#include "reports/github.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <system_error>

#include "harness/text/escape.h"
#include "reports/curl.h"
#include "reports/sentence.h"
#include "reports/whole_file.h"

namespace conformance::reports {
namespace {

constexpr std::size_t title_bytes = 150;
constexpr std::size_t annotation_bytes = 1000;

// As the runner takes it back: of a message %, CR and LF, of a property the colon and the comma too. Of those CR and LF
// are gone by now.
std::string escaped(std::string_view visible, std::string_view special) {
  std::string out;
  for (const char c : visible) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string shown(std::string_view text, std::size_t bytes) { return text::elide(text::visible(text), bytes); }

}  // namespace

bool is_github(const std::function<const char*(const char*)>& env) {
  const char* actions = env("GITHUB_ACTIONS");
  const char* summary = env("GITHUB_STEP_SUMMARY");
  return actions != nullptr && std::string_view(actions) == "true" && summary != nullptr && *summary != '\0';
}

std::string annotation_line(const Annotation& annotation) {
  return fmt::format("::{} title={}::{}\n", annotation.command, escaped(shown(annotation.title, title_bytes), "%:,"),
                     escaped(shown(annotation.message, annotation_bytes), "%"));
}

std::vector<Annotation> GithubReport::annotations(const RunEnd& end) const {
  std::vector<Annotation> all;
  if (!end.fatal.empty()) return {{"error", "The endpoint could not be tested", end.fatal}};
  const std::vector<RequirementTally> requirements = summary_.tally().requirements();
  for (const bool warnings : {false, true}) {
    for (const RequirementTally& r : requirements) {
      if (r.failed == 0 || r.warning != warnings) continue;
      const CaseResult& example = *r.smallest;
      all.push_back(
          {warnings ? "warning" : "error", r.id,
           fmt::format("{} by {}: expected {}; got {}; {}", counted(r.failed, "case"), example.test.id,
                       example.judgement.expected, example.judgement.actual, replay_line(summary_.info(), example))});
    }
    if (warnings) continue;
    for (const auto& [verdict, title] :
         {std::pair{Verdict::error, "Error"}, std::pair{Verdict::inconclusive, "Inconclusive"}}) {
      for (const ReasonTally& group : summary_.tally().reasons(verdict))
        all.push_back({"error", title,
                       fmt::format("{}, one is {}: {}", counted(group.cases, "case"), group.example, group.reason)});
    }
  }
  for (const std::string& stale : end.stale) all.push_back({"error", "Known failures", stale});
  if (!end.leftovers.empty())
    all.push_back(
        {"error", "Left behind",
         fmt::format("{} that the run created could not be deleted", counted(end.leftovers.size(), "session"))});
  // Whatever it is for: the step is red.
  if (all.empty() && end.exit_status != 0) all.push_back({"error", "glue-conformance", summary_.sentence(end)});
  if (all.size() <= most_annotations) return all;
  const std::size_t more = all.size() - (most_annotations - 1);
  all.resize(most_annotations - 1);
  all.push_back({"error", "glue-conformance", fmt::format("{} more; the summary has all", more)});
  return all;
}

void GithubReport::append_summary(const RunEnd& end) const {
  std::error_code error;
  const std::uintmax_t there = std::filesystem::file_size(path_, error);
  const std::size_t used = error ? 0 : static_cast<std::size_t>(std::min<std::uintmax_t>(there, markdown_bytes));
  const std::string text = summary_.text(end, markdown_bytes - used);
  errno = 0;
  std::ofstream out(path_, std::ios::binary | std::ios::app);
  out << (used == 0 || text.empty() ? "" : "\n") << text << std::flush;
  if (!out)
    throw ReportError(fmt::format("cannot write the job's summary {}: {}; see GITHUB_STEP_SUMMARY",
                                  text::visible(path_), std::generic_category().message(errno != 0 ? errno : EIO)));
}

void GithubReport::on_end(const RunEnd& end) {
  for (const Annotation& annotation : annotations(end)) log_ << annotation_line(annotation);
  log_ << std::flush;
  append_summary(end);
}

}  // namespace conformance::reports
