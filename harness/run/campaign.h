// Cases that are carried out by many stimuli, each batch chosen by what the one before showed.
//
// A property sends examples until one fails, sends that one again, and then looks for a smaller one that fails in the
// same way: same requirement, same outcome. So neither a flake nor another defect, met on the way, takes the place of
// the one that was found. A sweep decides every code point of a set by halving the packs that fail. Both are state
// machines without a clock or a socket: the executor performs what they ask for.
//
//     std::unique_ptr<Campaign> campaign = start_campaign(test, {.examples = 200});
//     for (auto batch = campaign->next(256); !batch.empty(); batch = campaign->next(256))
//     campaign->take(perform(batch)); CaseResult result = campaign->conclude();
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "harness/run/events.h"

namespace conformance {

struct CampaignLimits {
  std::uint64_t examples = 400;            // of a property
  std::size_t max_shrink_requests = 2000;  // stimuli, controls and calls that are spent on making a failure smaller
};

// Of examples that were asked in bulk, counted from the first of them.
struct BulkResults {
  enum class State : std::uint8_t {
    open,    // it is asked again
    passed,  // as one that was judged
    judged
  };
  std::vector<State> states;
  std::vector<std::pair<std::size_t, CaseResult>> judged;  // ascending
};

class Campaign {
 public:
  virtual ~Campaign() = default;
  // The next stimuli, at most `at_most` of them; none if all is decided.
  [[nodiscard]] virtual std::vector<Case> next(std::size_t at_most) = 0;
  // What came of them, in their order.
  virtual void take(std::vector<CaseResult> results) = 0;
  // Of a sweep that can be asked in bulk: the code points that are not asked yet. Valid until anything else is called.
  [[nodiscard]] virtual std::span<const char32_t> unasked() const { return {}; }
  // The first of those were asked and answered elsewhere: which of them passed. What did not is asked here.
  virtual void settle(const std::vector<bool>& /*passed*/) {}
  // Of a property that can be asked in bulk: the examples that are not asked yet.
  struct Examples {
    std::uint64_t first = 0, count = 0;
  };
  [[nodiscard]] virtual Examples unasked_examples() const { return {}; }
  // What came of the first of those, which were asked elsewhere.
  virtual void settle_examples(BulkResults&& /*results*/) {}
  // The result of the whole, under the id of the case. May be called before all is decided: then of what there is.
  [[nodiscard]] virtual CaseResult conclude() = 0;
};

// `test` has a property or a sweep, and must outlive the campaign.
[[nodiscard]] std::unique_ptr<Campaign> start_campaign(const Case& test, const CampaignLimits& limits);

// True if both failed in the same way.
[[nodiscard]] bool same_failure(const Judgement& one, const Judgement& other);

// "U+0041, U+E000..U+F8FF": of ascending code points, runs drawn together, at most `most` runs.
[[nodiscard]] std::string ranges_in_words(const std::vector<char32_t>& points, std::size_t most);

}  // namespace conformance
