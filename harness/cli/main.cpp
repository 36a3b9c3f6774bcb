#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string_view>

#include "harness/cli/commands.h"
#include "harness/cli/standard_output.h"

namespace {

conformance::cli::Surroundings surroundings() {
  conformance::cli::Surroundings all;
  std::error_code error;  // a working directory that is gone has no configuration file
  all.folder = std::filesystem::current_path(error).string();
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    all.variables.emplace_back(text.substr(0, text.find('=')));
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace conformance::cli;
  prepare_standard_streams();
  const auto env = [](const char* name) -> const char* { return std::getenv(name); };
  // A program may be started without even its own name.
  const int status = argc == 0 ? run_main({}, env, std::cout, std::cerr)
                               : run_main({argv + 1, argv + argc}, env, std::cout, std::cerr, argv[0], surroundings());
  return status_after_output(status, std::cerr);
}
