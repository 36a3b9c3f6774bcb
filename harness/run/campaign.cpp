#include "harness/run/campaign.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "harness/text/numbers.h"
#include "harness/text/utf8.h"

namespace conformance {
namespace {

constexpr std::size_t shrink_batch = 16;
constexpr std::size_t confirmations = 2;
// Requests without an answer while a failure is made smaller, each of which may take the timeout.
constexpr std::size_t most_silent = 64;

CampaignLimits share_of(CampaignLimits limits, const Property& property) {
  limits.examples = std::max<std::uint64_t>(limits.examples / property.share, 1);
  return limits;
}

std::size_t requests_of(const Case& test) {
  if (!test.story) return test.control_body ? 2 : 1;
  std::size_t calls = 0;
  for (const Turn& turn : test.story->turns) calls += turn.size();
  return calls;
}

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

  // So many that showed what those before showed.
  void add_passes(std::size_t many) { counts_[Verdict::pass] += many; }

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
      judgement.reason = fmt::format("{} of {}: {}", text::with_commas(count(open)), done, reasons_.at(open));
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
      judgement.note =
          fmt::format("{} of {} were skipped: {}", text::with_commas(skipped), done, reasons_.at(Verdict::skipped));
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
  PropertyCampaign(const Case& test, const CampaignLimits& limits)
      : test_(test), limits_(share_of(limits, *test.property)), sum_(test) {}

  std::vector<Case> next(std::size_t at_most) override {
    switch (phase_) {
      case Phase::examples:
        return next_examples(at_most);
      case Phase::confirm:
        return {found_->test.anew ? found_->test.anew() : found_->test};
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
        return take_confirmation(results.front());
      case Phase::shrink:
        return take_smaller(std::move(results));
    }
  }

  Examples unasked_examples() const override {
    if (!test_.property->valid_body || phase_ != Phase::examples || !open_.empty()) return {};
    return {next_, limits_.examples - next_};
  }

  void settle_examples(BulkResults&& results) override {
    using Bulk = BulkResults::State;
    for (std::size_t i = 0; i < results.states.size(); ++i)
      if (results.states[i] == Bulk::open) open_.push_back(next_ + i);
    sum_.add_passes(static_cast<std::size_t>(std::count(results.states.begin(), results.states.end(), Bulk::passed)));
    for (auto& [i, result] : results.judged) take_one(next_ + i, std::move(result));
    next_ += results.states.size();
    choose_failure();
  }

  CaseResult conclude() override {
    if (!found_ || phase_ == Phase::examples) {
      CaseResult result = sum_.conclude(fmt::format("{} examples", text::with_commas(next_)));
      if (!flake_.empty() && result.judgement.verdict == Verdict::pass) {
        result.judgement.verdict = Verdict::inconclusive;
        result.judgement.reason = flake_;
      }
      return result;
    }
    CaseResult result = under(
        test_, *found_,
        fmt::format("example {} of {}", text::with_commas(found_index_ + 1), text::with_commas(limits_.examples)));
    result.judgement.note = fmt::format(
        "found by example {}{}", text::with_commas(found_index_ + 1),
        made_smaller_ == 0 ? std::string()
                           : fmt::format(", made smaller {} times in {} requests", text::with_commas(made_smaller_),
                                         text::with_commas(shrink_requests_)));
    return result;
  }

 private:
  enum class Phase { examples, confirm, shrink };

  std::vector<Case> next_examples(std::size_t at_most) {
    std::vector<Case> batch;
    batch_.clear();
    while (batch_.size() < at_most && (!open_.empty() || next_ < limits_.examples)) {
      if (open_.empty()) {
        batch_.push_back(next_++);
      } else {
        batch_.push_back(open_.front());
        open_.pop_front();
      }
      batch.push_back(test_.property->example(batch_.back()));
    }
    return batch;
  }

  void take_examples(std::vector<CaseResult> results) {
    for (std::size_t i = 0; i < results.size(); ++i) take_one(batch_[i], std::move(results[i]));
    choose_failure();
  }

  void take_one(std::uint64_t index, CaseResult result) {
    if (result.judgement.verdict == Verdict::fail)
      failures_.push_back({std::move(result), index});
    else
      sum_.add(result);
  }

  void choose_failure() {
    // One that fails the run before one that only warns.
    std::stable_sort(failures_.begin(), failures_.end(),
                     [](const Failure& a, const Failure& b) { return !a.result.warning && b.result.warning; });
    take_next_failure();
  }

  void take_next_failure() {
    found_.reset();
    phase_ = Phase::examples;
    if (failures_.empty()) return;
    found_ = std::move(failures_.front().result);
    found_index_ = failures_.front().index;
    failures_.pop_front();
    unconfirmed_ = 0;
    phase_ = Phase::confirm;
  }

