#include "harness/wire/sigv4.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "harness/wire/ascii.h"
#include "harness/wire/digest.h"
#include "harness/wire/http_date.h"

namespace conformance::wire {
namespace {

// Everything but the unreserved characters (RFC 3986 section 2.3) and, in a path, the slash.
std::string uri_encode(std::string_view text, bool keep_slash) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (ascii::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || (keep_slash && c == '/')) {
      result.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result.push_back('%');
      result.push_back(digits[byte >> 4]);
      result.push_back(digits[byte & 15]);
    }
  }
  return result;
}

std::string percent_decode(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && ascii::hex_value(text[i + 1]) >= 0 &&
        ascii::hex_value(text[i + 2]) >= 0) {
      result.push_back(static_cast<char>(ascii::hex_value(text[i + 1]) * 16 + ascii::hex_value(text[i + 2])));
      i += 2;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

// Without empty and dot segments, then encoded. Only a slash at the very end leaves one: "/a/." becomes "/a", as
// botocore and aws-c-auth have it, and not "/a/", as RFC 3986 section 5.2.4 would.
std::string canonical_path(std::string_view path) {
  std::vector<std::string_view> segments;
  const bool trailing_slash = path.ends_with('/');
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string result;
  for (const std::string_view segment : segments) result.append("/").append(segment);
  if (result.empty() || trailing_slash) result.push_back('/');
  return uri_encode(result, true);
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    if (parameter.empty()) continue;
    const std::size_t equals = parameter.find('=');
    const std::string_view value = equals == std::string_view::npos ? "" : parameter.substr(equals + 1);
    parameters.emplace_back(uri_encode(percent_decode(parameter.substr(0, equals)), false),
                            uri_encode(percent_decode(value), false));
  }
  std::ranges::sort(parameters);
  std::string result;
  for (const auto& [name, value] : parameters) {
    if (!result.empty()) result.push_back('&');
    result.append(name).append("=").append(value);
  }
  return result;
}

// Path and query of a target in origin-form or absolute-form.
std::string_view origin_form(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return target;
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

bool is_signature_place(const Header& header) {
  return header.value.empty() && (ascii::equal_ignoring_case(header.name, "Authorization") ||
                                  ascii::equal_ignoring_case(header.name, "X-Amz-Date") ||
                                  ascii::equal_ignoring_case(header.name, "X-Amz-Security-Token"));
}

// In the place of the first of that name, else at the end; further ones go. An empty value takes all away.
void set_header(Request& request, std::string_view name, std::string value) {
  const auto has_name = [name](const Header& header) { return ascii::equal_ignoring_case(header.name, name); };
  auto place = std::find_if(request.headers.begin(), request.headers.end(), has_name);
  if (!value.empty()) {
    if (place == request.headers.end()) place = request.headers.insert(place, {std::string(name), {}});
    place->value = std::move(value);
    ++place;
  }
  request.headers.erase(std::remove_if(place, request.headers.end(), has_name), request.headers.end());
}

// Trimmed, each run of spaces as one.
void append_value(std::string& target, std::string_view value) {
  bool space = false;
  for (const char c : ascii::trim(value)) {
    if (c != ' ' || !space) target.push_back(c);
    space = c == ' ';
  }
}

bool contains(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// By lower-case name; of headers of one name, the values joined by commas.
std::map<std::string, std::string> headers_to_sign(const Request& request,
                                                   const std::vector<std::string>& not_signed = {}) {
  std::map<std::string, std::string> result;
  for (const Header& header : request.headers) {
    std::string name = ascii::lower(header.name);
    const bool belongs =
        name == "host" || name == "content-type" || name.starts_with("x-amz-") || contains(request.sign_also, name);
    if (!belongs || contains(not_signed, name)) continue;
    const auto [position, is_new] = result.try_emplace(std::move(name));
    if (!is_new) position->second.push_back(',');
    append_value(position->second, header.value);
  }
  return result;
}

std::string names_of(const std::map<std::string, std::string>& headers) {
  std::string result;
  for (const auto& [name, value] : headers) {
    if (!result.empty()) result.push_back(';');
    result.append(name);
  }
  return result;
}

std::string canonical(const Request& request, const std::map<std::string, std::string>& headers,
                      const std::string& names) {
  const std::string_view target = origin_form(request.target);
  const std::size_t question = target.find('?');
  std::string result = request.method + "\n";
  result.append(canonical_path(target.substr(0, question))).append("\n");
  if (question != std::string_view::npos) result.append(canonical_query(target.substr(question + 1)));
  result.append("\n");
  for (const auto& [name, value] : headers) result.append(name).append(":").append(value).append("\n");
  return result.append("\n").append(names).append("\n").append(hex(sha256(request.body)));
}

std::string timestamp_of(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), "%Y%m%dT%H%M%SZ", &utc)};
}

