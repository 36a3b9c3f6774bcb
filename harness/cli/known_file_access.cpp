#include "harness/cli/known_file_access.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "harness/profile/held.h"
#include "harness/text/escape.h"
#include "suites/suites.h"

namespace conformance::cli {

std::string read_known_file(const std::string& path) {
  constexpr std::size_t most_bytes = (1UL << 20) + 1;  // one more than is taken
  std::error_code error;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, error))
    throw known::KnownFailuresError(
        fmt::format("the known failures {} cannot be read: name a file that is there", text::visible(path)));
  std::string text(most_bytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

known::Catalogue whole_catalogue() {
  const spec::SpecTable& table = spec::builtin_table();
  known::Catalogue catalogue = known::catalogue_of(table, suites::all_cases(table, 0));
  for (const spec::Characteristic& c : table.characteristics)
    catalogue.requirements.push_back(profile::requirement_of(c.id));
  return catalogue;
}

std::chrono::year_month_day today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

}  // namespace conformance::cli
