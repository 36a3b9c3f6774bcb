#include "harness/run/request_factory.h"

#include <chrono>
#include <utility>

namespace conformance {

RequestFactory::RequestFactory(wire::Url endpoint, std::string content_type, std::optional<wire::Signer> signer)
    : endpoint_(std::move(endpoint)), content_type_(std::move(content_type)), signer_(std::move(signer)) {}

wire::Request RequestFactory::request(std::string_view target, std::string body) const {
  wire::Request request;
  request.target = endpoint_.path;
  request.headers = {{"Host", endpoint_.authority()},
                     {"X-Amz-Target", std::string(target)},
                     {"Content-Type", content_type_},
                     {"Accept-Encoding", "identity"},
                     {"User-Agent", "glue-conformance"}};
  request.body = std::move(body);
  return request;
}

std::string RequestFactory::bytes(std::string_view target, std::string body) const {
  wire::Request unsigned_request = request(target, std::move(body));
  if (signer_) signer_->sign(unsigned_request, std::chrono::system_clock::now());
  return wire::serialise(unsigned_request);
}

}  // namespace conformance
