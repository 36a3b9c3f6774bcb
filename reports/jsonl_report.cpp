#include "reports/jsonl_report.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "harness/run/scrub.h"
#include "harness/text/escape.h"
#include "reports/curl.h"
#include "reports/record.h"
#include "reports/whole_file.h"

namespace conformance::reports {
JsonLinesReport::JsonLinesReport(std::string path) : path_(std::move(path)) {}

void JsonLinesReport::write(const std::function<void(std::ostream&)>& line) {
  if (!fault_.empty()) return;
  errno = 0;
  line(out_);
  out_ << '\n' << std::flush;
  if (!out_) fault_ = std::generic_category().message(errno != 0 ? errno : EIO);
}

void JsonLinesReport::on_start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = &table;
  fault_ = open_growing(path_, out_);
  write([&](std::ostream& out) {
    out << R"({"event":"start","format":")" << record_format << R"(","version":)" << record_version << R"(,"run":)";
    write_json(out, info);
    out << R"(,"table":)";
    write_json(out, table);
    out << '}';
  });
}

void JsonLinesReport::on_case(const CaseResult& told) {
  // Once more: a file is kept and passed on, whoever tells us of the case.
  CaseResult result = Scrubber().scrubbed(told);
  result.reproduction = reproduction_of(info_, *table_, result);
  write([&result](std::ostream& out) {
    out << R"({"event":"case","case":)";
    write_json(out, result);
    out << '}';
  });
}

void JsonLinesReport::on_end(const RunEnd& end) {
  write([&end](std::ostream& out) {
    out << R"({"event":"end","end":)";
    write_json(out, end);
    out << '}';
  });
  out_.close();
  if (!fault_.empty())
    throw ReportError(
        fmt::format("cannot write the JSON lines report {}: {}; name a file in a folder that you may "
                    "write to",
                    text::visible(path_), text::visible(fault_)));
}

}  // namespace conformance::reports
