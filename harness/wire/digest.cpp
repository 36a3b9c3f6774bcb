#include "harness/wire/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <new>

namespace conformance::wire {

Digest sha256(std::string_view first, std::string_view second) {
  // Fetched once: OpenSSL 3 looks the algorithm up by name on every use of EVP_sha256().
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                         &EVP_MD_free);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                     &EVP_MD_CTX_free);
  Digest digest{};
  // SHA-256 fails only where memory ends.
  if (EVP_DigestInit_ex(context.get(), algorithm.get(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), first.data(), first.size()) != 1 ||
      EVP_DigestUpdate(context.get(), second.data(), second.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
    throw std::bad_alloc();
  return digest;
}

// RFC 2104, by hand: OpenSSL 3's HMAC() fetches and allocates on every call, which costs more than the two hashes.
Digest hmac(std::string_view key, std::string_view message) {
  std::array<char, 64> block{};
  if (key.size() > block.size()) {
    const Digest hashed = sha256(key);
    std::ranges::copy(view(hashed), block.begin());
  } else {
    std::ranges::copy(key, block.begin());
  }
  for (char& c : block) c = static_cast<char>(c ^ 0x36);
  const Digest inner = sha256({block.data(), block.size()}, message);
  for (char& c : block) c = static_cast<char>(c ^ 0x36 ^ 0x5c);
  return sha256({block.data(), block.size()}, view(inner));
}

std::string hex(const Digest& digest) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  result.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    result.push_back(digits[byte >> 4]);
    result.push_back(digits[byte & 15]);
  }
  return result;
}

}  // namespace conformance::wire
