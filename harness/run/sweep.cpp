#include "harness/run/sweep.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "harness/run/request_factory.h"
#include "harness/run/resource.h"

namespace conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int rounds = 3;  // a session may refuse to go at one moment, and not at another
constexpr milliseconds first_sweep_poll{10}, longest_sweep_poll{500};

class Sweeper {
 public:
  Sweeper(const SweepConfig& config, const spec::SpecTable& table, std::vector<std::string> ids,
          const std::function<void(const std::string&)>& gone)
      : config_(config),
        factory_(config.endpoint, table.content_type, config.signer),
        client_(config.endpoint, config.client),
        sender_(client_, table, config.sending, real_time([] { return false; })),
        resource_(table, factory_, sender_),
        left_(std::move(ids)),
        gone_(gone) {}

  Swept run() {
    Swept swept;
    for (int round = 0; round < rounds && !left_.empty(); ++round) {
      (void)look_until(config_.ready_wait, [this](const Sight& s) { return none(s, &Sweeper::is_pending); });
      answers_ = resource_.remove(left_);
      if (std::all_of(answers_.begin(), answers_.end(), says_nothing)) {
        swept.unreachable = summary_of(answers_.front());
        break;
      }
      take_out(look_until(config_.effect_wait, [this](const Sight& s) { return none(s, &Sweeper::is_there); }));
    }
    for (std::size_t i = 0; i < left_.size(); ++i) swept.left[left_[i]] = summary_of(answers_[i]);
    return swept;
  }

 private:
  using Sight = std::optional<std::map<std::string, std::string>>;

  // No answer of the operation's: nobody is there, or nobody who lets us in.
  static bool says_nothing(const Answer& answer) {
    return answer.outcome == spec::Outcome::no_response || answer.outcome == spec::Outcome::unauthenticated;
  }

  // By both ways, where there are both: a listing may leave something out.
  Sight look() {
    Sight seen = resource_.list();
    Sight got = resource_.get(left_);
    sees_ = sees_ || seen || got;
    if (!seen) return got;
    if (got) seen->merge(*got);
    return seen;
  }

  Sight look_until(milliseconds time, const std::function<bool(const Sight&)>& done) {
    const auto started = steady_clock::now();
    const milliseconds before = sender_.backoff().waited();
    Sight seen = look();
    for (auto pause = first_sweep_poll; !done(seen); pause = std::min(2 * pause, longest_sweep_poll)) {
      if (steady_clock::now() - started - (sender_.backoff().waited() - before) >= time) break;
      std::this_thread::sleep_for(pause);
      seen = look();
    }
    return seen;
  }

  [[nodiscard]] bool none(const Sight& seen, bool (Sweeper::*is)(const Sight&, const std::string&) const) const {
    return std::none_of(left_.begin(), left_.end(), [&](const std::string& id) { return (this->*is)(seen, id); });
  }
  [[nodiscard]] bool is_there(const Sight& seen, const std::string& id) const { return seen && seen->contains(id); }
  [[nodiscard]] bool is_pending(const Sight& seen, const std::string& id) const {
    return is_there(seen, id) && resource_.pending(seen->at(id));
  }

  void take_out(const Sight& seen) {
    std::vector<std::string> still;
    std::vector<Answer> their_answers;
    for (std::size_t i = 0; i < left_.size(); ++i) {
      const spec::Outcome outcome = answers_[i].outcome;
      const bool said = outcome == spec::Outcome::success || outcome == spec::Outcome::not_found;
      if (seen ? !seen->contains(left_[i]) : said && !sees_) {
        gone_(left_[i]);
        continue;
      }
      still.push_back(left_[i]);
      their_answers.push_back(std::move(answers_[i]));
    }
    left_ = std::move(still);
    answers_ = std::move(their_answers);
  }

  const SweepConfig& config_;
  RequestFactory factory_;
  wire::Client client_;
  Sender sender_;
  Resource resource_;
  std::vector<std::string> left_;
  std::vector<Answer> answers_;  // to the last removal, of what is left
  bool sees_ = false;            // the endpoint shows sessions
  const std::function<void(const std::string&)>& gone_;
};

}  // namespace

Swept sweep(const SweepConfig& config, const spec::SpecTable& table, const std::vector<std::string>& ids,
            const std::function<void(const std::string&)>& gone) {
  return ids.empty() ? Swept{} : Sweeper(config, table, ids, gone).run();
}

}  // namespace conformance
