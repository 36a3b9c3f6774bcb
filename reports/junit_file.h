// JUnit's test cases as files: the XML, the counts, and one file or several.
//
// Consumers have bounds on the test cases of a file (facts on reports: 500, 5,000), so that a report can be split:
// junit.xml, junit-2.xml, junit-3.xml, each whole by itself. A file says which part of how many it is. By that the
// parts of an earlier, larger run are known and removed, which a glob would read with the new ones; no other file is.
//
//     junit::write("out/junit.xml", rows, {.info = info, .elapsed = end.elapsed, .split = 500});
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/events.h"

namespace conformance::reports::junit {

struct Row {  // a test case; all strings fit for XML
  std::string area, name;
  std::string element;  // "failure", "error", "skipped", or empty: passed
  std::string type, message, body, system_out;
  int badness = 0;
  std::chrono::microseconds elapsed{0};
};

struct FileOptions {
  const RunInfo& info;
  std::chrono::microseconds elapsed{0};
  std::size_t split = 0;  // test cases a file at most; 0: no bound
};

// Rows of an area are one suite, in the order of its first row. Throws ReportError.
void write(const std::string& path, const std::vector<Row>& rows, const FileOptions& options);

// Of part 1 the path itself, then "junit-2.xml", "junit-3.xml".
[[nodiscard]] std::string path_of_part(const std::string& path, std::size_t part);

// Throws ReportError where parts could not stand beside it: for a device, a pipe.
void check_can_be_split(const std::string& path);

// How much of a row a file has room for: consumers refuse files over 10 MB. A row is asked for once, when it is kept.
class Room {
 public:
  [[nodiscard]] Row shortened(Row row);

 private:
  std::size_t bodies_bytes_ = 0, dumps_bytes_ = 0;  // as XML, of all rows
};

// Of an attribute or a message: one line of at most about 200 bytes, never empty.
[[nodiscard]] std::string message_of(std::string_view text);

}  // namespace conformance::reports::junit
