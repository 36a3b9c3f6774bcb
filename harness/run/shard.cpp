#include "harness/run/shard.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "harness/text/escape.h"
#include "harness/text/stable_hash.h"
#include "harness/wire/usage_error.h"

namespace conformance {
namespace {

using Environment = std::function<const char*(const char*)>;

constexpr std::size_t most_shards = 100'000;

// How somebody tells a job which of how many it is.
struct Scheme {
  const char* index;
  const char* total;        // nullptr: it does not say
  std::size_t first;        // the index of the first
  const char* status_file;  // nullptr: none
  bool is_of_tests;         // set for test programs only
};

constexpr std::array schemes{
    Scheme{"GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", 0, "GTEST_SHARD_STATUS_FILE", true},
    Scheme{"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", 0, "TEST_SHARD_STATUS_FILE", true},   // Bazel
    Scheme{"CI_NODE_INDEX", "CI_NODE_TOTAL", 1, nullptr, false},                          // GitLab
    Scheme{"CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0, nullptr, false},                  // CircleCI
    Scheme{"BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0, nullptr, false},  // Buildkite
    Scheme{"SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE", 1, nullptr, false},    // Azure Pipelines
    Scheme{"JOB_COMPLETION_INDEX", nullptr, 0, nullptr, false},                           // Kubernetes
};

std::string value_of(const char* name, const Environment& env) {
  const char* value = name == nullptr ? nullptr : env(name);
  return value == nullptr ? "" : value;
}

std::size_t number(std::string_view text, const std::string& source, std::size_t least, std::size_t most) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most) return value;
  throw wire::UsageError(
      fmt::format("{}: '{}' is no whole number from {} to {}", source, text::visible(text), least, most));
}

// Nothing if none of its variables is set. `total`: what the option says of it, or 0.
std::optional<Shard> shard_of(const Scheme& scheme, std::size_t total, const Environment& env) {
  const std::string index_text = value_of(scheme.index, env), total_text = value_of(scheme.total, env);
  if (index_text.empty() && total_text.empty()) return std::nullopt;
  if (index_text.empty()) throw wire::UsageError(fmt::format("{} is set, but {} is not", scheme.total, scheme.index));
  std::string of = "--shard";
  if (scheme.total == nullptr && total == 0)
    throw wire::UsageError(
        fmt::format("{} does not say how many there are: write --shard auto/N with that number", scheme.index));
  if (scheme.total != nullptr) {
    if (total_text.empty()) throw wire::UsageError(fmt::format("{} is set, but {} is not", scheme.index, scheme.total));
    const std::size_t said = number(total_text, scheme.total, 1, most_shards);
    if (total != 0 && total != said)
      throw wire::UsageError(fmt::format("--shard says {}, but {} says {}", total, scheme.total, said));
    total = said;
    of = scheme.total;
  }
  const std::size_t index = number(index_text, fmt::format("{}, of {} by {}", scheme.index, total, of), scheme.first,
                                   total - 1 + scheme.first);
  return Shard{index - scheme.first, total, value_of(scheme.status_file, env)};
}

// By what is set; nothing if nothing is.
std::optional<Shard> ask_environment(bool tests_only, std::size_t total, const Environment& env) {
  std::optional<Shard> chosen;
  const char* by = nullptr;
  for (const Scheme& scheme : schemes) {
    if (tests_only && !scheme.is_of_tests) continue;
    const std::optional<Shard> shard = shard_of(scheme, total, env);
    if (!shard) continue;
    if (chosen && (chosen->index != shard->index || chosen->total != shard->total))
      throw wire::UsageError(
          fmt::format("{} and {} are set and disagree: say which with --shard INDEX/TOTAL", by, scheme.index));
    if (chosen) continue;
    chosen = shard;
    by = scheme.index;
  }
  return chosen;
}

}  // namespace

bool Shard::holds(std::string_view case_id) const { return text::stable_hash(case_id) % total == index; }

Shard choose_shard(const std::string& option, const Environment& env) {
  if (option.empty()) return ask_environment(true, 0, env).value_or(Shard{});
  const std::size_t slash = option.find('/');
  const std::string first = option.substr(0, slash);
  const std::size_t total =
      slash == std::string::npos ? 0 : number(option.substr(slash + 1), "the total of --shard", 1, most_shards);
  if (first == "auto") {
    if (const auto shard = ask_environment(false, total, env)) return *shard;
    std::vector<std::string> names;
    for (const Scheme& scheme : schemes) names.emplace_back(scheme.index);
    throw wire::UsageError(fmt::format("--shard auto, but none of {} is set", fmt::join(names, ", ")));
  }
  if (total == 0)
    throw wire::UsageError(fmt::format("--shard '{}' is no INDEX/TOTAL, auto or auto/TOTAL", text::visible(option)));
  return Shard{number(first, "the index of --shard", 1, total) - 1, total, ""};
}

}  // namespace conformance
