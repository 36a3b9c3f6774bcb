// JSON Schema validation (draft-07), so that a table with a misspelt or missing key is refused with the place of the
// fault instead of being read as something else. One module, because the validator behind it (valijson) is all
// templates: only this .cpp pays for it, and nothing else knows its types.
//
//     for (const spec::SchemaFault& fault : spec::validate(schema, document))
//       std::cerr << fault.pointer << ": " << fault.message << '\n';   // "/requirements/3/level: …"
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::spec {

struct SchemaFault {
  std::string pointer;  // JSON pointer (RFC 6901) of the place in the document; "" is the whole document
  std::string message;
};

// Every fault of `document`, none if it is valid. Throws std::runtime_error if `schema` itself is no usable schema.
[[nodiscard]] std::vector<SchemaFault> validate(const nlohmann::json& schema, const nlohmann::json& document);

// One segment of a JSON pointer, escaped: "a/b~c" becomes "a~1b~0c".
[[nodiscard]] std::string pointer_segment(std::string_view key);

}  // namespace conformance::spec
