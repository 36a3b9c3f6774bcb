// known-failures: the file of known failures, written from the record of a run or brought up to date by it.
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <ostream>
#include <system_error>

#include "harness/cli/commands.h"
#include "harness/cli/known_file_access.h"
#include "harness/cli/options.h"
#include "harness/cli/sandbox.h"
#include "harness/known/known_edit.h"
#include "harness/text/escape.h"
#include "harness/text/unified_diff.h"
#include "harness/wire/usage_error.h"
#include "reports/record_reader.h"
#include "reports/whole_file.h"

namespace conformance::cli {
namespace {

constexpr const char* file_noun = "the known failures";

class Collector : public RunListener {
 public:
  void on_start(const RunInfo& info, const spec::SpecTable& /*table*/) override { info_ = info; }
  void on_case(const CaseResult& result) override { findings_.add(result); }
  void on_end(const RunEnd& end) override {
    fatal_ = end.fatal;
    interrupted_ = end.interrupted;
  }
  [[nodiscard]] bool interrupted() const { return interrupted_; }
  [[nodiscard]] const RunInfo& info() const { return info_; }
  [[nodiscard]] const std::string& fatal() const { return fatal_; }
  [[nodiscard]] const known::Findings& findings() const { return findings_; }

 private:
  RunInfo info_;
  std::string fatal_;
  bool interrupted_ = false;
  known::Findings findings_;
};

void read_record(const std::string& path, Collector& collector, std::ostream& err) {
  reports::RecordReader reader(path);
  reader.tell(collector);
  for (const std::string& note : reader.notes())
    err << fmt::format("{}: {}\n", text::visible(path), text::visible(note));
  if (collector.interrupted())
    err << fmt::format("{} is of a run that was interrupted: what it did not come to may fail all the same\n",
                       text::visible(path));
  const RunInfo& info = collector.info();
  if (info.endpoint_arg.empty() || is_real_service(info.curl_url))
    throw wire::UsageError(fmt::format("{} is of a run against {}, which has no known failures; nothing was written",
                                       text::visible(path),
                                       info.endpoint_arg.empty() ? "the embedded reference endpoint" : "AWS"));
  if (!collector.fatal().empty())
    throw wire::UsageError(fmt::format("{} is of a run that could not test the endpoint: {}; nothing was written",
                                       text::visible(path), text::visible(collector.fatal())));
}

known::Fresh fresh_of(const Options& options) {
  known::Fresh fresh{options.owner, options.issue, options.reason, {}};
  if (fresh.owner.find_first_not_of(" \t\r\n") == std::string::npos)
    throw wire::UsageError("--owner is empty: say who answers for what is accepted");
  if (!known::is_address(fresh.issue))
    throw wire::UsageError(
        fmt::format("--issue '{}' is no address: give the URL of an issue, https://…", text::visible(fresh.issue)));
  const auto until = known::parse_day(options.until);
  if (!until)
    throw wire::UsageError(fmt::format("--until '{}' is no day: write it as 2027-01-31", text::visible(options.until)));
  fresh.until = *until;
  if (std::chrono::sys_days(fresh.until) < std::chrono::sys_days(today()))
    throw wire::UsageError(fmt::format("--until {} is over: entries that have ended are refused", options.until));
  return fresh;
}

std::string head_of(const RunInfo& info) {
  const std::chrono::year_month_day day = std::chrono::floor<std::chrono::days>(info.started);
  return fmt::format(
      "# Failures of {} that are known, of a run of {} (--tier {}). See `glue-conformance known-failures --help`.\n\n",
      text::visible(info.endpoint), known::day_text(day), name_of(info.tier));
}

void write(const std::string& path, const std::string& text) {
  reports::write_whole(path, file_noun, [&text](std::ostream& file) { file << text; });
}

}  // namespace

int known_init_command(const Options& options, std::ostream& out, std::ostream& err) {
  const known::Fresh fresh = fresh_of(options);
  std::error_code error;
  if (!options.output.empty()) {
    if (std::filesystem::exists(options.output, error))
      throw wire::UsageError(text::visible(options.output) +
                             " is there: bring it up to date by `known-failures update`, or name another file");
    reports::check_writable(options.output, file_noun);
  }
  Collector collector;
  read_record(options.subject, collector, err);
  const std::string text = head_of(collector.info()) +
                           known::new_entries(collector.findings(), whole_catalogue(), spec::builtin_table(), fresh);
  if (options.output.empty()) {
    out << text;
    return 0;
  }
  write(options.output, text);
  out << text::unified_diff("", text, "/dev/null", text::visible(options.output));
  return 0;
}

int known_update_command(const Options& options, std::ostream& out, std::ostream& err) {
  std::optional<known::Fresh> fresh;
  if (!options.owner.empty() || !options.issue.empty() || !options.until.empty()) fresh = fresh_of(options);
  const std::string& path = options.known_failures;
  const std::string before = read_known_file(path);
  Collector collector;
  read_record(options.subject, collector, err);
  const known::Updated updated =
      known::update_file(before, path, collector.findings(), whole_catalogue(), spec::builtin_table(), fresh,
                         {.today = today(), .version = options.endpoint_version});
  for (const std::string& note : updated.notes) err << text::visible(note) << "\n";
  const std::string name = text::visible(path);
  out << text::unified_diff(before, updated.text, name, name);
  if (before == updated.text) err << fmt::format("{} is up to date\n", name);
  if (!options.dry_run && before != updated.text) write(path, updated.text);
  return 0;
}

}  // namespace conformance::cli
