#include "reports/whole_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <random>
#include <system_error>

#include "harness/text/escape.h"

namespace conformance::reports {
namespace {

[[noreturn]] void fail(const std::string& path, std::string_view what, const std::string& reason) {
  throw ReportError(fmt::format("cannot write {} {}: {}; name a file in a folder that you may write to", what,
                                text::visible(path), text::visible(reason)));
}

std::string errno_text() { return std::generic_category().message(errno != 0 ? errno : EIO); }

// Beside the report, so that the rename stays within one file system; a name of its own, so that two runs that write
// the same report do not write into each other's file.
std::string temporary_name(const std::string& path) {
  std::random_device device;
  return fmt::format("{}.{:08x}.tmp", path, device());
}

// A device or a pipe takes the report as it comes: a rename would put a file in its place.
bool is_renamed_to(const std::string& path) {
  if (path.starts_with("/dev/") || path.starts_with("/proc/")) return false;
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
}

// A symbolic link stays one: what it points to is replaced, or made.
std::string target_of(const std::string& path) {
  constexpr int longest_chain = 40;  // as Linux has it
  std::filesystem::path target = path;
  std::error_code error;
  for (int link = 0; link < longest_chain && std::filesystem::is_symlink(target, error); ++link)
    target = target.parent_path() / std::filesystem::read_symlink(target, error);
  return target.string();
}

}  // namespace

void check_writable(const std::string& path, std::string_view what) {
  if (path.empty()) fail(path, what, "the name is empty");
  const std::filesystem::path target(path);
  std::error_code error;
  if (target.has_parent_path()) {
    std::filesystem::create_directories(target.parent_path(), error);
    if (error) fail(path, what, error.message());
  }
  if (std::filesystem::is_directory(target, error)) fail(path, what, "it is a folder");
  if (!is_renamed_to(path) && std::filesystem::exists(target, error)) {
    errno = 0;
    if (::access(path.c_str(), W_OK) != 0) fail(path, what, errno_text());
    return;
  }
  const std::string temporary = temporary_name(target_of(path));
  errno = 0;
  if (!std::ofstream(temporary, std::ios::binary)) fail(path, what, errno_text());
  std::filesystem::remove(temporary, error);
}

void write_whole(const std::string& path, std::string_view what, const std::function<void(std::ostream&)>& write) {
  check_writable(path, what);
  const bool renamed = is_renamed_to(path);
  const std::string target = renamed ? target_of(path) : path;
  const std::string written = renamed ? temporary_name(target) : path;
  errno = 0;
  // What is not renamed may be where other output goes too (/dev/stdout): nothing of that is cut off.
  std::ofstream out(written, renamed ? std::ios::binary : std::ios::binary | std::ios::app);
  if (out) write(out);
  out.close();
  std::string reason;
  if (!out) reason = errno_text();
  if (!renamed) {
    if (!reason.empty()) fail(path, what, reason);
    return;
  }
  std::error_code error;
  if (reason.empty()) {
    std::filesystem::rename(written, target, error);
    if (error) reason = error.message();
  }
  if (reason.empty()) return;
  std::filesystem::remove(written, error);
  fail(path, what, reason);
}

}  // namespace conformance::reports
