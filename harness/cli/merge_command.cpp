// merge: one report out of the records of shards.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/report_set.h"
#include "harness/text/escape.h"
#include "harness/wire/usage_error.h"
#include "reports/console.h"
#include "reports/github.h"
#include "reports/record_reader.h"
#include "reports/shards.h"

namespace conformance::cli {

int merge_command(const Options& options, const std::function<const char*(const char*)>& env, std::ostream& out,
                  std::ostream& err) {
  constexpr std::size_t most_faults = 20;
  reports::ConsoleOptions quiet = console_options(options, env);
  quiet.progress = reports::Progress::none;
  reports::ConsoleReport console(out, err, quiet);
  ReportSet reports(options, &console);
  if (reports::is_github(env)) reports.add(std::make_unique<reports::GithubReport>(env("GITHUB_STEP_SUMMARY"), err));
  reports::Shards shards;
  for (const std::string& path : options.subjects) {
    std::error_code error;
    if (reports.files().contains(std::filesystem::weakly_canonical(path, error)))
      throw wire::UsageError(text::visible(path) + " is read: a report cannot be written to it; name another file");
    reports::RecordReader reader(path);
    reader.tell(shards.add(path));
    for (const std::string& note : reader.notes())
      err << fmt::format("{}: {}\n", text::visible(path), text::visible(note));
  }
  const std::vector<std::string> faults = shards.faults();
  for (std::size_t i = 0; i < std::min(faults.size(), most_faults); ++i)
    err << fmt::format("glue-conformance: {}\n", faults[i]);
  if (faults.size() > most_faults) err << fmt::format("glue-conformance: and {} more\n", faults.size() - most_faults);
  if (!faults.empty()) {
    err << "glue-conformance: these are not the shards of one plan; no report was written\n";
    return 1;
  }
  return reports.exit_status(shards.tell(reports));
}

}  // namespace conformance::cli