std::string date_of(const std::string& timestamp) { return timestamp.substr(0, timestamp.find('T')); }

Digest signing_key(const std::string& secret_key, std::string_view date, std::string_view region,
                   std::string_view service) {
  Digest key = hmac("AWS4" + secret_key, date);
  for (const std::string_view part : {region, service, std::string_view("aws4_request")}) key = hmac(view(key), part);
  return key;
}

void sign_with_key(Request& request, const Credentials& credentials, std::string_view key, const std::string& timestamp,
                   const std::string& scope, const std::vector<std::string>& not_signed) {
  set_header(request, "X-Amz-Date", timestamp);
  set_header(request, "X-Amz-Security-Token", credentials.session_token);
  const std::map<std::string, std::string> headers = headers_to_sign(request, not_signed);
  const std::string names = names_of(headers);
  const Digest signature = hmac(key, string_to_sign(timestamp, scope, canonical(request, headers, names)));
  set_header(request, "Authorization",
             "AWS4-HMAC-SHA256 Credential=" + credentials.access_key + "/" + scope + ", SignedHeaders=" + names +
                 ", Signature=" + hex(signature));
}

}  // namespace

void sign(Request& request, const Signing& signing) {
  const std::string timestamp = timestamp_of(signing.now);
  const std::string date = date_of(timestamp);
  const Digest key = signing_key(signing.credentials.secret_key, date, signing.region, signing.service);
  sign_with_key(request, signing.credentials, view(key), timestamp,
                date + "/" + signing.region + "/" + signing.service + "/aws4_request", signing.not_signed);
}

struct Signer::State {
  std::function<const Credentials&()> credentials;
  std::string region, service;
  std::chrono::seconds correction{0};
  // The key depends on the day and the secret alone: four HMACs less on each request.
  std::string key_date, key_secret, key, scope;
};

Signer::Signer(std::function<const Credentials&()> credentials, std::string region, std::string service)
    : state_(std::make_shared<State>(
          State{std::move(credentials), std::move(region), std::move(service), {}, {}, {}, {}, {}})) {}

Signer::Signer(Credentials credentials, std::string region, std::string service)
    : Signer([fixed = std::move(credentials)]() -> const Credentials& { return fixed; }, std::move(region),
             std::move(service)) {}

void Signer::sign(Request& request) const { sign(request, now()); }

void Signer::sign(Request& request, std::chrono::system_clock::time_point now) const {
  State& s = *state_;
  const Credentials& credentials = s.credentials();
  const std::string timestamp = timestamp_of(now);
  const std::string date = date_of(timestamp);
  if (s.key_date != date || s.key_secret != credentials.secret_key) {
    s.key = view(signing_key(credentials.secret_key, date, s.region, s.service));
    s.scope = date + "/" + s.region + "/" + s.service + "/aws4_request";
    s.key_date = date;
    s.key_secret = credentials.secret_key;
  }
  sign_with_key(request, credentials, s.key, timestamp, s.scope, {});
}

Signing Signer::signing() const { return {state_->credentials(), state_->region, state_->service, now()}; }

void Signer::correct_clock(std::chrono::seconds offset) const { state_->correction = offset; }

std::chrono::seconds Signer::clock_correction() const { return state_->correction; }

std::chrono::system_clock::time_point Signer::now() const {
  return std::chrono::system_clock::now() + state_->correction;
}

std::optional<std::chrono::seconds> clock_skew(const Response& answer, std::chrono::system_clock::time_point now,
                                               std::chrono::seconds least) {
  // One that is further away is a clock that nobody set, and may be the other's.
  constexpr std::chrono::hours most{26};
  const Header* const header = find_header(answer.headers, "Date");
  const auto date = header == nullptr ? std::nullopt : parse_http_date(header->value);
  if (!date) return std::nullopt;
  const std::chrono::seconds skew = *date - std::chrono::seconds(std::chrono::system_clock::to_time_t(now));
  const std::chrono::seconds far = std::chrono::abs(skew);
  return far >= least && far < most ? std::optional(skew) : std::nullopt;
}

void remove_signature_places(Request& request) { std::erase_if(request.headers, is_signature_place); }

std::string payload_hash(std::string_view body) { return hex(sha256(body)); }

std::string signed_headers(const Request& request) { return names_of(headers_to_sign(request)); }

std::string canonical_request(const Request& request) {
  const std::map<std::string, std::string> headers = headers_to_sign(request);
  return canonical(request, headers, names_of(headers));
}

std::string string_to_sign(std::string_view timestamp, std::string_view scope, std::string_view canonical_request) {
  std::string result = "AWS4-HMAC-SHA256\n";
  return result.append(timestamp).append("\n").append(scope).append("\n").append(hex(sha256(canonical_request)));
}

}  // namespace conformance::wire
