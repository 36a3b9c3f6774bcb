// The formats in which a run can be written to a file: one entry each, so that the command line, --report-dir and the
// documentation know no format by name.
//
//     for (const Format& format : formats()) out << format.name << ": " << format.description << "\n";
//     std::unique_ptr<RunListener> report = find_format("junit")->make("out/junit.xml");
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "harness/run/events.h"
#include "reports/report_options.h"

namespace conformance::reports {

struct Format {
  std::string_view name;         // as in --report NAME:PATH
  std::string_view description;  // in messages: "the JUnit report"
  std::string_view file;         // in --report-dir
  std::unique_ptr<RunListener> (*make_with)(const std::string& path, const ReportOptions& options);

  // Writes when the run ends, or as it goes; throws ReportError if it cannot.
  [[nodiscard]] std::unique_ptr<RunListener> make(const std::string& path, const ReportOptions& options = {}) const {
    return make_with(path, options);
  }
};

[[nodiscard]] std::span<const Format> formats();
// nullptr if there is none.
[[nodiscard]] const Format* find_format(std::string_view name);
// "junit|json|…"
[[nodiscard]] std::string format_names();

}  // namespace conformance::reports
