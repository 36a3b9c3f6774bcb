#include "harness/run/budget.h"

#include <algorithm>
#include <numeric>

#include "harness/text/utf8.h"

namespace conformance {
namespace {

constexpr std::size_t looks_at_wave =
    4;  // at a wave's sessions: before, after, when all is deleted; and where one lags behind

Cost times(const Cost& one, std::uint64_t many) {
  return {one.requests * static_cast<std::size_t>(many), one.sessions * static_cast<std::size_t>(many)};
}

// Each call, each look twice as it may be late, and the deletion of what is left.
Cost cost_of_story(const Story& story, const Prices& prices) {
  Cost cost;
  if (!prices.creates) return cost;
  for (const Turn& turn : story.turns) {
    for (const StoryCall& call : turn) {
      cost.requests += call.verb == Verb::list ? 2 * prices.pages : call.verb == Verb::get ? 2 : 1;
      cost.sessions += call.verb == Verb::create ? 1 : 0;
    }
  }
  cost.requests += cost.sessions;
  return cost;
}

Cost cost_of_stimulus(const Case& test, const Prices& prices) {
  if (test.story) return cost_of_story(*test.story, prices);
  Cost cost;
  cost.requests = 1 + test.companions.size() + (test.control_body ? 1 : 0);
  if (test.session.empty()) return cost;
  if (test.session.find(prices.prefix) == std::string::npos) cost.requests += 1 + prices.pages;  // whose it is
  if (!prices.creates || test.without_session) return cost;
  cost.sessions = 1 + test.bystanders.size();
  // To create them, and to delete those of which it is not seen that the case itself did.
  cost.requests += cost.sessions + test.bystanders.size() + (test.control_body ? 1 : 0);
  if (!prices.lists) cost.requests += looks_at_wave * cost.sessions;
  return cost;
}

std::uint64_t stimuli_of(const Sweep& sweep) {
  std::uint64_t points = 0, bytes = 0;
  for (const auto& range : sweep.ranges) {
    points += range.last - range.first + 1;
    bytes += std::uint64_t{range.last - range.first + 1} * text::encoded_size(range.last);
  }
  return sweep.room == 0 ? points : bytes / sweep.room + sweep.ranges.size();
}

// The shared looks at their effects.
std::size_t listings_of(std::uint64_t stimuli, const Prices& prices) {
  const std::uint64_t waves = (stimuli + prices.wave - 1) / prices.wave;
  return looks_at_wave * prices.pages * static_cast<std::size_t>(waves);
}

int rank(const Case& test) {
  if (test.property || test.sweep) return 2;
  return test.tier == Tier::smoke ? 0 : 1;
}

}  // namespace

Cost cost_of(const Case& test, const Prices& prices) {
  if (test.gathers) return {};
  if (test.looks_back) return {looks_at_wave * prices.pages, 0};
  if (!test.property && !test.sweep) return cost_of_stimulus(test, prices);
  const std::uint64_t many =
      test.property ? std::max<std::uint64_t>(prices.examples / test.property->share, 1) : stimuli_of(*test.sweep);
  const auto first = [&test] {
    const char32_t point = test.sweep->ranges.front().first;
    return test.sweep->stimulus({&point, 1});
  };
  Cost cost = times(cost_of_stimulus(test.property ? test.property->example(0) : first(), prices), many);
  if (cost.sessions > 0 && prices.lists) cost.requests += listings_of(many, prices);
  return cost;
}

Choice choose(const std::vector<const Case*>& cases, const Prices& prices, Cost budget) {
  std::vector<std::size_t> order(cases.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&cases](std::size_t a, std::size_t b) { return rank(*cases[a]) < rank(*cases[b]); });
  Choice choice{std::vector<bool>(cases.size()), {}};
  std::size_t in_wave = 0;  // cases with a session, in the last listing that is paid for
  for (const std::size_t i : order) {
    const Case& test = *cases[i];
    Cost cost = cost_of(test, prices);
    const bool ends_wave = test.alone || rank(test) == 2;
    const bool shares = cost.sessions > 0 && prices.lists && !ends_wave;
    // One that is alone has looks of its own, and so has what it divides into two waves.
    std::size_t more = 0;
    if (prices.lists && prices.creates && !test.gathers)
      more = (test.alone && cost.sessions > 0 ? 1U : 0U) + (ends_wave ? 1U : 0U) + (shares && in_wave == 0 ? 1U : 0U);
    cost.requests += more * looks_at_wave * prices.pages;
    choice.fits[i] = cost.requests <= budget.requests && cost.sessions <= budget.sessions;
    if (!choice.fits[i]) continue;
    choice.cost.requests += cost.requests;
    choice.cost.sessions += cost.sessions;
    if (budget.requests != no_bound) budget.requests -= cost.requests;
    if (budget.sessions != no_bound) budget.sessions -= cost.sessions;
    if (shares) in_wave = (in_wave + 1) % prices.wave;
  }
  return choice;
}

}  // namespace conformance