  void take_confirmation(const CaseResult& result) {
    if (same_failure(result.judgement, found_->judgement)) {
      phase_ = Phase::shrink;
      candidates_ = smaller_than_found();
      return;
    }
    if (++unconfirmed_ < confirmations) return;
    flake_ = fmt::format("example {} failed once ({}), and not when it was sent again",
                         text::with_commas(found_index_ + 1), found_->judgement.actual);
    take_next_failure();
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
    for (const CaseResult& result : results) silent_ += result.stimulus && !result.stimulus->response ? 1U : 0U;
    if (silent_ > most_silent) {
      candidates_.clear();
      return;
    }
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
  std::uint64_t next_ = 0;            // of those that were not begun
  std::deque<std::uint64_t> open_;    // that were begun in bulk, and are asked again
  std::vector<std::uint64_t> batch_;  // that are being asked
  struct Failure {
    CaseResult result;
    std::uint64_t index;
  };
  std::deque<Failure> failures_;  // of the last batch, that are not confirmed yet
  std::optional<CaseResult> found_;
  std::uint64_t found_index_ = 0;
  std::size_t unconfirmed_ = 0;
  std::string flake_;
  std::deque<Case> candidates_;
  std::size_t shrink_requests_ = 0, made_smaller_ = 0, silent_ = 0;
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
      if (!parts_.empty()) {
        batch_.push_back(std::move(parts_.front()));
        parts_.pop_front();
      } else if (begin_ < points_.size()) {
        batch_.push_back(next_pack(begin_));
        begin_ = batch_.back().end;
      } else {
        break;
      }
      cases.push_back(test_.sweep->stimulus(of(batch_.back())));
      cases.back().without_session = batch_.back().without_session;
    }
    return cases;
  }

  void take(std::vector<CaseResult> results) override {
    for (std::size_t i = 0; i < results.size(); ++i) take_one(batch_[i], std::move(results[i]));
  }

  std::span<const char32_t> unasked() const override {
    const bool in_bulk = test_.sweep->body && parts_.empty();
    return in_bulk ? std::span(points_).subspan(begin_) : std::span<const char32_t>();
  }

  void settle(const std::vector<bool>& passed) override {
    std::vector<char32_t> open;
    for (std::size_t i = 0; i < passed.size(); ++i)
      if (!passed[i]) open.push_back(points_[begin_ + i]);
    const std::size_t settled = passed.size() - open.size();
    // Those that are left come next; the places before begin_ are nobody's any more once they are decided.
    begin_ += settled;
    std::copy(open.begin(), open.end(), points_.begin() + static_cast<std::ptrdiff_t>(begin_));
    decided_ += settled;
    sent_ += settled;
    sum_.add_passes(settled);
  }

  CaseResult conclude() override {
    if (classes_.empty()) return sum_.conclude(fmt::format("{} stimuli", sent_));
    // What fails the run before what only warns; then what was found first.
    std::stable_sort(classes_.begin(), classes_.end(),
                     [](const Class& a, const Class& b) { return !a.first.warning && b.first.warning; });
    CaseResult result = under(test_, classes_.front().first, "every code point by itself");
    result.judgement.actual = in_words(classes_.front());
    for (std::size_t i = 1; i < classes_.size(); ++i) {
      result.judgement.note += (i == 1 ? "also " : "; ") + classes_[i].first.judgement.requirement + ": ";
      result.judgement.note += in_words(classes_[i]);
    }
    if (begin_ < points_.size() || !parts_.empty())
      result.judgement.note += fmt::format("{}{} of {} characters were decided",
                                           result.judgement.note.empty() ? "" : "; ", decided_, points_.size());
    return result;
  }

 private:
  static constexpr std::size_t most_ranges = 40;
  static constexpr std::size_t confirmed_culprits = 8;  // of a class, each sent twice; the rest is believed

  // A pack that failed, until it is known which of its characters it was.
  struct Suspect;
  struct Pack {
    std::size_t begin, end;
    std::shared_ptr<Suspect> part_of;
    bool without_session;  // what is refused stands in nobody's way, but a session that cannot be deleted does
    bool again;            // it failed before, and no part of it does: what fails twice is no flake
    bool wide;             // it is within the limit in code points, and not in every unit of length
    [[nodiscard]] std::size_t size() const { return end - begin; }
  };
  struct Suspect {
    Pack pack;
    CaseResult result;
    std::size_t open;  // parts whose answers are not known
    std::size_t culprits = 0;
  };
  // Characters that fail in the same way.
  struct Class {
    CaseResult first;
    std::vector<char32_t> culprits;
  };

