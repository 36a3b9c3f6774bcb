// Where a run keeps its ledger that was not told where: a run that is killed must not take the names of what it created
// with it, also where nobody asked for reports.
//
//     LedgerPlace place = ledger_place(options, getenv, seed);
//     … run with place.path …
//     place.forget();   // nothing was left: the file is of no use any more
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "harness/cli/options.h"

namespace conformance::cli {

struct LedgerPlace {
  std::string path;      // empty: in memory
  bool is_ours = false;  // nobody asked for it: it goes when nothing is left

  // Removes it, if it is ours.
  void forget() const;
};

// --ledger; else ledger.jsonl in --report-dir; else, of the embedded endpoint and where no session is created, none;
// else a file of this run's own in $XDG_STATE_HOME/glue-conformance, ~/.local/state/glue-conformance, or a folder of
// the user's own in $TMPDIR or /tmp: the first that can be written to. Folders are made. Throws LedgerError, which says
// what to do, if there is none.
[[nodiscard]] LedgerPlace ledger_place(const Options& options, const std::function<const char*(const char*)>& env,
                                       std::uint64_t seed);

}  // namespace conformance::cli
