#include "harness/cli/version.h"

#include <fmt/format.h>

#include "harness/spec/spec_table.h"

namespace conformance::embedded {
std::string_view commit();
std::string_view commit_date();
}  // namespace conformance::embedded

namespace conformance::cli {

std::string_view commit() { return embedded::commit(); }
std::string_view commit_date() { return embedded::commit_date(); }

std::string version_in_words() {
  const spec::SpecTable& table = spec::builtin_table();
  return fmt::format("glue-conformance {}\ncommit {}\nspec table {} of {}", GLUE_CONFORMANCE_VERSION, commit(),
                     table.version, table.target);
}

}  // namespace conformance::cli
