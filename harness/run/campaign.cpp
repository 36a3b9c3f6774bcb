#include "harness/run/campaign.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>

namespace conformance {
namespace {

constexpr std::size_t shrink_batch = 16;
constexpr std::size_t confirmations = 2;

std::size_t requests_of(const Case& test) { return test.control_body ? 2 : 1; }

// What is common to both: the sum of what the stimuli showed.
class Sum {
 public:
  explicit Sum(const Case& test) : test_(test) {}

  void add(const CaseResult& result) {
    ++counts_[result.judgement.verdict];
    for (const Check& check : result.judgement.checks) checked_.insert(check.requirement);
    if (!reasons_.contains(result.judgement.verdict)) reasons_[result.judgement.verdict] = result.judgement.reason;
    if (!note_ && !result.judgement.note.empty()) note_ = result.judgement.note;
  }

  [[nodiscard]] std::size_t count(Verdict verdict) const {
    const auto found = counts_.find(verdict);
    return found == counts_.end() ? 0 : found->second;
  }

  // Where nothing failed: the worst of what was left open, else a pass if anything passed.
  [[nodiscard]] CaseResult conclude(const std::string& done) const {
    CaseResult result;
    result.test = test_;
    Judgement& judgement = result.judgement;
    judgement.requirement = test_.requirement;
    for (const Verdict open : {Verdict::error, Verdict::inconclusive}) {
      if (count(open) == 0) continue;
      judgement.verdict = open;
      judgement.reason = fmt::format("{} of {}: {}", count(open), done, reasons_.at(open));
      return result;
    }
    if (count(Verdict::pass) == 0) {
      judgement.verdict = Verdict::skipped;
      judgement.reason = reasons_.contains(Verdict::skipped) ? reasons_.at(Verdict::skipped) : "nothing was sent";
      return result;
    }
    judgement.verdict = Verdict::pass;
    for (const std::string& requirement : checked_) judgement.checks.push_back({requirement, true});
    judgement.note = note_.value_or("");
    if (const std::size_t skipped = count(Verdict::skipped); skipped > 0 && judgement.note.empty())
      judgement.note = fmt::format("{} of {} were skipped: {}", skipped, done, reasons_.at(Verdict::skipped));
    return result;
  }

 private:
  const Case& test_;
  std::map<Verdict, std::size_t> counts_;
  std::map<Verdict, std::string> reasons_;  // the first of each
  std::set<std::string> checked_;
  std::optional<std::string> note_;
};

// A stimulus' result under the id of the case that it belongs to.
CaseResult under(const Case& test, CaseResult result, const std::string& which) {
  result.test.id = test.id;
  result.test.area = test.area;
  result.test.title = test.title + ": " + which;
  result.test.property = test.property;
  result.test.sweep = test.sweep;
  return result;
}

class PropertyCampaign : public Campaign {
 public:
  PropertyCampaign(const Case& test, const CampaignLimits& limits) : test_(test), limits_(limits), sum_(test) {}

  std::vector<Case> next(std::size_t at_most) override {
    switch (phase_) {
      case Phase::examples:
        return next_examples(at_most);
      case Phase::confirm:
        return {found_->test};
      case Phase::shrink:
        return next_smaller(std::min(at_most, shrink_batch));
    }
    return {};
  }

  void take(std::vector<CaseResult> results) override {
    switch (phase_) {
      case Phase::examples:
        return take_examples(std::move(results));
      case Phase::confirm:
        return take_confirmation(std::move(results.front()));
      case Phase::shrink:
        return take_smaller(std::move(results));
    }
  }

  CaseResult conclude() override {
    if (!found_ || phase_ == Phase::examples) {
      CaseResult result = sum_.conclude(fmt::format("{} examples", next_));
      if (!flake_.empty() && result.judgement.verdict == Verdict::pass) {
        result.judgement.verdict = Verdict::inconclusive;
        result.judgement.reason = flake_;
      }
      return result;
    }
    CaseResult result = under(test_, *found_, fmt::format("example {} of {}", found_index_ + 1, limits_.examples));
    result.judgement.note = fmt::format(
        "found by example {}{}", found_index_ + 1,
        made_smaller_ == 0 ? std::string()
                           : fmt::format(", made smaller {} times in {} requests", made_smaller_, shrink_requests_));
    return result;
  }

