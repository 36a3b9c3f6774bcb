// Every identifier is written down before it is created, so that whatever happens, what a run left can be found.
//
// JSON lines: {"event":"create","id":…} is on disk before CreateSession is sent, {"event":"gone","id":…} after the
// session is known to be deleted. What has the first and not the second may still be there.
//
//     Ledger ledger("build/report/ledger.jsonl");
//     ledger.creating({"gc01-…"});   // flushed when it returns
#pragma once

#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace conformance {

class LedgerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Ledger {
 public:
  // In memory only.
  Ledger() = default;
  // Appends to `path`, whose folder must exist. Throws LedgerError if it cannot be opened.
  explicit Ledger(const std::string& path);

  // Throws LedgerError if the lines cannot be written: then nothing may be created.
  void creating(const std::vector<std::string>& ids);
  // The create was refused: nothing to clean up.
  void not_created(const std::string& id);
  void gone(const std::string& id);

  [[nodiscard]] bool owns(const std::string& id) const { return open_.contains(id); }
  // Created, and not known to be gone.
  [[nodiscard]] std::vector<std::string> open() const { return {open_.begin(), open_.end()}; }

 private:
  void write(const char* event, const std::string& id);

  std::string path_;
  std::ofstream file_;
  std::set<std::string> open_;
};

}  // namespace conformance
