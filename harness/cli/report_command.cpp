// report: what a run could have written, made again from its record.
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <ostream>

#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/report_set.h"
#include "harness/text/escape.h"
#include "harness/wire/usage_error.h"
#include "reports/console.h"
#include "reports/record_reader.h"

namespace conformance::cli {

int report_command(const Options& options, const std::function<const char*(const char*)>& env, std::ostream& out,
                   std::ostream& err) {
  if (options.reports.empty() && options.report_dir.empty() && !options.console)
    throw wire::UsageError("nothing is asked for: give --report FORMAT:PATH, --report-dir DIR or --console");
  reports::ConsoleOptions quiet = console_options(options, env);
  quiet.progress = reports::Progress::none;
  std::optional<reports::ConsoleReport> console;
  if (options.console) console.emplace(out, err, quiet);
  ReportSet reports(options, console ? &*console : nullptr);
  std::error_code error;
  if (reports.files().contains(std::filesystem::weakly_canonical(options.subject, error)))
    throw wire::UsageError(text::visible(options.subject) +
                           " is read: a report cannot be written to it; name another file");
  reports::RecordReader reader(options.subject);
  reader.tell(reports, reports::RecordReader::Missing::told);
  for (const std::string& note : reader.notes())
    err << fmt::format("{}: {}\n", text::visible(options.subject), text::visible(note));
  if (!console) {
    for (const std::string& what : reports.unwritten()) err << fmt::format("glue-conformance: {}\n", what);
  }
  return reports.exit_status(0);
}

}  // namespace conformance::cli