 private:
  enum class Phase { examples, confirm, shrink };

  std::vector<Case> next_examples(std::size_t at_most) {
    std::vector<Case> batch;
    batch_begin_ = next_;
    for (; next_ < limits_.examples && batch.size() < at_most; ++next_) batch.push_back(test_.property->example(next_));
    return batch;
  }

  void take_examples(std::vector<CaseResult> results) {
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (results[i].judgement.verdict != Verdict::fail) {
        sum_.add(results[i]);
        continue;
      }
      // One that fails the run before one that only warns.
      if (found_ && (!found_->warning || results[i].warning)) continue;
      found_ = std::move(results[i]);
      found_index_ = batch_begin_ + i;
    }
    if (found_) phase_ = Phase::confirm;
  }

  void take_confirmation(CaseResult result) {
    if (same_failure(result.judgement, found_->judgement)) {
      phase_ = Phase::shrink;
      candidates_ = smaller_than_found();
      return;
    }
    if (++unconfirmed_ < confirmations) return;
    flake_ = fmt::format("example {} failed once ({}), and not when it was sent again", found_index_ + 1,
                         found_->judgement.actual);
    found_.reset();
    unconfirmed_ = 0;
    phase_ = Phase::examples;
  }

  [[nodiscard]] std::deque<Case> smaller_than_found() const {
    if (!found_->test.smaller) return {};
    std::vector<Case> all = found_->test.smaller();
    return {std::make_move_iterator(all.begin()), std::make_move_iterator(all.end())};
  }

  std::vector<Case> next_smaller(std::size_t at_most) {
    std::vector<Case> batch;
    std::set<std::string> sessions;  // two that name one session would disturb each other
    while (!candidates_.empty() && batch.size() < at_most) {
      const Case& candidate = candidates_.front();
      if (shrink_requests_ + requests_of(candidate) > limits_.max_shrink_requests) break;
      if (!candidate.session.empty() && !sessions.insert(candidate.session).second) break;
      shrink_requests_ += requests_of(candidate);
      batch.push_back(std::move(candidates_.front()));
      candidates_.pop_front();
    }
    return batch;
  }

  void take_smaller(std::vector<CaseResult> results) {
    for (CaseResult& result : results) {
      if (!same_failure(result.judgement, found_->judgement)) continue;
      found_ = std::move(result);
      ++made_smaller_;
      candidates_ = smaller_than_found();
      return;
    }
  }

  const Case& test_;
  const CampaignLimits limits_;
  Sum sum_;
  Phase phase_ = Phase::examples;
  std::uint64_t next_ = 0, batch_begin_ = 0;
  std::optional<CaseResult> found_;
  std::uint64_t found_index_ = 0;
  std::size_t unconfirmed_ = 0;
  std::string flake_;
  std::deque<Case> candidates_;
  std::size_t shrink_requests_ = 0, made_smaller_ = 0;
};

class SweepCampaign : public Campaign {
 public:
  explicit SweepCampaign(const Case& test) : test_(test), sum_(test) {
    for (const spec::CodePointRange& range : test.sweep->ranges) {
      for (std::uint32_t point = range.first; point <= range.last; ++point) points_.push_back(point);
    }
  }

  std::vector<Case> next(std::size_t at_most) override {
    batch_.clear();
    std::vector<Case> cases;
    while (cases.size() < at_most) {
      if (!halves_.empty()) {
        batch_.push_back(std::move(halves_.front()));
        halves_.pop_front();
      } else if (begin_ < points_.size()) {
        const std::size_t end = end_of_pack();
        batch_.push_back({begin_, end, nullptr});
        begin_ = end;
      } else {
        break;
      }
      cases.push_back(test_.sweep->stimulus(of(batch_.back())));
    }
    return cases;
  }

  void take(std::vector<CaseResult> results) override {
    for (std::size_t i = 0; i < results.size(); ++i) take_one(batch_[i], std::move(results[i]));
  }

