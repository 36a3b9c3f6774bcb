// Signs a request with AWS Signature Version 4, so that an endpoint that checks signatures can be tested at all.
//
//     Signer signer({"AKID", "secret", ""}, "us-east-1", "glue");
//     signer.sign(request);   // then serialise(request)
//
//     Signing wrong = signer.signing();   // a signature that must not be taken
//     wrong.service = "kinesis";
//     sign(request, wrong);
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/exchange.h"

namespace conformance::wire {

struct Credentials {
  std::string access_key, secret_key;
  std::string session_token;  // empty: none
};

// What one signature is made from.
struct Signing {
  Credentials credentials;
  std::string region, service;
  std::chrono::system_clock::time_point now;
  std::vector<std::string> not_signed = {};  // names in lower case of headers that are left out, though they belong
};

// Adds X-Amz-Date, X-Amz-Security-Token (if there is a token) and Authorization: in the place and the spelling of one
// that is there, else at the end. Signed are Host, which the request must have, Content-Type, every X-Amz-* and those
// of Request::sign_also: any other header and the framing may be changed afterwards, these and the body not. Throws
// std::bad_alloc only.
void sign(Request& request, const Signing& signing);

// The same for one request after another. Copies share their clock and credentials; not for two threads at once on any
// of them.
class Signer {
 public:
  Signer(Credentials credentials, std::string region, std::string service);
  // `credentials` is asked for each signature, and what it returns must live until it is asked again: temporary ones
  // change. What it throws goes through.
  Signer(std::function<const Credentials&()> credentials, std::string region, std::string service);

  void sign(Request& request) const;
  void sign(Request& request, std::chrono::system_clock::time_point now) const;
  // As of now; may be changed, and used with sign() above.
  [[nodiscard]] Signing signing() const;

  // This machine's clock may be wrong: from here on `offset` is added to it.
  void correct_clock(std::chrono::seconds offset) const;
  [[nodiscard]] std::chrono::seconds clock_correction() const;
  [[nodiscard]] std::chrono::system_clock::time_point now() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// By how much the clock of this machine must be corrected to sign for an endpoint whose answer has this Date header
// (RFC 9110 section 6.6.1); nothing if it is no date, or less than `least` away, which every endpoint allows, or more
// than 26 hours.
[[nodiscard]] std::optional<std::chrono::seconds> clock_skew(const Response& answer,
                                                             std::chrono::system_clock::time_point now,
                                                             std::chrono::seconds least = std::chrono::minutes(4));

// Takes away the places that were kept for what sign() adds: its headers, without a value.
void remove_signature_places(Request& request);

// The value of X-Amz-Content-Sha256, which some clients send and sign: 64 hexadecimal digits.
[[nodiscard]] std::string payload_hash(std::string_view body);

// The parts of the algorithm, each of which AWS's test vectors give.

// The names that are signed, in lower case, sorted, joined by ';'.
[[nodiscard]] std::string signed_headers(const Request& request);
// Paths are encoded once more than they are in the target, as every service but S3 has it; of a target in absolute-form
// only path and query count.
[[nodiscard]] std::string canonical_request(const Request& request);
// `timestamp` as 20150830T123600Z; `scope` as 20150830/us-east-1/glue/aws4_request.
[[nodiscard]] std::string string_to_sign(std::string_view timestamp, std::string_view scope,
                                         std::string_view canonical_request);

}  // namespace conformance::wire
