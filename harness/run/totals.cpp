#include "harness/run/totals.h"

namespace conformance {

int TotalsByCase::badness(const Ruling& ruling) {
  switch (ruling.verdict) {
    case Verdict::fail:
      return ruling.warning ? 1 : 6;
    case Verdict::error:
      return 5;
    case Verdict::inconclusive:
      return 4;
    case Verdict::known:
      return 3;
    case Verdict::skipped:
      return 2;
    case Verdict::pass:
      break;
  }
  return 0;
}

void TotalsByCase::add(const CaseResult& result) {
  const Ruling ruling{result.judgement.verdict, result.warning};
  const auto [found, is_new] = worst_.try_emplace(result.test.id, ruling);
  if (!is_new && badness(ruling) > badness(found->second)) found->second = ruling;
}

Totals TotalsByCase::read() const {
  Totals totals;
  for (const auto& [id, ruling] : worst_) {
    ++totals.planned;
    switch (ruling.verdict) {
      case Verdict::pass:
        ++totals.pass;
        break;
      case Verdict::fail:
        ++(ruling.warning ? totals.pass : totals.fail);
        if (ruling.warning) ++totals.warnings;
        break;
      case Verdict::known:
        ++totals.known;
        break;
      case Verdict::inconclusive:
        ++totals.inconclusive;
        break;
      case Verdict::skipped:
        ++totals.skipped;
        break;
      case Verdict::error:
        ++totals.error;
        break;
    }
  }
  return totals;
}

int exit_status(const Totals& totals, bool interrupted, const std::string& fatal, bool has_stale_entries) {
  if (interrupted) return 130;
  if (!fatal.empty()) return 3;
  if (totals.fail > 0 || has_stale_entries) return 1;
  if (totals.error > 0) return 3;
  if (totals.inconclusive > 0) return 4;
  return totals.pass + totals.known == 0 ? 4 : 0;
}

std::string_view name_of(KnownFailure::State state) {
  switch (state) {
    case KnownFailure::State::waived:
      return "waived";
    case KnownFailure::State::otherwise:
      return "otherwise";
    case KnownFailure::State::passed:
      break;
  }
  return "passed";
}

}  // namespace conformance
