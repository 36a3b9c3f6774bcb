// Where the requests go, taken apart once and checked before anything is sent.
//
// Only what an endpoint needs is a URL here: credentials, a query or a fragment in it are mistakes, and are named.
//
//     Url url = parse_url("http://localhost:5000");
//     url.authority();  // "localhost:5000", the value of the Host header
#pragma once

#include <string>
#include <string_view>

#include "harness/wire/usage_error.h"

namespace conformance::wire {

struct Url {
  std::string scheme;          // "http" or "https"
  std::string host;            // lower case; an IPv6 address without its brackets
  std::string port;            // decimal, 1 to 65535; the scheme's default if the URL has none
  std::string path;            // "/" at least
  bool is_ip_literal = false;  // of version 4 or 6: such a host is not sent as a TLS server name

  // The Host header's value (RFC 9110 section 7.2): without the scheme's default port, an IPv6 address in brackets.
  [[nodiscard]] std::string authority() const;
  // The same, with the port always.
  [[nodiscard]] std::string host_and_port() const;
};

// Parses scheme://host[:port][/path] (RFC 3986 section 3). Throws UsageError, which says what is wrong.
[[nodiscard]] Url parse_url(std::string_view text);

// Connections for `host` and `port` go to another address: the Host header, the TLS server name and the names in the
// certificate stay those of the URL.
struct ConnectTo {
  std::string host, port;  // as in Url
  Url address;             // of which host and port count
};

// Parses HOST:PORT:ADDRESS:PORT, as curl's --connect-to takes it; an IPv6 address in brackets. Throws UsageError.
[[nodiscard]] ConnectTo parse_connect_to(std::string_view text);

// The region in the name of an AWS host, as in glue.eu-west-1.amazonaws.com; empty if there is none.
[[nodiscard]] std::string region_of_aws_host(std::string_view host);

// Whether the host belongs to AWS itself, in any partition: real sessions could be deleted there. Takes a host without
// port, in any case, with or without the trailing dot.
[[nodiscard]] bool is_aws_host(std::string_view host);

}  // namespace conformance::wire