  CaseResult conclude() override {
    if (!found_) return sum_.conclude(fmt::format("{} stimuli", sent_));
    std::sort(culprits_.begin(), culprits_.end());
    CaseResult result = under(test_, *found_, "every code point by itself");
    result.judgement.actual = fmt::format("{} of {} characters, {}: {}", culprits_.size(), points_.size(),
                                          ranges_in_words(culprits_, most_ranges), found_->judgement.actual);
    if (others_ > 0) result.judgement.note = fmt::format("{} more characters fail in other ways", others_);
    return result;
  }

 private:
  static constexpr std::size_t most_ranges = 40;

  // A pack that failed, until it is known which of its characters it was.
  struct Suspect;
  struct Pack {
    std::size_t begin, end;
    std::shared_ptr<Suspect> part_of;
  };
  struct Suspect {
    Pack pack;
    CaseResult result;
    int open = 2;  // halves whose answers are not known
    bool explained = false;
  };

  [[nodiscard]] std::size_t end_of_pack() const {
    std::size_t end = begin_, bytes = 0;
    while (end < points_.size()) {
      const char32_t c = points_[end];
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > test_.sweep->room && end > begin_) break;
      ++end;
    }
    return end;
  }

  [[nodiscard]] std::span<const char32_t> of(const Pack& pack) const {
    return std::span(points_).subspan(pack.begin, pack.end - pack.begin);
  }

  void take_one(const Pack& pack, CaseResult result) {
    ++sent_;
    if (result.judgement.verdict != Verdict::fail) {
      sum_.add(result);
      close(pack.part_of, false);
      return;
    }
    if (pack.end - pack.begin == 1) {
      blame(pack, result);
      close(pack.part_of, true);
      return;
    }
    const std::size_t middle = pack.begin + (pack.end - pack.begin) / 2;
    auto suspect = std::make_shared<Suspect>(Suspect{pack, std::move(result)});
    halves_.push_back({pack.begin, middle, suspect});
    halves_.push_back({middle, pack.end, suspect});
  }

  // A half is decided. Where no half of a pack fails, its characters fail only together.
  void close(std::shared_ptr<Suspect> suspect, bool explained) {
    while (suspect) {
      suspect->explained = suspect->explained || explained;
      if (--suspect->open > 0) return;
      if (!suspect->explained) blame(suspect->pack, suspect->result);
      explained = true;
      suspect = suspect->pack.part_of;
    }
  }

  void blame(const Pack& pack, const CaseResult& result) {
    if (!found_) found_ = result;
    if (!same_failure(found_->judgement, result.judgement)) {
      others_ += pack.end - pack.begin;
      return;
    }
    const auto points = of(pack);
    culprits_.insert(culprits_.end(), points.begin(), points.end());
  }

  const Case& test_;
  Sum sum_;
  std::vector<char32_t> points_;
  std::size_t begin_ = 0, sent_ = 0, others_ = 0;
  std::deque<Pack> halves_;
  std::vector<Pack> batch_;
  std::optional<CaseResult> found_;
  std::vector<char32_t> culprits_;
};

}  // namespace

bool same_failure(const Judgement& one, const Judgement& other) {
  return one.verdict == Verdict::fail && other.verdict == Verdict::fail && one.requirement == other.requirement &&
         one.answer.outcome == other.answer.outcome;
}

std::string ranges_in_words(const std::vector<char32_t>& points, std::size_t most) {
  std::vector<std::string> words;
  std::size_t runs = 0;
  for (std::size_t i = 0; i < points.size();) {
    std::size_t last = i;
    while (last + 1 < points.size() && points[last + 1] == points[last] + 1) ++last;
    const auto number = [&points](std::size_t at) {
      return fmt::format("U+{:04X}", static_cast<std::uint32_t>(points[at]));
    };
    if (++runs <= most) words.push_back(i == last ? number(i) : number(i) + ".." + number(last));
    i = last + 1;
  }
  std::string text = fmt::format("{}", fmt::join(words, ", "));
  return runs <= most ? text : fmt::format("{} and {} more ranges", text, runs - most);
}

std::unique_ptr<Campaign> start_campaign(const Case& test, const CampaignLimits& limits) {
  if (test.sweep) return std::make_unique<SweepCampaign>(test);
  return std::make_unique<PropertyCampaign>(test, limits);
}

}  // namespace conformance
