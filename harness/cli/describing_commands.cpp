#include "harness/cli/describing_commands.h"

#include <CLI/CLI.hpp>
#include <array>
#include <string_view>

#include "harness/cli/completed_ids.h"
#include "harness/cli/completion.h"
#include "harness/cli/manual.h"
#include "harness/cli/outline.h"
#include "harness/cli/version.h"

namespace conformance::cli {
namespace {

constexpr const char* manual = "man";
constexpr const char* completion = "completion";

struct Ids {
  const char* name;
  Completes what;
};
constexpr std::array all_ids{Ids{"cases", Completes::cases}, Ids{"subjects", Completes::subjects},
                             Ids{"deviations", Completes::deviations}};

std::string completion_of(const CLI::App& app, std::string_view what) {
  for (const Ids& ids : all_ids)
    if (what == ids.name) return completed_ids(ids.what);
  if (what == "zsh") return zsh_completion(outline_of(app));
  return what == "fish" ? fish_completion(outline_of(app)) : bash_completion(outline_of(app));
}

}  // namespace

void add_describing_commands(CLI::App& app) {
  CLI::App* scripts = app.add_subcommand(completion, "The script with which a shell completes this command line");
  scripts
      ->add_option("what",
                   "A shell; or what its script asks for: the ids of all cases, whatever `explain` takes, or the names "
                   "of deviations")
      ->type_name("bash|zsh|fish|cases|subjects|deviations")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish", "cases", "subjects", "deviations"}));
  scripts->footer(
      "To have it now, in bash:\n\n"
      "source <(glue-conformance completion bash)\n\n"
      "In zsh, put the script into a file _glue-conformance of a folder of $fpath; in fish, into "
      "~/.config/fish/completions/glue-conformance.fish.");
  app.add_subcommand(manual, "The manual page, for man(1): glue-conformance man | man -l -");
}

std::optional<std::string> described(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) {
    if (command->get_name() == manual)
      return manual_page(outline_of(app), GLUE_CONFORMANCE_VERSION, std::string(commit_date()));
    if (command->get_name() == completion) return completion_of(app, command->get_option("what")->results().front());
  }
  return std::nullopt;
}

}  // namespace conformance::cli
