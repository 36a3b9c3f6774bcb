// Tells a listener again what a run told, from its record: a JSON document or JSON lines.
//
// Why: reports listen to a run and know nothing of files, so that whatever a run can write can be made again, long
// after. Cases are read one at a time: memory does not grow with the record.
//
//     RecordReader reader("out/report.json");
//     reader.tell(junit);                          // throws RecordError: the file, the place and what is wrong
//     for (const std::string& note : reader.notes()) err << note << "\n";
#pragma once

#include <string>
#include <vector>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"
#include "reports/record.h"

namespace conformance::reports {

class RecordReader {
 public:
  explicit RecordReader(std::string path) : path_(std::move(path)) {}

  enum class Missing { left_out, told };

  // on_start, on_case for each, on_end. The table that the listener is told of lives as long as this. A record of
  // JSON lines without an end is that of a run that was killed: its end is made of what is there, as interrupted. What
  // was planned and is not in it is told as an error, if asked for: a report must not look as if nothing were missing.
  void tell(RunListener& listener, Missing missing = Missing::left_out);

  // What a reader of the reports should know of the record: lines.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  class Teller;

  void read_document(std::istream& in, Teller& teller);
  void read_lines(std::istream& in, Teller& teller, Missing missing);

  std::string path_;
  spec::SpecTable table_;
  std::vector<std::string> notes_;
};

}  // namespace conformance::reports
