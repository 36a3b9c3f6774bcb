#include "harness/run/ledger.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/text/escape.h"
#include "harness/text/json_string.h"

namespace conformance {
namespace {

using nlohmann::json;

// In place of an endpoint that ended with its run.
constexpr std::string_view embedded = "embedded";

// Nothing where it cannot be read, as a folder cannot.
std::optional<std::string> contents_of(const std::string& path) {
  std::error_code ignored;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, ignored)) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void cut_off_part_of_a_line(const std::string& path) {
  const auto lines = contents_of(path);
  if (!lines || lines->empty() || lines->back() == '\n') return;
  std::error_code ignored;  // opening it tells
  std::filesystem::resize_file(path, lines->rfind('\n') + 1, ignored);
}

std::string random_token() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

// A string member of a line; empty if there is none.
std::string text_of(const json& line, const char* name) {
  const auto found = line.find(name);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// What the lines say, one after the other.
class Reader {
 public:
  // False if it is no line of a ledger.
  bool take(const json& line) {
    if (!line.is_object()) return false;
    const std::string event = text_of(line, "event"), run = text_of(line, "run");
    if (event == "run") {
      endpoints_[run] = text_of(line, "endpoint");
      return !run.empty() && !endpoints_[run].empty();
    }
    const bool whose = run.empty() || endpoints_.contains(run);
    if (!whose || !line.contains("id") || !line["id"].is_string()) return false;
    const std::string id = text_of(line, "id");
    if (event == "create") return open_[run].insert(id), true;
    if (event == "refused") return open_[run].erase(id), true;
    if (event != "gone") return false;
    // Whoever found it gone found it gone for all.
    for (auto& [other, ids] : open_)
      if (endpoint_of(other) == endpoint_of(run)) ids.erase(id);
    return true;
  }

  [[nodiscard]] std::vector<OpenSession> open() const {
    std::set<OpenSession> all;
    for (const auto& [run, ids] : open_) {
      if (endpoint_of(run) == embedded) continue;
      for (const std::string& id : ids) all.insert({endpoint_of(run), id});
    }
    return {all.begin(), all.end()};
  }

 private:
  [[nodiscard]] std::string endpoint_of(const std::string& run) const {
    const auto found = endpoints_.find(run);
    return found == endpoints_.end() ? std::string() : found->second;
  }

  std::map<std::string, std::string> endpoints_;       // by run
  std::map<std::string, std::set<std::string>> open_;  // by run: one that is refused what another left closes nothing
};

}  // namespace

std::vector<OpenSession> read_ledger(const std::string& path) {
  const auto contents = contents_of(path);
  const std::string shown = text::visible(path);
  if (!contents) throw LedgerError(fmt::format("the ledger {} cannot be read; nothing was sent", shown));
  const std::string& text = *contents;
  Reader reader;
  std::size_t number = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    ++number;
    const json line = json::parse(text.begin() + static_cast<std::ptrdiff_t>(from),
                                  text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    const bool torn = end == text.size() && line.is_discarded();
    if (!torn && !reader.take(line))
      throw LedgerError(fmt::format("{}: line {} is none of a ledger: {}; nothing was sent", shown, number,
                                    text::elide(text::visible(text.substr(from, end - from)), 80)));
    from = end + 1;
  }
  return reader.open();
}

bool is_being_written(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool free = ::flock(file, LOCK_EX | LOCK_NB) == 0;
  ::close(file);
  return !free;
}

Ledger::Ledger(const std::string& path, LedgerRun run) : path_(path), run_(std::move(run)), token_(random_token()) {
  cut_off_part_of_a_line(path);
  file_.open(path, std::ios::app);
  if (!file_)
    throw LedgerError("cannot open the ledger " + text::visible(path) + ": choose a place that can be written to");
  lock_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (lock_ >= 0) (void)::flock(lock_, LOCK_SH | LOCK_NB);  // where there are no locks, sweeping is the user's own care
}

Ledger::~Ledger() {
  write_out();
  if (lock_ >= 0) ::close(lock_);
}

void Ledger::note(const char* event, const std::string& id) {
  if (path_.empty()) return;
  if (!introduced_) {
    const std::string endpoint = run_.endpoint.empty() ? std::string(embedded) : run_.endpoint;
    pending_ += fmt::format(R"({{"event":"run","run":"{}","endpoint":{},"tool":{},"prefix":{}}})", token_,
                            text::quote_ascii(endpoint), text::quote_ascii(run_.tool), text::quote_ascii(run_.prefix));
    pending_ += '\n';
    introduced_ = true;
  }
  pending_ += fmt::format(R"({{"event":"{}","run":"{}","id":{}}})", event, token_, text::quote_ascii(id));
  pending_ += '\n';
}

// In one piece: the stream's own buffer would cut a line where it is full.
void Ledger::write_out() {
  if (pending_.empty()) return;
  file_.write(pending_.data(), static_cast<std::streamsize>(pending_.size()));
  file_.flush();
  pending_.clear();
}

void Ledger::creating(const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  for (const std::string& id : ids) {
    note("create", id);
    open_.insert(id);
    deleted_.erase(id);
  }
  if (path_.empty()) return;
  write_out();
  if (!file_) throw LedgerError("cannot write the ledger " + text::visible(path_) + ": nothing was created");
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
