// The record of a run: everything that listeners are told, as JSON and back.
//
// Why: a report can be made again when the endpoint is long gone, runs can be compared, and shards put together. So
// nothing is lost: bytes are base64, and so is text that is not UTF-8, as {"base64": …}. What has its default is left
// out. The functions of a case cannot be kept; what reports make of them is (CaseResult::reproduction).
//
// A record comes from outside, and anybody can have written it: reading knows every member and refuses any other.
// reports/schema/run.schema.json says the same to other programs.
//
//     write_json(out, result);
//     CaseResult again = case_of(nlohmann::json::parse(text), "/cases/0");   // throws RecordError
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance::reports {

inline constexpr std::string_view record_format = "glue-conformance run";
inline constexpr unsigned record_version = 1;

// A record that cannot be read; what() has the JSON pointer of the fault, and what is wrong there.
class RecordError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Each writes one line without its end, piece by piece: a case may hold a good part of the memory.
void write_json(std::ostream& out, const RunInfo& info);
// What reports use of it: the operation, its members and errors, the requirements, the characteristics, the sources.
void write_json(std::ostream& out, const spec::SpecTable& table);
// With its reproduction, which it must have: reproduction_of().
void write_json(std::ostream& out, const CaseResult& result);
void write_json(std::ostream& out, const RunEnd& end);

template <typename Told>
[[nodiscard]] std::string to_json(const Told& told) {
  std::ostringstream out;
  write_json(out, told);
  return std::move(out).str();
}

// `pointer`: of the value in its document. Each throws RecordError.
[[nodiscard]] RunInfo info_of(const nlohmann::json& value, const std::string& pointer);
[[nodiscard]] spec::SpecTable table_of(const nlohmann::json& value, const std::string& pointer);
[[nodiscard]] CaseResult case_of(const nlohmann::json& value, const std::string& pointer);
[[nodiscard]] RunEnd end_of(const nlohmann::json& value, const std::string& pointer);
// Throws unless it is a record of this version.
void check_version(const nlohmann::json& format, const nlohmann::json& version);

}  // namespace conformance::reports
