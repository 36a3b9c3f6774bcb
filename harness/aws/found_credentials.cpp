#include "harness/aws/found_credentials.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/text/escape.h"
#include "harness/text/utf8.h"
#include "harness/wire/ascii.h"
#include "harness/wire/credentials.h"

namespace conformance::aws {
namespace {

using nlohmann::json;

constexpr std::size_t most_key_bytes = 1024;     // AWS's own have 20 and 40
constexpr std::size_t most_token_bytes = 32768;  // AWS names no bound; a header section of that size is refused anyway
constexpr int last_year = 2200;                  // a time_point of nanoseconds ends in 2262

std::string fault_of_text(std::string_view name, std::string_view value, std::size_t most_bytes) {
  if (value.size() > most_bytes) return fmt::format("the {} has {} bytes, more than any", name, value.size());
  if (wire::has_control_character(value)) return fmt::format("there is a control character in the {}", name);
  if (!text::is_valid(value)) return fmt::format("the {} is not UTF-8", name);
  return {};
}

// Digits from the front, exactly so many.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (!wire::ascii::is_digit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// "Z", "+01:00", "-0100": minutes east of Greenwich.
std::optional<std::chrono::minutes> offset_of(std::string_view zone) {
  if (zone == "Z") return std::chrono::minutes(0);
  const bool west = zone.starts_with('-');
  if (!west && !zone.starts_with('+')) return std::nullopt;
  zone.remove_prefix(1);
  const auto hours = take_number(zone, 2);
  (void)take(zone, ':');
  const auto minutes = take_number(zone, 2);
  if (!hours || !minutes || !zone.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes all(*hours * 60 + *minutes);
  return west ? -all : all;
}

// A string member; nothing if it is not there or null.
std::optional<std::string> member(const json& object, const std::string& name, std::string& fault) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  fault = fmt::format("has a value of {} that is no string", name);
  return std::nullopt;
}

}  // namespace

namespace {

// Forty letters of base64, as secret keys are; ids are shorter, and in capitals.
bool looks_secret(std::string_view id) {
  constexpr std::size_t secret_size = 40;
  return id.size() == secret_size && std::any_of(id.begin(), id.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

std::string fault_of_keys(const wire::Credentials& keys) {
  if (keys.access_key.empty()) return "the access key's id is empty";
  if (keys.secret_key.empty()) return "the secret key is empty";
  if (looks_secret(keys.access_key)) return "the access key's id looks like a secret key: the two may be swapped";
  // It stands between these in a signature.
  if (keys.access_key.find_first_of("/, ") != std::string::npos)
    return "the access key's id has a character that cannot stand there";
  if (std::string fault = fault_of_text("access key's id", keys.access_key, most_key_bytes); !fault.empty())
    return fault;
  if (std::string fault = fault_of_text("secret key", keys.secret_key, most_key_bytes); !fault.empty()) return fault;
  return fault_of_text("session token", keys.session_token, most_token_bytes);
}

std::optional<TimePoint> parse_timestamp(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || (!take(text, 'T') && !take(text, ' '))) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second) return std::nullopt;
  if (take(text, '.')) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
  }
  const auto offset = offset_of(text);
  const std::chrono::year_month_day date{std::chrono::year(std::min(*year, last_year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  // A leap second is the next minute's first.
  if (!offset || !date.ok() || *year < 1970 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) - *offset;
}

std::string timestamp(TimePoint time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

KeyDocument read_key_document(std::string_view text, const KeyDocumentForm& form, TimePoint now) {
  const auto faulty = [](std::string fault) { return KeyDocument{{}, std::move(fault)}; };
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return faulty("is no JSON object");
  if (form.needs_version) {
    const auto version = object.find("Version");
    if (version == object.end() || !version->is_number_integer() || *version != 1)
      return faulty("has no \"Version\": 1");
  }
  std::string fault;
  KeyDocument document;
  const auto access_key = member(object, "AccessKeyId", fault);
  const auto secret_key = member(object, "SecretAccessKey", fault);
  const auto token = member(object, form.token_name, fault);
  const auto expiration = member(object, "Expiration", fault);
  if (!fault.empty()) return faulty(fault);
  if (!access_key) return faulty("has no AccessKeyId");
  if (!secret_key) return faulty("has no SecretAccessKey");
  if (form.is_temporary && !token) return faulty(fmt::format("has no {}", form.token_name));
  if (form.is_temporary && !expiration) return faulty("has no Expiration");
  document.found.keys = {*access_key, *secret_key, token.value_or("")};
  if (const std::string bad = fault_of_keys(document.found.keys); !bad.empty())
    return faulty(fmt::format("cannot be used: {}", bad));
  if (!expiration || expiration->empty()) return document;
  document.found.expires = parse_timestamp(*expiration);
  if (!document.found.expires) return faulty("has an Expiration that is no date");
  if (*document.found.expires <= now)
    return faulty(fmt::format("holds credentials that ended at {}", timestamp(*document.found.expires)));
  return document;
}

}  // namespace conformance::aws
