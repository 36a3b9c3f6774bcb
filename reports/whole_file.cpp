#include "reports/whole_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <random>
#include <system_error>
#include <utility>

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

WholeFile::WholeFile(std::string path, std::string_view what) : path_(std::move(path)), what_(what) {}

WholeFile::~WholeFile() {
  if (!open_ || !renamed_) return;
  out_.close();
  std::error_code ignored;  // a destructor must not throw
  std::filesystem::remove(written_, ignored);
}

std::ostream& WholeFile::stream() {
  if (open_ || !fault_.empty()) return out_;
  renamed_ = is_renamed_to(path_);
  target_ = renamed_ ? target_of(path_) : path_;
  written_ = renamed_ ? temporary_name(target_) : path_;
  errno = 0;
  // What is not renamed may be where other output goes too (/dev/stdout): nothing of that is cut off.
  out_.open(written_, renamed_ ? std::ios::binary : std::ios::binary | std::ios::app);
  open_ = out_.is_open();
  if (!open_) fault_ = errno_text();
  return out_;
}

void WholeFile::commit() {
  errno = 0;
  (void)stream();
  if (!open_) fail(path_, what_, fault_);
  // The reason of an earlier fault is gone by now: it is found once more.
  if (!out_) {
    out_.clear();
    out_ << std::flush;
    out_.setstate(std::ios::failbit);
  }
  out_.close();
  std::string reason;
  if (!out_) reason = errno_text();
  open_ = false;
  std::error_code error;
  if (reason.empty() && renamed_) {
    std::filesystem::rename(written_, target_, error);
    if (error) reason = error.message();
  }
  if (reason.empty()) return;
  if (renamed_) std::filesystem::remove(written_, error);
  fail(path_, what_, reason);
}

std::string open_growing(const std::string& path, std::ofstream& out) {
  const bool renamed = is_renamed_to(path);
  const std::string target = renamed ? target_of(path) : path;
  const std::string opened = renamed ? temporary_name(target) : path;
  errno = 0;
  out.open(opened, renamed ? std::ios::binary : std::ios::binary | std::ios::app);
  if (!out) return errno_text();
  std::error_code error;
  if (renamed) std::filesystem::rename(opened, target, error);
  if (!error) return {};
  std::error_code ignored;
  std::filesystem::remove(opened, ignored);
  return error.message();
}

void write_whole(const std::string& path, std::string_view what, const std::function<void(std::ostream&)>& write) {
  check_writable(path, what);
  WholeFile file(path, what);
  std::ostream& out = file.stream();
  if (out) write(out);
  file.commit();
}

}  // namespace conformance::reports
