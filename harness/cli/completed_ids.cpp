#include "harness/cli/completed_ids.h"

#include <string_view>

#include "fixtures/reference/deviations.h"
#include "harness/spec/spec_table.h"
#include "suites/suites.h"

namespace conformance::cli {
namespace {

void add_line(std::string& lines, std::string_view id) { (lines += id) += '\n'; }

void add_cases(std::string& lines) {
  for (const Case& c : suites::all_cases(spec::builtin_table(), 0)) add_line(lines, c.id);
}

void add_deviations(std::string& lines) {
  for (const reference::Deviation& d : reference::all_deviations()) add_line(lines, d.name);
}

}  // namespace

std::string completed_ids(Completes what) {
  std::string lines;
  if (what == Completes::cases || what == Completes::subjects) add_cases(lines);
  if (what == Completes::subjects) {
    for (const spec::Requirement& r : spec::builtin_table().requirements) add_line(lines, r.id);
    for (const spec::Characteristic& c : spec::builtin_table().characteristics) add_line(lines, c.id);
  }
  if (what == Completes::deviations || what == Completes::subjects) add_deviations(lines);
  return lines;
}

}  // namespace conformance::cli
