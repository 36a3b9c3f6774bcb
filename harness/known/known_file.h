// The file of failures that the user has accepted, as data: TOML, read strictly.
//
// Why: a waiver without a reason, an owner and an end is a hole in a gate. What is wrong with the file is found before
// anything is sent, all of it at once, each fault with its line.
//
//     [[known]]                                   # or [[flaky]]: it may pass as well
//     match = "id.length.max"                     # ids of cases or of requirements, * and ? as in --filter; or an
//     array outcome = "400 EntityNotFoundException"     # as pinned; an array: any of them reason = "lengths are not
//     checked" issue = "https://example.org/issues/1" owner = "team-glue" until = 2027-01-31                          #
//     the last day version = "5.*"                             # only of such an endpoint (--endpoint-version); may be
//     left out
//
//     const KnownFile file = parse_known_file(text);   // throws nothing: file.faults
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::known {

struct Fault {
  std::size_t line = 0;
  std::string what;  // what is wrong, and what to do
};

// An outcome as it is pinned: what is blamed, and the kind of the answer.
struct Pin {
  std::string requirement;  // empty: what the case asks, or the requirement that is matched
  std::string kind;         // "400 ValidationException", or with what was wrong: "answers (no Content-Type)"
};

struct Entry {
  bool flaky = false;
  std::vector<std::string> match;
  std::vector<std::string> outcomes;  // as written
  std::vector<Pin> pins;              // the same
  std::string reason, issue, owner;
  std::chrono::year_month_day until{};
  std::string version;  // empty: any
  std::size_t line = 0;
};

struct KnownFile {
  std::vector<Entry> entries;  // in the order of the file; what has a fault is not among them
  std::vector<Fault> faults;
};

[[nodiscard]] KnownFile parse_known_file(std::string_view text);

// The kinds that are no answer: the verdict is on all answers; a look at what was done shows it.
inline constexpr std::string_view kind_answers = "answers", kind_effects = "effects", kind_silence = "no response";

// "400 ValidationException", "no response"; with what was wrong behind it, "answers (no Content-Type)"; with a
// requirement before it, "id.length.max: 400". Nothing of what is neither.
[[nodiscard]] std::optional<Pin> parse_pin(std::string_view outcome);

// "2027-01-31".
[[nodiscard]] std::optional<std::chrono::year_month_day> parse_day(std::string_view text);
[[nodiscard]] std::string day_text(std::chrono::year_month_day day);

// An http or https URL that people can open.
[[nodiscard]] bool is_address(std::string_view text);

}  // namespace conformance::known
