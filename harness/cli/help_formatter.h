// Help that fits a terminal of 80 columns: what to type on the left, what it does and its default on the right.
//
// CLI11's own formatter prints its validators' internals and wraps nothing.
//
//     app.formatter(std::make_shared<HelpFormatter>());  // before its subcommands, which take it over
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace conformance::cli {

class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace conformance::cli
