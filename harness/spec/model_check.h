// Compares the spec table with AWS's own service model, so that a table that has fallen behind, or was mistyped, is
// found by a machine and not by a false verdict. Reads botocore's service-2.json and the Smithy JSON AST alike.
//
//     const std::string model = spec::read_model("…/glue/2017-03-31/service-2.json.gz");
//     for (const spec::Drift& d : spec::check_model(spec::builtin_table(), model))
//       std::cout << d.place << ": the table says " << d.table_says << ", the model says " << d.model_says << '\n';
//
// Compared: the target's prefix, the protocol, the signing name, the operation, each member of request and response
// with its type, whether it is required, its lengths and its pattern (with or without anchors: Smithy's AST has them,
// botocore's model does not), and the errors that the operation declares. What no model says (statuses, evidence, the
// errors that all services share) is not.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/spec_table.h"

namespace conformance::spec {

struct Drift {
  std::string place;  // "request Id maximum length", "error AccessDeniedException", "signing name"
  std::string table_says;
  std::string model_says;
  bool operator==(const Drift&) const = default;
};

// A model that cannot be read, or is in neither form.
class ModelError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where table and model differ, in the order of the table; empty if nowhere. Throws ModelError.
[[nodiscard]] std::vector<Drift> check_model(const SpecTable& table, std::string_view model_json);

// The text of a model file, unpacked if it is gzip. Throws ModelError.
[[nodiscard]] std::string read_model(const std::filesystem::path& path);

}  // namespace conformance::spec
