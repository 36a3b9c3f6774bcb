// The one exception that leaves this folder: something that the user gave is wrong, and no request can be sent until it
// is put right. Everything that goes wrong on the wire is a TransportFailure, which is data.
//
//     throw UsageError("the URL has no scheme: write http://localhost:5000");
#pragma once

#include <stdexcept>

namespace conformance::wire {

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace conformance::wire
