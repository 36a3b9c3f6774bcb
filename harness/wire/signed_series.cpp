#include "harness/wire/signed_series.h"

#include <ctime>
#include <utility>

#include "harness/wire/digest.h"

namespace conformance::wire {
namespace {

constexpr std::size_t hash_digits = 64;

std::string without_hash(std::string text) {
  text.resize(text.size() - hash_digits);
  return text;
}

Digest signing_key(const Signing& signing, std::string_view date) {
  Digest key = hmac("AWS4" + signing.credentials.secret_key, date);
  for (const std::string_view part :
       {std::string_view(signing.region), std::string_view(signing.service), std::string_view("aws4_request")})
    key = hmac(view(key), part);
  return key;
}

}  // namespace

SignedSeries::SignedSeries(Request request, Signer signer) : request_(std::move(request)), signer_(std::move(signer)) {}

// What is signed as a whole is taken apart, so that nothing but the hashes is known here of how it is put together.
void SignedSeries::prepare() {
  const Signing signing = signer_.signing();
  Request request = request_;
  sign(request, signing);
  const std::string timestamp = find_header(request.headers, "X-Amz-Date")->value;
  const std::string date = timestamp.substr(0, timestamp.find('T'));
  const std::string scope = date + "/" + signing.region + "/" + signing.service + "/aws4_request";
  key_ = view(signing_key(signing, date));
  canonical_ = without_hash(canonical_request(request));
  to_sign_ = without_hash(string_to_sign(timestamp, scope, {}));
  const std::string bytes = serialise(request);
  const std::string& authorization = find_header(request.headers, "Authorization")->value;
  const std::size_t end = bytes.find(authorization) + authorization.size();
  before_signature_ = bytes.substr(0, end - hash_digits);
  after_signature_ = bytes.substr(end, bytes.rfind('0') - end);
}

void SignedSeries::append(std::string& to, std::string_view body) {
  const std::time_t now = std::chrono::system_clock::to_time_t(signer_.now());
  if (now != second_) prepare();
  second_ = now;
  const std::string hash = hex(sha256(canonical_, hex(sha256(body))));
  const std::string signature = hex(hmac(key_, to_sign_ + hash));
  to.append(before_signature_).append(signature).append(after_signature_);
  to.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

}  // namespace conformance::wire
