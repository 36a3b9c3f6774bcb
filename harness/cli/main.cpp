#include <cstdlib>
#include <iostream>

#include "harness/cli/commands.h"
#include "harness/cli/standard_output.h"

int main(int argc, char** argv) {
  using namespace conformance::cli;
  prepare_standard_streams();
  const auto env = [](const char* name) -> const char* { return std::getenv(name); };
  return status_after_output(run_main({argv + 1, argv + argc}, env, std::cout, std::cerr), std::cerr);
}
