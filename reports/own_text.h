// Lines of our own (commands, sentences of the spec table) in what a terminal or a CI runner reads.
//
// They are shown as they are, so that they can be copied. But they may come from a record, which anybody can have
// written, or hold what the user typed: what could act on a terminal or a runner is escaped all the same.
//
//     out << "replay " << own(replay_line(info, result)) << "\n";
#pragma once

#include <string>
#include <string_view>

namespace conformance::reports {

// One line. As it is, if it can do no harm anywhere but at a line's start; else as text::visible() has it.
[[nodiscard]] std::string own(std::string_view line);

}  // namespace conformance::reports
