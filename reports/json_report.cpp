#include "reports/json_report.h"

#include <ostream>
#include <utility>

#include "harness/run/scrub.h"
#include "reports/curl.h"
#include "reports/record.h"

namespace conformance::reports {

JsonReport::JsonReport(std::string path) : file_(std::move(path), "the JSON report") {}

void JsonReport::on_start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = &table;
  std::ostream& out = file_.stream();
  out << "{\n\"format\": \"" << record_format << "\",\n\"version\": " << record_version << ",\n\"run\": ";
  write_json(out, info);
  out << ",\n\"table\": ";
  write_json(out, table);
  out << ",\n\"cases\": [";
}

void JsonReport::on_case(const CaseResult& told) {
  // Once more: a file is kept and passed on, whoever tells us of the case.
  CaseResult result = Scrubber().scrubbed(told);
  result.reproduction = reproduction_of(info_, *table_, result);
  file_.stream() << (any_case_ ? ",\n" : "\n");
  write_json(file_.stream(), result);
  any_case_ = true;
}

void JsonReport::on_end(const RunEnd& end) {
  file_.stream() << "\n],\n\"end\": ";
  write_json(file_.stream(), end);
  file_.stream() << "\n}\n";
  file_.commit();
}

}  // namespace conformance::reports
