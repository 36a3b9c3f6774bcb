// Scripts with which a shell completes the command line: made from the parser, so that they know what it knows.
//
//     out << bash_completion(outline_of(app));   // for /usr/share/bash-completion/completions/glue-conformance
//
// Ids are asked of the program itself, `glue-conformance completion cases`, as it was typed.
#pragma once

#include <string>

#include "harness/cli/outline.h"

namespace conformance::cli {

[[nodiscard]] std::string bash_completion(const CommandOutline& all);
[[nodiscard]] std::string zsh_completion(const CommandOutline& all);
[[nodiscard]] std::string fish_completion(const CommandOutline& all);

}  // namespace conformance::cli
