// compare: the records of several runs side by side.
#include <fmt/format.h>

#include <ostream>

#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/text/escape.h"
#include "harness/wire/usage_error.h"
#include "reports/comparison.h"
#include "reports/comparison_html.h"
#include "reports/record_reader.h"
#include "reports/whole_file.h"

namespace conformance::cli {

int compare_command(const Options& options, std::ostream& out, std::ostream& err) {
  if (options.subjects.size() < 2)
    throw wire::UsageError("compare needs two records at least: report.json of two runs");
  if (!options.output.empty()) reports::check_writable(options.output, "the comparison");
  reports::Comparison comparison;
  for (const std::string& path : options.subjects) {
    reports::RecordReader reader(path);
    reader.tell(comparison.add(path));
    for (const std::string& note : reader.notes())
      err << fmt::format("{}: {}\n", text::visible(path), text::visible(note));
  }
  const reports::Compared compared = comparison.read();
  const std::string text = options.format == "json"       ? to_json(compared)
                           : options.format == "markdown" ? to_markdown(compared)
                           : options.format == "html"     ? to_html(compared)
                                                          : to_text(compared);
  if (options.output.empty()) {
    out << text;
  } else {
    reports::write_whole(options.output, "the comparison", [&text](std::ostream& file) { file << text; });
  }
  return compared.differs() ? 1 : 0;
}

}  // namespace conformance::cli
