// Keeps credentials fresh over a run that may outlive them.
//
// Temporary ones end, and a request that is signed with ended ones is refused as if the endpoint were at fault. So new
// ones are got early, where nothing is in flight that they would tear apart; or at the last moment, before a request
// would be signed with what has ended.
//
//     CredentialSource source(*find_credentials(env, options), [&] { return find_credentials(env, options); });
//     signer = Signer(source.current(), region, "glue");   // before sending
//     if (source.refresh_if_due()) …                       // between two waves
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "harness/aws/found_credentials.h"

namespace conformance::aws {

// For one thread at a time.
class CredentialSource {
 public:
  using Getter = std::function<std::optional<FoundCredentials>()>;
  using Clock = std::function<TimePoint()>;
  // Called with other keys than those before, ahead of their use; if it throws, they are not used.
  using OnChange = std::function<void(const FoundCredentials&)>;

  // `first` are used as they are. Those without an end never need the getter; it may be empty, and then they end.
  explicit CredentialSource(FoundCredentials first, Getter get = {}, Clock now = std::chrono::system_clock::now,
                            OnChange on_change = {});

  // Gets new ones if those at hand have ended, or do within ten seconds. Throws CredentialError where they have ended
  // and there are no others, and whatever the getter and on_change() throw; as long as they hold, it throws nothing.
  [[nodiscard]] const wire::Credentials& current();

  // Gets new ones if those at hand end within five minutes, or have lived half their life where that is shorter. True
  // if the keys changed. Throws nothing: where there are no others they still hold, and it tries again a little later.
  bool refresh_if_due();

  // Where those at hand are from.
  [[nodiscard]] const std::string& in_words() const { return held_.source; }
  [[nodiscard]] std::optional<TimePoint> expires() const { return held_.expires; }

 private:
  // True if the keys changed.
  bool refresh();
  [[nodiscard]] std::chrono::system_clock::duration remaining() const;

  FoundCredentials held_;
  Getter get_;
  Clock now_;
  OnChange on_change_;
  TimePoint since_;       // when those at hand were got
  TimePoint not_before_;  // of the next early attempt
};

}  // namespace conformance::aws