  [[nodiscard]] std::size_t end_within_room(std::size_t begin) const {
    std::size_t end = begin, bytes = 0;
    while (end < points_.size()) {
      bytes += text::encoded_size(points_[end]);
      if (bytes > test_.sweep->room && end > begin) break;
      ++end;
    }
    return end;
  }

  [[nodiscard]] Pack next_pack(std::size_t begin) const {
    const std::size_t end = end_within_room(begin);
    const std::size_t wide_end = std::min(begin + test_.sweep->most, points_.size());
    if (narrow_ || wide_end <= end) return {begin, end, nullptr, false, false, false};
    return {begin, wide_end, nullptr, false, false, true};
  }

  // It may have been too long in the endpoint's unit, which is no fault of its characters.
  void narrow(const Pack& wide) {
    narrow_ = true;
    for (std::size_t begin = wide.begin; begin < wide.end;) {
      const std::size_t end = std::min(end_within_room(begin), wide.end);
      parts_.push_back({begin, end, nullptr, false, false, false});
      begin = end;
    }
  }

  [[nodiscard]] std::span<const char32_t> of(const Pack& pack) const {
    return std::span(points_).subspan(pack.begin, pack.size());
  }

  [[nodiscard]] std::string in_words(Class& of_class) const {
    std::sort(of_class.culprits.begin(), of_class.culprits.end());
    return fmt::format("{} of {} characters, {}: {}", of_class.culprits.size(), points_.size(),
                       ranges_in_words(of_class.culprits, most_ranges), of_class.first.judgement.actual);
  }

  [[nodiscard]] Class* class_of(const CaseResult& result) {
    const auto found = std::find_if(classes_.begin(), classes_.end(), [&result](const Class& c) {
      return same_failure(c.first.judgement, result.judgement);
    });
    return found == classes_.end() ? nullptr : &*found;
  }

  void take_one(const Pack& pack, CaseResult result) {
    ++sent_;
    if (pack.wide && result.judgement.verdict != Verdict::pass) return narrow(pack);
    if (result.judgement.verdict != Verdict::fail) {
      sum_.add(result);
      decided_ += pack.size();
      close(pack.part_of, 0);
      return;
    }
    if (pack.size() > 1 && !pack.again) {
      split(pack, std::move(result));
      return;
    }
    const Class* known = class_of(result);
    if (pack.size() == 1 && !pack.again && (known == nullptr || known->culprits.size() < confirmed_culprits)) {
      Pack once_more = pack;
      once_more.again = true;
      parts_.push_back(std::move(once_more));
      return;
    }
    blame(pack, result);
    close(pack.part_of, pack.size());
  }

  // In halves; where nearly all fails, each by itself, which is half the stimuli.
  void split(const Pack& pack, CaseResult result) {
    const bool refused = result.judgement.answer.outcome != spec::Outcome::success;
    const std::size_t part = dense_ ? 1 : (pack.size() + 1) / 2;
    const std::size_t count = (pack.size() + part - 1) / part;
    auto suspect = std::make_shared<Suspect>(Suspect{pack, std::move(result), count});
    for (std::size_t begin = pack.begin; begin < pack.end; begin += part)
      parts_.push_back({begin, std::min(begin + part, pack.end), suspect, refused, false, false});
  }

  // A part is decided. Where no part of a pack fails, its characters fail only together, or it was a flake.
  void close(std::shared_ptr<Suspect> suspect, std::size_t culprits) {
    while (suspect) {
      suspect->culprits += culprits;
      if (--suspect->open > 0) return;
      const Pack& pack = suspect->pack;
      if (suspect->culprits == 0) {
        Pack together = pack;
        together.again = true;
        parts_.push_back(std::move(together));
        return;
      }
      if (!pack.part_of) dense_ = 2 * suspect->culprits > pack.size();
      culprits = suspect->culprits;
      suspect = pack.part_of;
    }
  }

  void blame(const Pack& pack, const CaseResult& result) {
    decided_ += pack.size();
    Class* known = class_of(result);
    if (known == nullptr) known = &classes_.emplace_back(Class{result, {}});
    const auto points = of(pack);
    known->culprits.insert(known->culprits.end(), points.begin(), points.end());
  }

  const Case& test_;
  Sum sum_;
  std::vector<char32_t> points_;
  std::size_t begin_ = 0, sent_ = 0, decided_ = 0;
  bool narrow_ = false;  // a wide pack did not pass
  bool dense_ = false;   // of the last pack that failed, most characters did
  std::deque<Pack> parts_;
  std::vector<Pack> batch_;
  std::vector<Class> classes_;
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
