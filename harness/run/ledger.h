// Every identifier is written down before it is created, so that whatever happens, what a run left can be found.
//
// JSON lines: {"event":"create","run":…,"id":…} is on disk before CreateSession is sent, {"event":"gone",…} after the
// session is known to be deleted, {"event":"refused",…} if it was not created. What has the first and none of the
// others may still be there. Before the first of a run comes {"event":"run","run":…,"endpoint":…,"tool":…,"prefix":…}:
// several runs may write one file, after each other or at once. Lines are written whole, several at once, so that
// neither a kill nor another run leaves part of one in the middle.
//
//     Ledger ledger("build/report/ledger.jsonl", {.endpoint = "http://localhost:5000"});
//     ledger.creating({"gc01-…"});   // flushed when it returns
//     for (const OpenSession& left : read_ledger("build/report/ledger.jsonl")) …  // after a kill -9
#pragma once

#include <cstddef>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace conformance {

class LedgerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Whose lines follow.
struct LedgerRun {
  std::string endpoint = {};  // as a user writes it; empty: it lives and dies with the run, and its sessions with it
  std::string tool = {};
  std::string prefix = {};
};

// Created, and not known to be gone.
struct OpenSession {
  std::string endpoint;  // empty: the ledger does not say (that of an earlier version)
  std::string id;
  friend bool operator==(const OpenSession&, const OpenSession&) = default;
  friend bool operator<(const OpenSession& a, const OpenSession& b) {
    return std::tie(a.endpoint, a.id) < std::tie(b.endpoint, b.id);
  }
};

// Throws LedgerError, with the number of the line, for a file that cannot be read or is no ledger. Part of a last line
// is passed over: the run that wrote it ended before it created what the line names. Ordered, each once.
[[nodiscard]] std::vector<OpenSession> read_ledger(const std::string& path);

// True if the run that writes it has not ended: then what is open is in use.
[[nodiscard]] bool is_being_written(const std::string& path);

class Ledger {
 public:
  // In memory only.
  Ledger() = default;
  // Appends to `path`, whose folder must exist. A last line that is not whole is cut off. Throws LedgerError if it
  // cannot be opened.
  explicit Ledger(const std::string& path, LedgerRun run = {});

  // Throws LedgerError if the lines cannot be written: then nothing may be created.
  void creating(const std::vector<std::string>& ids);
  // The create was refused: nothing to clean up.
  void not_created(const std::string& id);
  void gone(const std::string& id);
  // Of what another run left: it is written down already.
  void adopt(const std::vector<std::string>& ids) { open_.insert(ids.begin(), ids.end()); }

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
  LedgerRun run_;
  std::string token_;  // of the run
  bool introduced_ = false;
  std::ofstream file_;
  int lock_ = -1;        // held as long as it lives, and by no child
  std::string pending_;  // lines that are not written yet
  std::set<std::string> open_, deleted_;
};

}  // namespace conformance
