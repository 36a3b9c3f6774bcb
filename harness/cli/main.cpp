#include <cstdlib>
#include <iostream>

#include "harness/cli/commands.h"

int main(int argc, char** argv) {
  const auto env = [](const char* name) -> const char* { return std::getenv(name); };
  return conformance::cli::run_main({argv + 1, argv + argc}, env, std::cout, std::cerr);
}
