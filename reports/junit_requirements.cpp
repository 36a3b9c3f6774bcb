#include "reports/junit_requirements.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/text/escape.h"
#include "reports/sentence.h"
#include "reports/tally.h"

namespace conformance::reports::junit {
namespace {

constexpr std::size_t body_bytes = 64UL * 1024;  // of a requirement
// Of cases that are held to none: they only measure. None of them may get lost.
constexpr const char* none = "";

}  // namespace

// What the cases of a requirement came to.
struct Requirements::Sum {
  std::size_t cases = 0;
  std::map<Came, std::size_t> came;
  std::chrono::microseconds elapsed{0};

  [[nodiscard]] std::size_t of(Came which) const {
    const auto found = came.find(which);
    return found == came.end() ? 0 : found->second;
  }
};

std::string own(const std::string& line) {
  const bool plain = std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  return plain ? line : text::visible(line);
}

std::string about(const spec::SpecTable& table, const std::string& requirement) {
  const spec::Requirement* r = table.find_requirement(requirement);
  if (r == nullptr) return requirement.empty() ? std::string() : own(requirement) + "\n";
  std::string lines = fmt::format("{}: {}\nlevel: {}\nevidence: {}\n", own(r->id), own(r->sentence),
                                  spec::name_of(r->level), spec::name_of(r->evidence));
  for (const std::string& key : r->sources) {
    const auto source = table.sources.find(key);
    lines += fmt::format("source: {}{}\n", own(key),
                         source == table.sources.end() ? std::string() : ": " + own(source->second));
  }
  return lines;
}

// By what the case is by itself, so that both ways of counting agree.
Requirements::Came Requirements::came_of(const CaseResult& result, const Row& row) {
  if (row.element == "failure") return Came::failed;
  if (row.element == "error") return Came::unproved;
  if (row.element.empty()) return Came::held;
  return result.judgement.verdict == Verdict::skipped ? Came::skipped : Came::accepted;
}

void Requirements::keep(const std::string& requirement, Came came, Example example) {
  std::vector<Example>& kept = examples_[{requirement, came}];
  const auto same = [&](const Example& other) { return other.id == example.id; };
  if (std::any_of(kept.begin(), kept.end(), same)) return;
  const auto place = std::upper_bound(kept.begin(), kept.end(), example,
                                      [](const Example& a, const Example& b) { return a.size < b.size; });
  kept.insert(place, std::move(example));
  if (kept.size() <= most_examples) return;
  kept.pop_back();
}

void Requirements::add(const CaseResult& result, Row row) {
  const Judgement& j = result.judgement;
  const auto [at, is_new] = at_.try_emplace(result.test.id, entries_.size());
  if (is_new) entries_.emplace_back();
  Entry& entry = entries_[at->second];
  if (!is_new && row.badness <= entry.badness) return;
  entry = {.id = result.test.id,
           .requirement = j.requirement.empty() ? result.test.requirement : j.requirement,
           .beside = {},
           .came = came_of(result, row),
           .badness = row.badness,
           .elapsed = result.elapsed};
  std::map<std::string, bool> others;
  for (const Check& check : j.checks) {
    if (check.requirement == entry.requirement) continue;
    const auto [found, is_first] = others.try_emplace(check.requirement, check.held);
    if (!is_first) found->second = found->second && check.held;
  }
  for (const auto& [requirement, held] : others) {
    entry.beside.push_back({requirement, held});
    if (held) continue;
    Row failed_for_another;
    failed_for_another.message =
        message_of(fmt::format("did not hold in {} either, which fails {}", result.test.id, entry.requirement));
    keep(requirement, Came::beside, {result.request.body.size(), result.test.id, std::move(failed_for_another)});
  }
  if (entry.came == Came::held) return;
  keep(entry.requirement, entry.came, {result.request.body.size(), result.test.id, std::move(row)});
}

Row Requirements::row_of(const std::string& id, const Sum& sum, const spec::SpecTable& table) const {
  Row row;
  row.elapsed = sum.elapsed;
  if (id == none) {
    row.area = "characteristics";
    row.name = "what is only measured, and held to no requirement";
  } else {
    const spec::Requirement* r = table.find_requirement(id);
    row.area = text::visible(id.substr(0, id.find('.')));
    row.name = text::visible(r == nullptr ? id : id + " " + r->sentence);
  }
  if (row.area.empty()) row.area = "requirements";
  const Came worst = sum.of(Came::failed) > 0     ? Came::failed
                     : sum.of(Came::unproved) > 0 ? Came::unproved
                     : sum.of(Came::accepted) > 0 ? Came::accepted
                     : sum.of(Came::beside) > 0   ? Came::beside
                     : sum.of(Came::held) > 0     ? Came::held
                                                  : Came::skipped;
  if (worst == Came::held) return row;
  const auto found = examples_.find({id, worst});
  const Example* first = found == examples_.end() || found->second.empty() ? nullptr : &found->second.front();
  const std::string why = first == nullptr ? std::string() : first->row.message;
  const std::string count = fmt::format("{} of {}", with_commas(sum.of(worst)), counted(sum.cases, "case"));
  if (worst < Came::unproved) {
    row.element = "skipped";
    row.message = text::elide(fmt::format("{}: {}", count, why), 190);
    row.body = row.message;
    return row;
  }
  row.element = worst == Came::failed ? "failure" : "error";
  row.type = worst == Came::failed ? (id == none ? "conformance.requirement" : "conformance." + text::visible(id))
             : first == nullptr    ? "conformance.error"
                                   : first->row.type;
  row.message = text::elide(fmt::format("{}: {}", count, why), 190);
  row.body = about(table, id) + count + (worst == Came::failed ? " that checked it failed" : " proved nothing") + "\n";
  if (first == nullptr) return row;
  std::size_t shown = 0;
  for (const Example& example : found->second) {
    if (shown > 0 && row.body.size() + example.row.body.size() > body_bytes) break;
    row.body += fmt::format("\ncase: {}\n{}", example.row.name, example.row.body);
    ++shown;
  }
  if (sum.of(worst) > shown) row.body += fmt::format("\nand {}\n", counted(sum.of(worst) - shown, "more case"));
  row.system_out = first->row.system_out;
  return row;
}

std::vector<Row> Requirements::rows(const spec::SpecTable& table) const {
  std::map<std::string, Sum> sums;
  for (const Entry& entry : entries_) {
    Sum& own_sum = sums[entry.requirement];
    ++own_sum.cases;
    ++own_sum.came[entry.came];
    own_sum.elapsed += entry.elapsed;
    for (const Check& other : entry.beside) {
      ++sums[other.requirement].cases;
      ++sums[other.requirement].came[other.held ? Came::held : Came::beside];
    }
  }
  std::vector<Row> rows;
  const auto take = [&](const std::string& id) {
    const auto found = sums.find(id);
    if (found == sums.end()) return;
    rows.push_back(row_of(id, found->second, table));
    sums.erase(found);
  };
  for (const spec::Requirement& r : table.requirements) take(r.id);
  while (!sums.empty()) take(sums.begin()->first);
  return rows;
}

}  // namespace conformance::reports::junit
