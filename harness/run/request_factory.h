// From a body to the bytes on the wire: the headers of the operation, and the signature.
//
//     RequestFactory factory(endpoint, table.content_type, signer);
//     std::string bytes = factory.bytes(table.target, R"({"Id":"a"})");
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/case/case.h"
#include "harness/wire/exchange.h"
#include "harness/wire/sigv4.h"
#include "harness/wire/url.h"

namespace conformance {

// Which headers are signed, beside Host, Content-Type and X-Amz-*.
enum class HeaderSet {
  botocore,    // no more, as botocore and the AWS CLI do
  javascript,  // and those that the SDK for JavaScript v3 adds, the hash and the length of the body among them
};

class RequestFactory {
 public:
  // Without a signer, requests go out unsigned.
  RequestFactory(wire::Url endpoint, std::string content_type, std::optional<wire::Signer> signer,
                 HeaderSet headers = HeaderSet::botocore);

  // Not yet signed, without Content-Length.
  [[nodiscard]] wire::Request request(std::string_view target, std::string body) const;
  // Signed as of now, serialised.
  [[nodiscard]] std::string bytes(std::string_view target, std::string body) const;

  // Appends the same for one body after another, much faster where nothing is signed. The factory must outlive it.
  [[nodiscard]] std::function<void(std::string& to, const std::string& body)> writer(std::string_view target) const;

  // The stimulus of a case: with its edit, unsigned; and as it is sent, signed as of now.
  [[nodiscard]] wire::Request request(std::string_view target, const Case& test) const;
  // A forgery needs a signer.
  [[nodiscard]] wire::Outgoing outgoing(std::string_view target, const Case& test) const;

 private:
  // `framed_otherwise`: its length may be put in another way.
  [[nodiscard]] std::string signed_bytes(wire::Request request, bool framed_otherwise = false) const;
  [[nodiscard]] std::string forged_bytes(wire::Request request, const Forgery& forgery) const;
  void add_headers(wire::Request& request, bool framed_otherwise) const;

  wire::Url endpoint_;
  std::string content_type_;
  std::optional<wire::Signer> signer_;
  HeaderSet headers_;
};

}  // namespace conformance
