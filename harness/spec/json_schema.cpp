#include "harness/spec/json_schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

// The library is not clean under this project's warnings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

namespace conformance::spec {
namespace {

// valijson's way to a place is {"<root>", "[requirements]", "[3]", "[level]"}.
std::string pointer_of(const std::vector<std::string>& context) {
  std::string pointer;
  for (const std::string& step : context) {
    if (step.size() < 2 || step.front() != '[' || step.back() != ']') continue;
    pointer += '/' + pointer_segment(std::string_view(step).substr(1, step.size() - 2));
  }
  return pointer;
}

bool is_below(const std::string& pointer, const std::string& parent) {
  return pointer.size() > parent.size() && pointer.starts_with(parent) && pointer[parent.size()] == '/';
}

}  // namespace

std::string pointer_segment(std::string_view key) {
  std::string escaped;
  for (const char c : key) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::vector<SchemaFault> validate(const nlohmann::json& schema, const nlohmann::json& document) {
  valijson::Schema compiled;
  valijson::SchemaParser parser;
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), compiled);
  // Strong types: with the weak ones "1" would do for 1.
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  validator.validate(compiled, valijson::adapters::NlohmannJsonAdapter(document), &results);

  std::vector<SchemaFault> all;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) all.push_back({pointer_of(error.context), error.description});

  // The library reports a fault at its place, and once more ("Failed to validate …") in every parent of that place: of
  // those only the places say something.
  std::vector<SchemaFault> faults;
  for (const SchemaFault& fault : all) {
    const bool echo =
        fault.message.starts_with("Failed to validate") &&
        std::any_of(all.begin(), all.end(), [&fault](const SchemaFault& other) {
          return is_below(other.pointer, fault.pointer) || (&other != &fault && other.pointer == fault.pointer &&
                                                            !other.message.starts_with("Failed to validate"));
        });
    if (!echo) faults.push_back(fault);
  }
  return faults;
}

}  // namespace conformance::spec
