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
using nlohmann::ordered_json;

JsonLinesReport::JsonLinesReport(std::string path) : path_(std::move(path)) {}

void JsonLinesReport::write(const nlohmann::ordered_json& line) {
  if (!fault_.empty()) return;
  errno = 0;
  out_ << line << '\n' << std::flush;
  if (!out_) fault_ = std::generic_category().message(errno != 0 ? errno : EIO);
}

void JsonLinesReport::on_start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = &table;
  fault_ = open_growing(path_, out_);
  write(ordered_json{{"event", "start"},
                     {"format", record_format},
                     {"version", record_version},
                     {"run", to_json(info)},
                     {"table", to_json(table)}});
}

void JsonLinesReport::on_case(const CaseResult& told) {
  // Once more: a file is kept and passed on, whoever tells us of the case.
  CaseResult result = Scrubber().scrubbed(told);
  result.reproduction = reproduction_of(info_, *table_, result);
  write(ordered_json{{"event", "case"}, {"case", to_json(result)}});
}

void JsonLinesReport::on_end(const RunEnd& end) {
  write(ordered_json{{"event", "end"}, {"end", to_json(end)}});
  out_.close();
  if (!fault_.empty())
    throw ReportError(
        fmt::format("cannot write the JSON lines report {}: {}; name a file in a folder that you may "
                    "write to",
                    text::visible(path_), text::visible(fault_)));
}

}  // namespace conformance::reports
