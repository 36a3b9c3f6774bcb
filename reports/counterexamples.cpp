#include "reports/counterexamples.h"

#include <filesystem>
#include <fstream>

#include "harness/run/counterexample.h"
#include "reports/junit.h"

namespace conformance::reports {

void CounterexampleReport::on_start(const RunInfo& info, const spec::SpecTable& /*table*/) {
  tool_version_ = info.tool_version;
  seed_ = info.seed;
}

void CounterexampleReport::on_case(const CaseResult& result) {
  if (!result.test.property || result.judgement.verdict != Verdict::fail) return;
  const Judgement& judgement = result.judgement;
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  const std::string path = folder_ + "/" + result.test.id + ".json";
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << to_json({result.test, seed_, tool_version_, judgement.requirement, judgement.expected, judgement.actual});
  file.close();
  if (!file) fault_ = "the counterexample could not be written to " + path;
}

void CounterexampleReport::on_end(const RunEnd& /*end*/) {
  if (!fault_.empty()) throw ReportError(fault_);
}

}  // namespace conformance::reports
