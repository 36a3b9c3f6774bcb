// characterize: what an endpoint does where the specification is silent, as a profile. profile diff: two of them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>
#include <sstream>

#include "harness/cli/commands.h"
#include "harness/cli/dry_run.h"
#include "harness/cli/options.h"
#include "harness/cli/performing.h"
#include "harness/cli/report_set.h"
#include "harness/cli/sandbox.h"
#include "harness/cli/setup.h"
#include "harness/cli/signing.h"
#include "harness/profile/measured_profile.h"
#include "harness/profile/profile.h"
#include "harness/text/escape.h"
#include "reports/console.h"
#include "reports/whole_file.h"
#include "suites/suites.h"

namespace conformance::cli {
namespace {

// Stories show how deletions are answered.
bool measures(const Case& test) { return !test.characteristic.empty() || test.story != nullptr; }

// The day on which the run began, in UTC.
std::string day_of(std::chrono::system_clock::time_point started) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(started)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

// Whether the run came to an end of its own, and when it began.
class Course : public RunListener {
 public:
  void on_start(const RunInfo& info, const spec::SpecTable& /*table*/) override { started_ = info.started; }
  void on_end(const RunEnd& end) override { end_ = end; }
  [[nodiscard]] const RunEnd& end() const { return end_; }
  [[nodiscard]] std::chrono::system_clock::time_point started() const { return started_; }

 private:
  RunEnd end_;
  std::chrono::system_clock::time_point started_;
};

void say_what_is_missing(const profile::MeasuredProfile& measured, std::ostream& err) {
  const std::size_t pinned = measured.pins().size();
  const std::vector<std::string> missing = measured.not_measured();
  err << fmt::format("measured {} of {} characteristics{}\n", pinned, pinned + missing.size(),
                     missing.empty()
                         ? ""
                         : fmt::format("; not measured, with the reason in the profile: {}", fmt::join(missing, ", ")));
}

}  // namespace

int characterize_command(const Options& options, const Environment& env, std::ostream& out, std::ostream& err) {
  if (!options.output.empty()) reports::check_writable(options.output, "the profile");
  Options seeded = options;
  if (!seeded.seed) seeded.seed = random_seed();
  const spec::SpecTable& table = spec::builtin_table();
  std::vector<Case> all = suites::all_cases(table, *seeded.seed, options.tier);
  std::erase_if(all, [](const Case& test) { return !measures(test); });
  const Plan plan{.cases = plan_of(all, seeded, *seeded.seed), .direct = {}, .available = all.size()};
  if (options.dry_run) {
    if (const std::string fault = sandbox_fault(options); !fault.empty()) throw wire::UsageError(fault);
    print_plan(plan.cases, seeded, find_destination(options, env).url, out);
    return 0;
  }
  std::ostringstream unread;  // the summary speaks of verdicts
  reports::ConsoleReport progress(unread, err, console_options(options, env));
  profile::MeasuredProfile measured(table, options.filters);
  Course course;
  const int status = perform(seeded, env, plan, {&progress, &measured, &course}, err, {.table = table});
  for (const std::string& id : course.end().leftovers)
    err << fmt::format("left behind: \"{}\", which could not be deleted\n", text::visible(id));
  if (status == 130) return status;
  if (!course.end().fatal.empty()) {
    err << fmt::format("glue-conformance: the endpoint could not be tested: {}\n", text::visible(course.end().fatal));
    return status;
  }
  say_what_is_missing(measured, err);
  if (measured.pins().empty()) return 4;
  const std::string text = measured.to_toml(day_of(course.started()));
  if (options.output.empty()) {
    out << text;
  } else {
    reports::write_whole(options.output, "the profile", [&text](std::ostream& file) { file << text; });
  }
  return course.end().leftovers.empty() ? 0 : 3;
}

int profile_diff_command(const Options& options, std::ostream& out) {
  const spec::SpecTable& table = spec::builtin_table();
  const profile::Profile first = profile::read_profile(options.subjects.at(0), table);
  const profile::Profile second = profile::read_profile(options.subjects.at(1), table);
  const auto shown = [](const std::string& value) { return value.empty() ? "left open" : text::visible(value); };
  const std::vector<profile::Difference> all = profile::differences(first, second, table);
  for (const profile::Difference& d : all)
    out << fmt::format("{}\n  - {}\n  + {}\n", d.characteristic, shown(d.first), shown(d.second));
  out << (all.empty()
              ? fmt::format("{} and {} pin the same.\n", text::visible(first.name), text::visible(second.name))
              : fmt::format("{} of {} characteristics differ: - {}, + {}\n", all.size(), table.characteristics.size(),
                            text::visible(first.name), text::visible(second.name)));
  return all.empty() ? 0 : 1;
}

}  // namespace conformance::cli
