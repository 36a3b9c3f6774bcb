// Every identifier is written down before it is created, so that whatever happens, what a run left can be found.
//
// JSON lines: {"event":"create","id":…} is on disk before CreateSession is sent, {"event":"gone","id":…} after the
// session is known to be deleted. What has the first and not the second may still be there. Lines are written whole,
// several at once, so that neither a kill nor another shard that writes the same file leaves part of one in its middle.
//
//     Ledger ledger("build/report/ledger.jsonl");
//     ledger.creating({"gc01-…"});   // flushed when it returns
#pragma once

#include <cstddef>
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
  // Appends to `path`, whose folder must exist. A last line that is not whole is cut off: the run that wrote it ended
  // before it created what the line names. Throws LedgerError if it cannot be opened.
  explicit Ledger(const std::string& path);

  // Throws LedgerError if the lines cannot be written: then nothing may be created.
  void creating(const std::vector<std::string>& ids);
  // The create was refused: nothing to clean up.
  void not_created(const std::string& id);
  void gone(const std::string& id);

  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  [[nodiscard]] bool owns(const std::string& id) const { return open_.contains(id); }
  // What is gone and was not created again: the first most_remembered of them.
  [[nodiscard]] const std::set<std::string>& deleted() const { return deleted_; }
  static constexpr std::size_t most_remembered = 10'000;  // memory must not grow with the run
  // Created, and not known to be gone.
  [[nodiscard]] std::vector<std::string> open() const { return {open_.begin(), open_.end()}; }

 private:
  void note(const char* event, const std::string& id);
  void write_out();

  std::string path_;
  std::ofstream file_;
  std::string pending_;  // lines that are not written yet
  std::set<std::string> open_, deleted_;
};

}  // namespace conformance
