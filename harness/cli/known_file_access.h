// What the commands that use a file of known failures share: the file, the day, and what there is to be matched.
//
//     known::read_known_failures(read_known_file(path), path, whole_catalogue(), {.today = today()});
#pragma once

#include <chrono>
#include <string>

#include "harness/known/known_failures.h"

namespace conformance::cli {

// Throws known::KnownFailuresError that says why it cannot be read.
[[nodiscard]] std::string read_known_file(const std::string& path);

// The cases of all tiers, whose ids are the same for any seed; the requirements of the table and of any profile.
[[nodiscard]] known::Catalogue whole_catalogue();

// In UTC, so that a gate ends everywhere at once.
[[nodiscard]] std::chrono::year_month_day today();

}  // namespace conformance::cli
