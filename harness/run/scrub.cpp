#include "harness/run/scrub.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <utility>

#include "harness/text/escape.h"

namespace conformance {
namespace {

constexpr std::size_t shortest_secret = 6;
constexpr std::size_t window = 12;
constexpr std::string_view authorization = "authorization:", token_header = "x-amz-security-token:";

bool starts_with_name(std::string_view line, std::string_view name) {
  return line.size() >= name.size() && std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
           return a == std::tolower(static_cast<unsigned char>(b));
         });
}

std::string with(std::string text, std::string_view what, std::string_view other) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + other.size()))
    text.replace(at, what.size(), other);
  return text;
}

// Calls `found(name, value)` for the value of each line that begins like a header with credentials. Any line, since an
// endpoint may say the request back.
template <typename Found>
void for_each_credential(std::string_view message, const Found& found) {
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t feed = message.find('\n', at);
    const std::size_t next = feed == std::string_view::npos ? message.size() : feed + 1;
    const std::string_view line = message.substr(at, next - at);
    at = next;
    for (const std::string_view name : {authorization, token_header}) {
      if (!starts_with_name(line, name)) continue;
      std::string_view value = line.substr(name.size());
      while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
      while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.remove_suffix(1);
      found(name, value);
    }
  }
}

std::string without_credential_headers(std::string_view message) {
  std::string out;
  const char* kept = message.data();
  for_each_credential(message, [&](std::string_view, std::string_view value) {
    out.append(kept, value.data());
    out += Scrubber::mark;
    kept = value.data() + value.size();
  });
  return out.append(kept, message.data() + message.size());
}

constexpr std::string_view signature_label = "Signature=";

std::string_view signature_in(std::string_view value) {
  const std::size_t at = value.find(signature_label);
  return at == std::string_view::npos ? std::string_view() : value.substr(at + signature_label.size());
}

// Of requests of which nothing else is at hand.
std::string without_signatures(std::string_view text) {
  constexpr std::size_t least_digits = 16;
  std::string out;
  for (;;) {
    const std::size_t at = text.find(signature_label);
    if (at == std::string_view::npos) return out.append(text);
    const std::size_t begin = at + signature_label.size();
    const std::size_t end = std::min(text.find_first_not_of("0123456789abcdefABCDEF", begin), text.size());
    out.append(text.substr(0, begin));
    out.append(end - begin < least_digits ? text.substr(begin, end - begin) : Scrubber::mark);
    text.remove_prefix(end);
  }
}

}  // namespace

void Scrubber::Needles::add(std::string_view secret) {
  if (secret.size() < shortest_secret || secret == mark) return;
  const std::string plain(secret);
  add_spelling(plain);
  add_spelling(with(plain, "/", "\\/"));
  add_spelling(with(plain, "/", "\\\\/"));  // the same, made visible
  add_spelling(text::percent_encoded(plain));
}

void Scrubber::Needles::add_spelling(const std::string& secret) {
  if (secret.size() < window) {
    if (std::find(whole_.begin(), whole_.end(), secret) == whole_.end()) whole_.push_back(secret);
    return;
  }
  for (std::size_t at = 0; at + window <= secret.size(); ++at) windows_.insert(secret.substr(at, window));
}

void Scrubber::Needles::leave_out_of(std::string& text) const {
  if (empty()) return;
  const std::string_view all = text;
  std::string out, key;
  std::size_t secret_until = 0, kept = 0;
  for (std::size_t at = 0; at < all.size(); ++at) {
    std::size_t size = 0;
    if (!windows_.empty() && at + window <= all.size()) {
      key.assign(all, at, window);
      if (windows_.contains(key)) size = window;
    }
    for (const std::string& secret : whole_)
      if (secret.size() > size && all.substr(at).starts_with(secret)) size = secret.size();
    if (size == 0) continue;
    if (at >= secret_until) {
      out.append(all, kept, at - kept);
      out += mark;
    }
    kept = secret_until = std::max(secret_until, at + size);
  }
  if (kept == 0) return;
  out.append(all, kept);
  text = std::move(out);
}

struct Scrubber::Shared {
  std::mutex mutex;
  std::shared_ptr<const Needles> needles = std::make_shared<const Needles>();
};

Scrubber::Scrubber() : shared_(std::make_shared<Shared>()) {}

Scrubber::Scrubber(const wire::Credentials& credentials) : Scrubber() { add(credentials); }

void Scrubber::add(const wire::Credentials& credentials) const {
  const std::lock_guard lock(shared_->mutex);
  Needles more = *shared_->needles;
  more.add(credentials.secret_key);
  more.add(credentials.session_token);
  shared_->needles = std::make_shared<const Needles>(std::move(more));
}

std::shared_ptr<const Scrubber::Needles> Scrubber::known() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->needles;
}

std::string Scrubber::scrubbed(std::string text) const {
  const std::shared_ptr<const Needles> needles = known();
  if (needles->empty()) return text;
  needles->leave_out_of(text);
  return without_signatures(text);
}

CaseResult Scrubber::scrubbed(CaseResult result) const {
  const std::array<std::optional<wire::Exchange>*, 2> messages{&result.stimulus, &result.control};
  Needles sent;
  std::vector<std::string> signatures;
  for (std::optional<wire::Exchange>* exchange : messages) {
    if (!*exchange) continue;
    for_each_credential((*exchange)->sent, [&](std::string_view name, std::string_view value) {
      if (name == token_header) sent.add(value);
      if (name == authorization) signatures.emplace_back(signature_in(value));
    });
    (*exchange)->sent = without_credential_headers((*exchange)->sent);
    (*exchange)->received = without_credential_headers((*exchange)->received);
  }
  const std::shared_ptr<const Needles> known_secrets = known();
  if (known_secrets->empty() && sent.empty()) return result;
  for (const std::string& signature : signatures) sent.add(signature);

  const auto clean = [&](std::string& text) {
    known_secrets->leave_out_of(text);
    sent.leave_out_of(text);
    if (text.find(signature_label) != std::string::npos) text = without_signatures(text);
  };
  clean(result.sdks);
  Judgement& j = result.judgement;
  for (std::string* text : {&j.expected, &j.actual, &j.reason, &j.note, &j.answer.type, &j.answer.type_place,
                            &j.answer.message, &j.answer.body_fault})
    clean(*text);
  for (std::string& cause : j.causes) clean(cause);
  for (auto& [requirement, cause] : j.form) clean(cause);
  if (j.answer.echo) clean(*j.answer.echo);
  for (std::optional<wire::Exchange>* exchange : messages) {
    if (!*exchange) continue;
    for (std::string* text : {&(*exchange)->sent, &(*exchange)->received, &(*exchange)->detail}) clean(*text);
    if (!(*exchange)->response) continue;
    wire::Response& response = *(*exchange)->response;
    clean(response.reason);
    clean(response.body);
    for (wire::Header& header : response.headers) {
      clean(header.name);
      clean(header.value);
    }
  }
  return result;
}

RunEnd Scrubber::scrubbed(RunEnd end) const {
  const std::shared_ptr<const Needles> needles = known();
  if (needles->empty()) return end;
  end.fatal = scrubbed(std::move(end.fatal));
  for (Measured& measured : end.characteristics) {
    measured.reading = scrubbed(std::move(measured.reading));
    for (std::string& observation : measured.observations) observation = scrubbed(std::move(observation));
  }
  for (NotHeld& pin : end.not_held) pin.why = scrubbed(std::move(pin.why));
  return end;
}

}  // namespace conformance
