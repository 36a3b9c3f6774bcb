// A file that appears at once and whole: under its own name only when it is complete.
//
// Why: a run may be killed while it writes, and two runs may write the same report; whoever reads a report must find
// all of one or none.
//
//     check_writable("out/junit.xml", "the JUnit report");  // before the run, so that a typing error costs no run
//     write_whole("out/junit.xml", "the JUnit report", [&](std::ostream& out) { document.save(out); });
#pragma once

#include <fstream>
#include <functional>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>

namespace conformance::reports {

// A report that could not be written; what() names the path, the reason and what to do.
class ReportError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Creates the parent folders and tries to write beside `path`. A device or a pipe must be there and writable. Throws
// ReportError; `what` names the file in it.
void check_writable(const std::string& path, std::string_view what);

// A file that is written as a run goes on. Throws nothing before commit().
class WholeFile {
 public:
  WholeFile(std::string path, std::string_view what);
  // What was not committed goes.
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  // Opened by the first call. A symbolic link stays one; a device or a pipe takes what is written as it comes.
  [[nodiscard]] std::ostream& stream();
  // Puts it in its place. Throws ReportError, and then leaves what was there before.
  void commit();

 private:
  std::string path_, what_;
  std::string target_, written_;
  bool renamed_ = false, open_ = false;
  std::string fault_;  // of opening
  std::ofstream out_;
};

// Opens a file that can be read while it grows. It is one of its own, even if another run writes the same report: then
// the file has all of the one or all of the other. Returns why it cannot be opened; empty if it is.
[[nodiscard]] std::string open_growing(const std::string& path, std::ofstream& out);

// Calls `write` once. A symbolic link stays one; a device or a pipe takes what is written as it comes. Throws
// ReportError, and then leaves what was there before.
void write_whole(const std::string& path, std::string_view what, const std::function<void(std::ostream&)>& write);

}  // namespace conformance::reports
