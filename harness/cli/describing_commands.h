// The commands that describe the command line itself: `man` and `completion`. They need nothing but the parser, and no
// configuration of the user's keeps them from their work.
//
//     add_describing_commands(app);    // as the last of its commands
//     app.parse(line);
//     if (const auto text = described(app)) …  // what they print
#pragma once

#include <optional>
#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace conformance::cli {

void add_describing_commands(CLI::App& app);

// What the command that was chosen prints, if it is one of these.
[[nodiscard]] std::optional<std::string> described(const CLI::App& app);

}  // namespace conformance::cli
