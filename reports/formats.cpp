#include "reports/formats.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "reports/ctrf.h"
#include "reports/html.h"
#include "reports/json_report.h"
#include "reports/jsonl_report.h"
#include "reports/junit.h"
#include "reports/markdown.h"

namespace conformance::reports {
namespace {

template <typename Report>
std::unique_ptr<RunListener> make(const std::string& path, const ReportOptions& options) {
  if constexpr (std::is_constructible_v<Report, std::string, ReportOptions>) {
    return std::make_unique<Report>(path, options);
  } else {
    return std::make_unique<Report>(path);
  }
}

constexpr std::array all_formats{
    Format{"junit", "the JUnit report", "junit.xml", &make<JunitReport>},
    Format{"html", "the HTML report", "report.html", &make<HtmlReport>},
    Format{"json", "the JSON report", "report.json", &make<JsonReport>},
    Format{"ctrf", "the CTRF report", "ctrf-report.json", &make<CtrfReport>},
    Format{"markdown", "the Markdown summary", "summary.md", &make<MarkdownReport>},
    Format{"jsonl", "the JSON lines report", "report.jsonl", &make<JsonLinesReport>},
};

}  // namespace

std::span<const Format> formats() { return all_formats; }

const Format* find_format(std::string_view name) {
  const auto found = std::find_if(all_formats.begin(), all_formats.end(),
                                  [name](const Format& format) { return format.name == name; });
  return found == all_formats.end() ? nullptr : &*found;
}

std::string format_names() {
  std::string all;
  for (const Format& format : all_formats) all.append(all.empty() ? "" : "|").append(format.name);
  return all;
}

}  // namespace conformance::reports
