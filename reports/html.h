// One HTML file that a person wants to look at, and that needs nothing else: no server, no network, no script.
//
// Everything is in the page as text, the failing first; the script only filters, copies and moves. Nothing that an
// endpoint says can act: it is escaped (html_text.h), and the page's policy allows no script and no style but its own,
// by their hashes, and no request to anywhere.
//
//     HtmlReport report("out/report.html");    // a RunListener
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/run/events.h"
#include "reports/html_case.h"
#include "reports/html_sections.h"
#include "reports/tally.h"

namespace conformance::reports {

class HtmlReport : public RunListener {
 public:
  // Of the details of all cases: those of passing cases are the first to be left out, the longest first.
  static constexpr std::size_t most_details_bytes = 7UL * 1024 * 1024;
  // Cases in the list; what passes is left out first.
  static constexpr std::size_t most_cases = 20000;

  explicit HtmlReport(std::string path);
  void on_start(const RunInfo& info, const spec::SpecTable& table) override;
  void on_case(const CaseResult& result) override;
  // Writes the file; throws ReportError if it cannot.
  void on_end(const RunEnd& end) override;

 private:
  [[nodiscard]] html::Row row_of(const CaseResult& result);
  [[nodiscard]] const html::Extent& extent_of(const html::Row& row);
  void leave_out_details();
  void write(std::ostream& out, const html::Run& run) const;

  std::string path_;
  RunInfo info_;
  spec::SpecTable table_;
  Tally tally_;
  std::vector<html::Row> rows_;                               // in the order in which the cases were first seen
  std::unordered_map<std::string, std::size_t> at_;           // case id -> index in rows_
  std::unordered_map<std::string, std::size_t> shown_whole_;  // requirement -> examples
  std::size_t notable_bytes_ = 0, other_bytes_ = 0;           // of details, of cases that did not pass and of the rest
};

}  // namespace conformance::reports
