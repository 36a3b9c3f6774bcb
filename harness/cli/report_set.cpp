#include "harness/cli/report_set.h"

#include <unistd.h>

#include "harness/text/escape.h"
#include "reports/columns.h"
#include "reports/counterexamples.h"
#include "reports/whole_file.h"

namespace conformance::cli {

std::string counterexample_folder(const std::string& report_dir) {
  return (std::filesystem::path(report_dir) / "counterexamples").string();
}

reports::ConsoleOptions console_options(const Options& options, const std::function<const char*(const char*)>& env) {
  reports::ConsoleOptions console;
  console.color = reports::want_color(options.color, isatty(STDOUT_FILENO) != 0, env);
  const std::string progress =
      options.progress == "auto" ? (isatty(STDERR_FILENO) != 0 ? "bar" : "counter") : options.progress;
  console.progress = progress == "bar"       ? reports::Progress::bar
                     : progress == "counter" ? reports::Progress::counter
                                             : reports::Progress::none;
  console.columns = reports::terminal_columns(STDOUT_FILENO, env);
  console.progress_columns = reports::terminal_columns(STDERR_FILENO, env);
  for (const ReportRequest& request : options.reports)
    if (request.format == "html" && !request.path.starts_with("/dev/")) console.html = request.path;
  if (console.html.empty() && !options.report_dir.empty())
    console.html = (std::filesystem::path(options.report_dir) / reports::find_format("html")->file).string();
  return console;
}

ReportSet::ReportSet(const Options& options, RunListener* console)
    : report_options_(options.report_options), console_(console) {
  for (const ReportRequest& request : options.reports) add(*reports::find_format(request.format), request.path);
  if (options.report_dir.empty()) return;
  for (const reports::Format& format : reports::formats())
    add(format, (std::filesystem::path(options.report_dir) / format.file).string());
  all_.push_back(std::make_unique<reports::CounterexampleReport>(counterexample_folder(options.report_dir)));
}

void ReportSet::add(const reports::Format& format, const std::string& path) {
  std::error_code error;
  reports::check_writable(path, format.description);
  const std::filesystem::path file = std::filesystem::weakly_canonical(path, error);
  if (!files_.insert(file).second)
    throw reports::ReportError("two reports are to be written to " + text::visible(path) +
                               "; give each a file of its own");
  all_.push_back(format.make(path, report_options_));
}

void ReportSet::on_start(const RunInfo& info, const spec::SpecTable& table) {
  if (console_ != nullptr) console_->on_start(info, table);
  for (const auto& report : all_) report->on_start(info, table);
}

void ReportSet::on_progress(std::size_t done, std::size_t planned) {
  if (console_ != nullptr) console_->on_progress(done, planned);
}

void ReportSet::on_case(const CaseResult& result) {
  if (console_ != nullptr) console_->on_case(result);
  for (const auto& report : all_) report->on_case(result);
}

void ReportSet::on_end(const RunEnd& end) {
  RunEnd told = end;
  for (const auto& report : all_) {
    try {
      report->on_end(end);
    } catch (const reports::ReportError& error) {
      unwritten_.emplace_back(error.what());
    }
  }
  told.unwritten.insert(told.unwritten.end(), unwritten_.begin(), unwritten_.end());
  if (!unwritten_.empty() && told.exit_status == 0) told.exit_status = 3;
  if (console_ != nullptr) console_->on_end(told);
}

}  // namespace conformance::cli
