#include "reports/counterexamples.h"

#include <ostream>

#include "harness/run/counterexample.h"
#include "reports/whole_file.h"

namespace conformance::reports {

void CounterexampleReport::on_start(const RunInfo& info, const spec::SpecTable& /*table*/) {
  tool_version_ = info.tool_version;
  seed_ = info.seed;
}

void CounterexampleReport::on_case(const CaseResult& result) {
  if (!result.test.property || result.judgement.verdict != Verdict::fail) return;
  const Judgement& judgement = result.judgement;
  const std::string saved = conformance::to_json(
      {result.test, seed_, tool_version_, judgement.requirement, judgement.expected, judgement.actual});
  try {
    write_whole(folder_ + "/" + result.test.id + ".json", "the counterexample",
                [&saved](std::ostream& out) { out << saved; });
  } catch (const ReportError& error) {
    fault_ = error.what();
  }
}

void CounterexampleReport::on_end(const RunEnd& /*end*/) {
  if (!fault_.empty()) throw ReportError(fault_);
}

}  // namespace conformance::reports
