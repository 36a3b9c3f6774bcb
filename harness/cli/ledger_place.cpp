#include "harness/cli/ledger_place.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <vector>

#include "harness/run/ledger.h"

namespace conformance::cli {
namespace {

namespace fs = std::filesystem;

// The XDG Base Directory specification: state is what outlives a run and is nobody's document. A relative path there is
// to be passed over. Then what a user without a home has; of the last anybody may have one of that name.
std::vector<fs::path> state_folders(const std::function<const char*(const char*)>& env) {
  const auto absolute = [&env](const char* name) {
    const char* value = env(name);
    const fs::path path = value == nullptr ? "" : value;
    return path.is_absolute() ? path : fs::path();
  };
  std::vector<fs::path> all;
  if (const fs::path state = absolute("XDG_STATE_HOME"); !state.empty()) all.push_back(state / "glue-conformance");
  if (const fs::path home = absolute("HOME"); !home.empty()) all.push_back(home / ".local/state/glue-conformance");
  const fs::path temporary = absolute("TMPDIR");
  all.push_back((temporary.empty() ? "/tmp" : temporary) / fmt::format("glue-conformance-{}", ::geteuid()));
  return all;
}

// Made if need be, the user's own, and writable.
bool is_usable(const fs::path& folder) {
  std::error_code error;
  if (!folder.parent_path().empty()) fs::create_directories(folder.parent_path(), error);
  (void)::mkdir(folder.c_str(), S_IRWXU);
  struct stat found {};
  return ::lstat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == ::geteuid() &&
         ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

void LedgerPlace::forget() const {
  std::error_code ignored;
  if (is_ours) fs::remove(path, ignored);
}

LedgerPlace ledger_place(const Options& options, const std::function<const char*(const char*)>& env,
                         std::uint64_t seed) {
  if (!options.ledger.empty()) {
    const fs::path folder = fs::path(options.ledger).parent_path();
    std::error_code ignored;  // opening the file tells
    if (!folder.empty()) fs::create_directories(folder, ignored);
    return {options.ledger, false};
  }
  if (!options.report_dir.empty()) return {(fs::path(options.report_dir) / "ledger.jsonl").string(), false};
  const bool creates = options.sessions != SessionMode::none && !options.session_source.starts_with("file:");
  if (options.endpoint.empty() || !creates) return {};
  for (const fs::path& folder : state_folders(env)) {
    if (is_usable(folder)) return {(folder / fmt::format("ledger-{}-{}.jsonl", seed, ::getpid())).string(), true};
  }
  throw LedgerError(
      "there is no folder that the ledger of created sessions could be kept in: name a file by --ledger; nothing was "
      "sent");
}

}  // namespace conformance::cli
