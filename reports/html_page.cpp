#include "reports/html_page.h"

#include <openssl/evp.h>

#include <array>

#include "reports/html_text.h"

namespace conformance::reports::html {
namespace {

// As a Content-Security-Policy names a text that is inline.
std::string hash_of(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::array<unsigned char, EVP_MAX_MD_SIZE * 2> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return "'sha256-" + std::string(base64.begin(), base64.begin() + length) + "'";
}

std::string allowed(std::string_view directive, const std::vector<std::string_view>& texts) {
  std::string out;
  for (const std::string_view text : texts) out += " " + attribute(hash_of(text));
  return out.empty() ? out : std::string(directive) + out + "; ";
}

}  // namespace

std::string page_head(const PageHead& head) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; " +
      allowed("style-src", head.styles) + allowed("script-src", head.scripts) +
      "base-uri &#39;none&#39;; form-action &#39;none&#39;\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>" +
      attribute(head.title) + "</title>";
  for (const std::string_view style : head.styles) out.append("\n<style>").append(style).append("</style>");
  for (const std::string_view script : head.scripts) out.append("\n<script>").append(script).append("</script>");
  return out + "</head>\n";
}

}  // namespace conformance::reports::html
