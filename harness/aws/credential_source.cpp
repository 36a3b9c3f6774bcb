#include "harness/aws/credential_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace conformance::aws {
namespace {

using Duration = std::chrono::system_clock::duration;

constexpr std::chrono::seconds last_moment{10};
constexpr std::chrono::minutes early{5};
// Between two early attempts: a service that gives the same ones again is not asked before every request.
constexpr std::chrono::seconds pause{15};

bool same(const wire::Credentials& a, const wire::Credentials& b) {
  return a.access_key == b.access_key && a.secret_key == b.secret_key && a.session_token == b.session_token;
}

}  // namespace

CredentialSource::CredentialSource(FoundCredentials first, Getter get, Clock now, OnChange on_change)
    : held_(std::move(first)),
      get_(std::move(get)),
      now_(std::move(now)),
      on_change_(std::move(on_change)),
      since_(now_()),
      not_before_(since_) {}

Duration CredentialSource::remaining() const { return held_.expires ? *held_.expires - now_() : Duration::max(); }

const wire::Credentials& CredentialSource::current() {
  if (remaining() > last_moment) return held_.keys;
  try {
    refresh();
  } catch (const std::exception&) {
    // They hold for a few seconds yet.
    if (remaining() <= Duration::zero()) throw;
  }
  return held_.keys;
}

bool CredentialSource::refresh_if_due() {
  if (!held_.expires || !get_ || now_() < not_before_) return false;
  const Duration lifetime = *held_.expires - since_;
  if (remaining() > std::min<Duration>(early, lifetime / 2)) return false;
  not_before_ = now_() + pause;
  try {
    return refresh();
  } catch (const std::exception&) {
    // If they end before there are others, current() says why.
    return false;
  }
}

bool CredentialSource::refresh() {
  const auto ended = [this](const char* why) {
    return CredentialError(CredentialError::Because::source,
                           fmt::format("the credentials of {} {} at {}, and {}", held_.source,
                                       remaining() <= Duration::zero() ? "ended" : "end",
                                       held_.expires ? timestamp(*held_.expires) : "no time", why));
  };
  if (!get_) throw ended("nothing renews them");
  std::optional<FoundCredentials> found = get_();
  if (!found) throw ended("there are none any more where they were");
  if (found->expires && *found->expires <= now_()) throw ended("those that renew them have ended too");
  const bool changed = !same(found->keys, held_.keys);
  if (changed && on_change_) on_change_(*found);
  // The same ones again do not begin a new life.
  if (changed || found->expires != held_.expires) since_ = now_();
  held_ = std::move(*found);
  return changed;
}

}  // namespace conformance::aws
