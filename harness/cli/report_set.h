// The reports that a command line asks for, as one listener: of a run, or of what is read from its record.
//
//     ReportSet reports(options, &console);   // throws ReportError; nothing was sent
//     return reports.exit_status(run(…, {&reports}));
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/cli/options.h"
#include "harness/run/events.h"
#include "reports/console.h"
#include "reports/formats.h"

namespace conformance::cli {

[[nodiscard]] std::string counterexample_folder(const std::string& report_dir);

// "auto" is a terminal and no wish to the contrary.
[[nodiscard]] reports::ConsoleOptions console_options(const Options& options,
                                                      const std::function<const char*(const char*)>& env);

// Writes the reports before the console speaks, so that what could not be written is part of the summary and of the
// exit status.
class ReportSet : public RunListener {
 public:
  // `console` may be nullptr, and must outlive it.
  ReportSet(const Options& options, RunListener* console);

  // One more, that is in no file.
  void add(std::unique_ptr<RunListener> report) { all_.push_back(std::move(report)); }

  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_progress(std::size_t done, std::size_t planned) override;
  void on_case(const CaseResult& result) override;
  void on_end(const RunEnd& end) override;

  // The run's exit status, or 3 if all is well but a report.
  [[nodiscard]] int exit_status(int of_run) const { return of_run == 0 && !unwritten_.empty() ? 3 : of_run; }
  [[nodiscard]] const std::vector<std::string>& unwritten() const { return unwritten_; }
  // That are written, in their canonical form.
  [[nodiscard]] const std::set<std::filesystem::path>& files() const { return files_; }

 private:
  void add(const reports::Format& format, const std::string& path);

  reports::ReportOptions report_options_;
  RunListener* console_;
  std::vector<std::unique_ptr<RunListener>> all_;
  std::set<std::filesystem::path> files_;
  std::vector<std::string> unwritten_;
};

}  // namespace conformance::cli
