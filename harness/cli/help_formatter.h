// Help that fits a terminal of 80 columns: what to type on the left, what it does and its default on the right.
//
// CLI11's own formatter prints its validators' internals and wraps nothing.
//
//     app.formatter(help_formatter());  // before its subcommands, which take it over
#pragma once

#include <memory>

namespace CLI {
class FormatterBase;
}  // namespace CLI

namespace conformance::cli {

[[nodiscard]] std::shared_ptr<CLI::FormatterBase> help_formatter();

}  // namespace conformance::cli
