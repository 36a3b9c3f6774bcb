// Signs one request after another that differ in their bodies alone: what of a signature does not depend on the body is
// computed once a second, as the time in it has no finer steps.
//
//     SignedSeries series(request, signer);      // of a request without a body
//     series.append(bytes, R"({"Id":"a"})");     // as serialise() of the request with that body, signed as of now
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "harness/wire/exchange.h"
#include "harness/wire/sigv4.h"

namespace conformance::wire {

class SignedSeries {
 public:
  // `request` has no Content-Length and no header that depends on the body.
  SignedSeries(Request request, Signer signer);

  void append(std::string& to, std::string_view body);

 private:
  void prepare();

  Request request_;
  Signer signer_;
  std::time_t second_ = -1;
  std::string key_;
  std::string canonical_, to_sign_;                 // up to the hash at their ends
  std::string before_signature_, after_signature_;  // the latter up to the length
};

}  // namespace conformance::wire
