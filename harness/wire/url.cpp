#include "harness/wire/url.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>

#include "harness/text/escape.h"
#include "harness/wire/ascii.h"

namespace conformance::wire {
namespace {

[[noreturn]] void refuse(std::string_view why) { throw UsageError("bad URL: " + std::string(why)); }

bool is_address(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(family, text.c_str(), address.data()) == 1;
}

std::string checked_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > 65535)
    refuse("the port must be a number from 1 to 65535");
  return std::to_string(value);
}

void check_name(std::string_view host) {
  if (host.empty()) refuse("it has no host");
  // The underscore is no host name by RFC 1123, but Docker Compose names services so.
  for (const char c : host)
    if (!ascii::is_alnum(c) && c != '-' && c != '.' && c != '_')
      refuse("the host has a character that is no letter, digit, '-', '.' or '_'");
}

}  // namespace

std::string Url::authority() const {
  std::string all = host_and_port();
  if (port == (scheme == "https" ? "443" : "80")) all.resize(all.size() - 1 - port.size());
  return all;
}

std::string Url::host_and_port() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
}

Url parse_url(std::string_view text) {
  for (const char c : text)
    if (c <= ' ' || c > '~') refuse("it has a space, a control character or a character outside ASCII");
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) refuse("it has no scheme; write it like http://localhost:5000");

  Url url;
  url.scheme = ascii::lower(text.substr(0, scheme_end));
  if (url.scheme != "http" && url.scheme != "https") refuse("the scheme must be http or https");
  text.remove_prefix(scheme_end + 3);
  if (text.find('#') != std::string_view::npos) refuse("an endpoint has no fragment ('#')");
  if (text.find('?') != std::string_view::npos) refuse("an endpoint has no query ('?')");

  std::string_view authority = text.substr(0, text.find('/'));
  url.path = authority.size() == text.size() ? "/" : std::string(text.substr(authority.size()));
  // Never quoted: what stands before the '@' may be a password.
  if (authority.find('@') != std::string_view::npos)
    refuse("it has a user name ('@'); credentials come from the environment");

  std::string_view after_host;
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) refuse("the '[' of the IPv6 address is not closed");
    url.host = ascii::lower(authority.substr(1, bracket - 1));
    after_host = authority.substr(bracket + 1);
    if (!is_address(AF_INET6, url.host)) refuse("what is in brackets is no IPv6 address");
    if (!after_host.empty() && after_host.front() != ':') refuse("only a port may follow the IPv6 address");
    url.is_ip_literal = true;
  } else {
    const std::size_t colon = authority.find(':');
    url.host = ascii::lower(authority.substr(0, colon));
    if (colon != std::string_view::npos) after_host = authority.substr(colon);
    if (after_host.find(':', 1) != std::string_view::npos)
      refuse("an IPv6 address needs brackets, like http://[::1]:5000");
    check_name(url.host);
    url.is_ip_literal = is_address(AF_INET, url.host);
  }
  // RFC 3986 allows an empty port after the colon; in an endpoint it is a slip.
  url.port = !after_host.empty() ? checked_port(after_host.substr(1)) : url.scheme == "https" ? "443" : "80";
  return url;
}

ConnectTo parse_connect_to(std::string_view text) {
  // The address begins behind the second colon that is in no brackets.
  std::size_t colons = 0, middle = std::string_view::npos;
  bool bracketed = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') bracketed = true;
    if (text[i] == ']') bracketed = false;
    if (text[i] != ':' || bracketed) continue;
    if (++colons == 2) middle = i;
  }
  if (colons != 3)
    throw UsageError("'" + text::visible(text) + "' is no HOST:PORT:ADDRESS:PORT, with IPv6 addresses in brackets");
  const Url from = parse_url("http://" + std::string(text.substr(0, middle)));
  return {from.host, from.port, parse_url("http://" + std::string(text.substr(middle + 1)))};
}

std::string region_of_aws_host(std::string_view host) {
  if (!is_aws_host(host)) return {};
  // glue.REGION.SUFFIX, glue-fips.REGION.SUFFIX: a region has a number at its end.
  const std::string name = ascii::lower(host);
  const std::size_t begin = name.find('.') + 1;
  const std::string label = name.substr(begin, name.find('.', begin) - begin);
  const bool is_region = label.find('-') != std::string::npos && label.back() >= '0' && label.back() <= '9';
  return is_region ? label : std::string();
}

bool is_aws_host(std::string_view host) {
  // The DNS suffixes of every partition (botocore's partitions.json), of their dual-stack endpoints, and AWS's own
  // top-level domain; isolated partitions by the domain of their network, since more of them appear.
  static constexpr std::array<std::string_view, 16> suffixes{
      "amazonaws.com",
      "amazonaws.com.cn",
      "amazonaws.eu",
      "amazonaws-us-gov.com",
      "amazonwebservices.com",
      "amazonwebservices.com.cn",
      "amazonwebservices.eu",
      "aws",
      "aws.dev",
      "aws.amazon.com",
      "aws.scloud",
      "aws.ic.gov",
      "c2s.ic.gov",
      "hci.ic.gov",
      "sc2s.sgov.gov",
      "adc-e.uk",
  };
  while (host.ends_with('.')) host.remove_suffix(1);
  const std::string name = ascii::lower(host);
  for (const std::string_view suffix : suffixes) {
    if (name == suffix) return true;
    if (name.ends_with(suffix) && name[name.size() - suffix.size() - 1] == '.') return true;
  }
  return false;
}

}  // namespace conformance::wire
