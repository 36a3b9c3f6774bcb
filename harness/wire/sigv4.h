// Signs a request with AWS Signature Version 4, so that an endpoint that checks signatures can be tested at all.
//
//     Signer signer({"AKID", "secret", ""}, "us-east-1", "glue");
//     signer.sign(request, std::chrono::system_clock::now());   // then serialise(request)
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "harness/wire/exchange.h"

namespace conformance::wire {

struct Credentials {
  std::string access_key, secret_key;
  std::string session_token;  // empty: none
};

class Signer {
 public:
  Signer(Credentials credentials, std::string region, std::string service);

  // Adds X-Amz-Date, X-Amz-Security-Token (if there is a token) and Authorization: in the place and the spelling of one
  // that is there, else at the end. Signed are Host, which the request must have, Content-Type, every X-Amz-* and those
  // of Request::sign_also: any other header and the framing may be changed afterwards, these and the body not. Not for
  // two threads at once on one Signer, as it keeps the day's key. Throws std::bad_alloc only.
  void sign(Request& request, std::chrono::system_clock::time_point now) const;

 private:
  Credentials credentials_;
  std::string region_, service_;
  mutable std::string key_date_, key_;  // the key depends on the day alone: four HMACs less on each request
};

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
