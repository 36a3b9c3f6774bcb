#include "harness/run/request_factory.h"

#include <chrono>
#include <utility>

namespace conformance {

RequestFactory::RequestFactory(wire::Url endpoint, std::string content_type, std::optional<wire::Signer> signer)
    : endpoint_(std::move(endpoint)), content_type_(std::move(content_type)), signer_(std::move(signer)) {}

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
  if (!test.speak) return signed_bytes(request(target, test));
  std::vector<wire::Message> messages;
  for (const Companion& companion : test.companions) messages.push_back(wire::in_parts(bytes(target, companion.body)));
  messages.push_back(wire::in_parts(signed_bytes(request(target, test))));
  return test.speak(messages);
}

std::string RequestFactory::signed_bytes(wire::Request request) const {
  if (signer_)
    signer_->sign(request, std::chrono::system_clock::now());
  else
    wire::remove_signature_places(request);
  return wire::serialise(request);
}

}  // namespace conformance
