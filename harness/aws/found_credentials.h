// Credentials that were found, and how those that a program or a server gives are read: nothing of them is trusted.
//
// Programs, containers and instances give the same JSON object but for the name of the token. A key that held a line
// feed would begin a header of its own, one without an end would fill the memory, and a date that has passed would fail
// later, where nobody knows why. What is wrong is said in words that quote no value.
//
//     const KeyDocument document = read_key_document(body, {.token_name = "Token"}, now);
//     if (!document.fault.empty()) …   // "has no SecretAccessKey"
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/wire/sigv4.h"

namespace conformance::aws {

using TimePoint = std::chrono::system_clock::time_point;

struct FoundCredentials {
  wire::Credentials keys;
  std::optional<TimePoint> expires = std::nullopt;
  std::string source = {};  // in words, never a secret: "the environment (AWS_ACCESS_KEY_ID)"
};

// No credentials, though they were asked for. The message says why and what to do, and holds no secret.
class CredentialError : public std::runtime_error {
 public:
  enum class Because {
    setup,   // what the user set up is wrong
    source,  // who should have given them could not be asked, or gave none
  };
  CredentialError(Because because, const std::string& message) : std::runtime_error(message), because_(because) {}

  [[nodiscard]] Because because() const { return because_; }

 private:
  Because because_;
};

// What keeps them from being sent: "there is a control character in the secret key". Empty if nothing.
[[nodiscard]] std::string fault_of_keys(const wire::Credentials& keys);

// ISO 8601 as AWS writes it: 2026-11-27T18:00:00Z, with a fraction or an offset if need be. What is further away than
// can be counted is as good as never. Nothing if it is no date.
[[nodiscard]] std::optional<TimePoint> parse_timestamp(std::string_view text);
// As people and other programs read it: 2026-11-27T18:00:00Z.
[[nodiscard]] std::string timestamp(TimePoint time);

struct KeyDocumentForm {
  std::string token_name = "SessionToken";
  bool needs_version = false;  // "Version": 1, as of a credential_process
  bool is_temporary = false;   // token and expiration must be there
};

struct KeyDocument {
  FoundCredentials found;  // without a source
  std::string fault;       // "is no JSON object", after "what it printed"; empty if there is none
};

[[nodiscard]] KeyDocument read_key_document(std::string_view json, const KeyDocumentForm& form, TimePoint now);

}  // namespace conformance::aws
