#include "harness/run/ledger.h"

#include "harness/text/json_string.h"

namespace conformance {

Ledger::Ledger(const std::string& path) : path_(path), file_(path, std::ios::app) {
  if (!file_) throw LedgerError("cannot open the ledger " + path + ": choose a folder that can be written to");
}

void Ledger::write(const char* event, const std::string& id) {
  if (path_.empty()) return;
  file_ << R"({"event":")" << event << R"(","id":)" << text::quote_ascii(id) << "}\n";
}

void Ledger::creating(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    write("create", id);
    open_.insert(id);
  }
  if (path_.empty()) return;
  file_.flush();
  if (!file_) throw LedgerError("cannot write the ledger " + path_ + ": nothing was created");
}

void Ledger::not_created(const std::string& id) {
  write("refused", id);
  open_.erase(id);
}

void Ledger::gone(const std::string& id) {
  write("gone", id);
  open_.erase(id);
  if (!path_.empty()) file_.flush();
}

}  // namespace conformance
