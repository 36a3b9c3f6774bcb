#include "harness/wire/credentials.h"

#include <algorithm>

namespace conformance::wire {
namespace {

std::string value_of(const Lookup& lookup, const char* name) {
  const char* value = lookup(name);
  return value ? value : "";
}

}  // namespace

bool has_control_character(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

std::optional<Credentials> from_environment(const Lookup& lookup) {
  Credentials credentials;
  credentials.access_key = value_of(lookup, "AWS_ACCESS_KEY_ID");
  credentials.secret_key = value_of(lookup, "AWS_SECRET_ACCESS_KEY");
  credentials.session_token = value_of(lookup, "AWS_SESSION_TOKEN");
  if (credentials.access_key.empty() && credentials.secret_key.empty()) return std::nullopt;
  if (credentials.access_key.empty()) throw UsageError("AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not");
  if (credentials.secret_key.empty()) throw UsageError("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
    if (has_control_character(value_of(lookup, name)))
      throw UsageError(std::string("there is a control character in ") + name +
                       ", perhaps a line feed at its end: set it to the bare value; nothing was sent");
  }
  return credentials;
}

std::optional<std::string> region_from_environment(const Lookup& lookup) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (std::string value = value_of(lookup, name); !value.empty()) return value;
  return std::nullopt;
}

}  // namespace conformance::wire
