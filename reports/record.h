// The record of a run: everything that listeners are told, as JSON and back.
//
// Why: a report can be made again when the endpoint is long gone, runs can be compared, and shards put together. So
// nothing is lost: bytes are base64, and so is text that is not UTF-8, as {"base64": …}. What has its default is left
// out. The functions of a case cannot be kept; what reports make of them is (CaseResult::reproduction).
//
// A record comes from outside, and anybody can have written it: reading knows every member and refuses any other.
// reports/schema/run.schema.json says the same to other programs.
//
//     out << to_json(result).dump();
//     CaseResult again = case_of(nlohmann::json::parse(text), "/cases/0");   // throws RecordError
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

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

[[nodiscard]] nlohmann::ordered_json to_json(const RunInfo& info);
// What reports use of it: the operation, its members and errors, the requirements, the characteristics, the sources.
[[nodiscard]] nlohmann::ordered_json to_json(const spec::SpecTable& table);
// With its reproduction, which it must have: reproduction_of().
[[nodiscard]] nlohmann::ordered_json to_json(const CaseResult& result);
[[nodiscard]] nlohmann::ordered_json to_json(const RunEnd& end);

// `pointer`: of the value in its document. Each throws RecordError.
[[nodiscard]] RunInfo info_of(const nlohmann::json& value, const std::string& pointer);
[[nodiscard]] spec::SpecTable table_of(const nlohmann::json& value, const std::string& pointer);
[[nodiscard]] CaseResult case_of(const nlohmann::json& value, const std::string& pointer);
[[nodiscard]] RunEnd end_of(const nlohmann::json& value, const std::string& pointer);
// Throws unless it is a record of this version.
void check_version(const nlohmann::json& format, const nlohmann::json& version);

}  // namespace conformance::reports
