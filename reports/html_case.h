// One case as HTML: its line in the list, and what unfolds under it.
//
// Why: a failure is understood from the two messages side by side with those of its control, the part that makes the
// difference marked, and seen again from a line that can be pasted. Of a passing case less is shown, for there are
// thousands of them.
//
//     const html::CaseView view = html::view_of(info, table, result, html::whole);
//     out << view.line << view.details;
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance::reports::html {

// How much of a case is shown.
struct Extent {
  std::size_t message_bytes = 0;    // of each message as text
  std::size_t hex_bytes = 0;        // the same as hexadecimal; 0: a script makes it of the text
  std::size_t command_bytes = 0;    // a longer command is left out
  std::size_t script_bytes = 6000;  // the same of a story's
};
inline constexpr Extent whole{.message_bytes = 8000, .hex_bytes = 2048, .command_bytes = 6000};
inline constexpr Extent medium{.message_bytes = 1500, .hex_bytes = 0, .command_bytes = 6000};
inline constexpr Extent brief{.message_bytes = 900, .hex_bytes = 0, .command_bytes = 1200};

// "pass", "fail", "warning", "known", "inconclusive", "error", "skipped".
[[nodiscard]] std::string_view status_of(const CaseResult& result);

// What the endpoint answered, in few words: "400 ValidationException". Empty where nothing was.
[[nodiscard]] std::string answer_of(const CaseResult& result);

// How long the endpoint took, where it answered.
[[nodiscard]] std::optional<std::chrono::microseconds> latency_of(const CaseResult& result);

// "850 µs", "1.2 ms", "3.4 s".
[[nodiscard]] std::string duration(std::chrono::microseconds time);

struct CaseView {
  std::string line;     // a <summary>
  std::string details;  // what comes after it
};
[[nodiscard]] CaseView view_of(const RunInfo& info, const spec::SpecTable& table, const CaseResult& result,
                               const Extent& extent);

}  // namespace conformance::reports::html
