#include "harness/run/request_factory.h"

#include <memory>
#include <utility>

#include "harness/wire/signed_series.h"

namespace conformance {

RequestFactory::RequestFactory(wire::Url endpoint, std::string content_type, std::optional<wire::Signer> signer,
                               HeaderSet headers)
    : endpoint_(std::move(endpoint)),
      content_type_(std::move(content_type)),
      signer_(std::move(signer)),
      headers_(headers) {}

wire::Request RequestFactory::request(std::string_view target, std::string body) const {
  wire::Request request;
  request.scheme = endpoint_.scheme;
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
  return signed_bytes(request(target, std::move(body)));
}

std::function<void(std::string&, const std::string&)> RequestFactory::writer(std::string_view target) const {
  if (signer_ && headers_ == HeaderSet::botocore) {
    auto series = std::make_shared<wire::SignedSeries>(request(target, std::string()), *signer_);
    return [series = std::move(series)](std::string& to, const std::string& body) { series->append(to, body); };
  }
  if (signer_)
    return
        [this, target = std::string(target)](std::string& to, const std::string& body) { to += bytes(target, body); };
  // Of an empty body: up to its length.
  std::string head = bytes(target, "");
  head.resize(head.rfind('0'));
  return [head = std::move(head)](std::string& to, const std::string& body) {
    to.append(head).append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  };
}

wire::Request RequestFactory::request(std::string_view target, const Case& test) const {
  wire::Request edited = request(target, test.body);
  if (test.edit) test.edit(edited);
  return edited;
}

wire::Outgoing RequestFactory::outgoing(std::string_view target, const Case& test) const {
  if (test.forgery) return forged_bytes(request(target, test), *test.forgery);
  if (!test.speak) return signed_bytes(request(target, test));
  std::vector<wire::Message> messages;
  for (const Companion& companion : test.companions) messages.push_back(wire::in_parts(bytes(target, companion.body)));
  messages.push_back(wire::in_parts(signed_bytes(request(target, test), true)));
  return test.speak(messages);
}

// As the SDK for JavaScript v3 signs (suites/dialects.cpp has all of what it sends).
void RequestFactory::add_headers(wire::Request& request, bool framed_otherwise) const {
  if (headers_ != HeaderSet::javascript) return;
  const auto add = [&request](const char* name, std::string value) {
    if (wire::find_header(request.headers, name) == nullptr) request.headers.push_back({name, std::move(value)});
  };
  add("X-Amz-User-Agent", "glue-conformance");
  add("Amz-Sdk-Invocation-Id", "00000000-0000-4000-8000-000000000000");
  add("Amz-Sdk-Request", "attempt=1; max=1");
  add("X-Amz-Content-Sha256", wire::payload_hash(request.body));
  for (const char* name : {"amz-sdk-invocation-id", "amz-sdk-request"}) request.sign_also.emplace_back(name);
  if (framed_otherwise) return;
  add("Content-Length", std::to_string(request.body.size()));
  request.sign_also.emplace_back("content-length");
}

std::string RequestFactory::signed_bytes(wire::Request request, bool framed_otherwise) const {
  if (signer_) {
    add_headers(request, framed_otherwise);
    signer_->sign(request);
  } else {
    wire::remove_signature_places(request);
  }
  return wire::serialise(request);
}

std::string RequestFactory::forged_bytes(wire::Request request, const Forgery& forgery) const {
  wire::Signing signing = signer_.value().signing();
  if (forgery.with) forgery.with(signing);
  add_headers(request, true);  // what is changed afterwards may have another length
  wire::sign(request, signing);
  if (forgery.afterwards) forgery.afterwards(request);
  return wire::serialise(request);
}

}  // namespace conformance
