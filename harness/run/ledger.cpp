#include "harness/run/ledger.h"

#include <filesystem>
#include <iterator>
#include <system_error>

#include "harness/text/json_string.h"

namespace conformance {
namespace {

void cut_off_part_of_a_line(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string lines(std::istreambuf_iterator<char>(file), {});
  if (!file || lines.empty() || lines.back() == '\n') return;
  std::error_code ignored;  // opening it tells
  std::filesystem::resize_file(path, lines.rfind('\n') + 1, ignored);
}

}  // namespace

Ledger::Ledger(const std::string& path) : path_(path) {
  cut_off_part_of_a_line(path);
  file_.open(path, std::ios::app);
  if (!file_) throw LedgerError("cannot open the ledger " + path + ": choose a folder that can be written to");
}

Ledger::~Ledger() { write_out(); }

void Ledger::note(const char* event, const std::string& id) {
  if (path_.empty()) return;
  pending_.append(R"({"event":")").append(event).append(R"(","id":)").append(text::quote_ascii(id)).append("}\n");
}

// In one piece: the stream's own buffer would cut a line where it is full.
void Ledger::write_out() {
  if (pending_.empty()) return;
  file_.write(pending_.data(), static_cast<std::streamsize>(pending_.size()));
  file_.flush();
  pending_.clear();
}

void Ledger::creating(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    note("create", id);
    open_.insert(id);
    deleted_.erase(id);
  }
  if (path_.empty()) return;
  write_out();
  if (!file_) throw LedgerError("cannot write the ledger " + path_ + ": nothing was created");
}

void Ledger::not_created(const std::string& id) {
  note("refused", id);
  open_.erase(id);
}

void Ledger::gone(const std::string& id) {
  note("gone", id);
  open_.erase(id);
  if (deleted_.size() < most_remembered) deleted_.insert(id);
  write_out();
}

}  // namespace conformance
