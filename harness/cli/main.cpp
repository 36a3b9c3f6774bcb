#include <cstdlib>
#include <iostream>

#include "harness/cli/commands.h"
#include "harness/cli/standard_output.h"

int main(int argc, char** argv) {
  using namespace conformance::cli;
  prepare_standard_streams();
  const auto env = [](const char* name) -> const char* { return std::getenv(name); };
  // A program may be started without even its own name.
  const int status = argc == 0 ? run_main({}, env, std::cout, std::cerr)
                               : run_main({argv + 1, argv + argc}, env, std::cout, std::cerr, argv[0]);
  return status_after_output(status, std::cerr);
}
