// How a request finds its operation: method, path, X-Amz-Target, Content-Type, and the headers that must not matter.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "harness/text/json_string.h"
#include "suites/headers.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

using wire::Header;
using wire::Request;
using Edit = std::function<void(Request&)>;

constexpr std::string_view target_header = "X-Amz-Target";
constexpr std::string_view type_header = "Content-Type";

Edit leave_out(std::string_view name) {
  return [name](Request& request) { remove(request, name); };
}
Edit with(std::string_view name, std::string value) {
  return [name, value = std::move(value)](Request& request) { set(request, name, value); };
}
Edit twice(std::string_view name, std::string first, std::string second) {
  return [name, first = std::move(first), second = std::move(second)](Request& request) {
    set(request, name, first);
    request.headers.push_back({std::string(name), second});
  };
}
Edit then(Edit first, Edit second) {
  return [first = std::move(first), second = std::move(second)](Request& request) {
    first(request);
    second(request);
  };
}

// A connection of its own: a server that leaves a body unread must not take it for the request of another case.
wire::Conversation alone_on_its_connection(const std::vector<wire::Message>& messages) {
  return {.turns = {{.bytes = messages.back().bytes()}}};
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

class RoutingSuite {
 public:
  explicit RoutingSuite(const CaseBuilder& builder) : b(builder) {}

  // The plain request, which must be carried out in spite of the edit.
  Case& accepted(const std::string& id, const std::string& title, const std::string& requirement, Edit edit) {
    Case c = CaseBuilder::start("route." + id, title, requirement, Kind::valid);
    b.accept(c, b.token(c), text::quote_raw(b.token(c)));
    c.any_form = true;
    c.edit = std::move(edit);
    return add(std::move(c));
  }

  // A request that names no operation, though its body is one of a deletion.
  Case& refused(const std::string& id, const std::string& title, const std::string& requirement,
                const std::string& characteristic, Edit edit) {
    return foreign(id, title, requirement, characteristic, Kind::malformed, std::move(edit));
  }

  // A request that may be taken for one of the operation, or not.
  Case& free(const std::string& id, const std::string& title, const std::string& characteristic, Edit edit) {
    return foreign(id, title, "route.answered", characteristic, Kind::free_form, std::move(edit));
  }

  std::vector<Case> cases() && { return std::move(cases_); }

  const CaseBuilder& b;

 private:
  Case& foreign(const std::string& id, const std::string& title, const std::string& requirement,
                const std::string& characteristic, Kind kind, Edit edit) {
    Case c = CaseBuilder::start("route." + id, title, requirement, kind);
    c.characteristic = characteristic;
    c.session = b.token(c);
    c.body = b.body(text::quote_raw(c.session));
    c.control_body = c.body;
    c.any_form = true;
    c.edit = std::move(edit);
    return add(std::move(c));
  }

  Case& add(Case c) {
    cases_.push_back(std::move(c));
    return cases_.back();
  }

  std::vector<Case> cases_;
};

// RFC 9110 section 9.3: content has no meaning in these, and a server may close the connection on it.
void add_methods(RoutingSuite& suite) {
  const auto method = [](std::string name, bool with_body) {
    return [name = std::move(name), with_body](Request& request) {
      request.method = name;
      if (!with_body) request.body.clear();
    };
  };
  struct Method {
    const char* id;
    const char* name;
    bool with_body;
    bool may_be_dropped;
  };
  for (const Method& m :
       {Method{"get.body", "GET", true, true}, Method{"get.bare", "GET", false, false},
        Method{"head.body", "HEAD", true, true}, Method{"head.bare", "HEAD", false, false},
        Method{"delete.body", "DELETE", true, true}, Method{"delete.bare", "DELETE", false, false},
        Method{"options.body", "OPTIONS", true, true}, Method{"options.bare", "OPTIONS", false, false},
        Method{"trace.bare", "TRACE", false, true}, Method{"put.body", "PUT", true, false},
        Method{"patch.body", "PATCH", true, false}, Method{"unknown.body", "DELETESESSION", true, false}}) {
    Case& c = suite.refused(fmt::format("method.{}", m.id),
                            fmt::format("{} {} a body", m.name, m.with_body ? "with" : "without"), "route.method",
                            "route.method.answer", method(m.name, m.with_body));
    c.may_be_dropped = m.may_be_dropped;
    c.speak = alone_on_its_connection;
  }
  const std::string& identifier = suite.b.identifier().name;
  const std::string& operation = suite.b.table().operation;
  for (const char* name : {"GET", "DELETE"}) {
    Case& c = suite.refused(fmt::format("method.{}.query", lower(name)),
                            fmt::format("{} with the operation and the {} in its query", name, identifier),
                            "route.method", "route.method.answer", {});
    c.edit = then(method(name, false), [identifier, operation, session = c.session](Request& request) {
      request.target += fmt::format("?Action={}&{}={}", operation, identifier, session);
    });
    c.speak = alone_on_its_connection;
  }
  Case& c = suite.free("method.lower_case", "post, in lower case", "route.method.answer", method("post", true));
  c.may_be_dropped = true;
  c.speak = alone_on_its_connection;
}

void add_paths(RoutingSuite& suite) {
  const std::string& operation = suite.b.table().operation;
  struct Place {
    const char* id;
    std::string suffix;  // of the endpoint's own path without its last slash
  };
  for (const Place& place :
       {Place{"nowhere", "/nowhere"}, Place{"operation", "/" + operation},
        Place{"target", "/" + suite.b.table().target}, Place{"nested", "/2017-03-31/sessions/delete"},
        Place{"trailing_slash", "/nowhere/"}, Place{"double_slash", "//"}, Place{"dot", "/."},
        Place{"dot_dot", "/nowhere/.."}, Place{"encoded_slash", "/%2F"}, Place{"encoded_nul", "/%00"},
        Place{"bad_encoding", "/%zz"}, Place{"semicolon", "/;a=b"}, Place{"long", "/" + std::string(4000, 'a')}}) {
    suite.free(fmt::format("path.{}", place.id), fmt::format("another path: {}", place.id), "route.path.answer",
               [suffix = place.suffix](Request& request) {
                 if (request.target.ends_with('/')) request.target.pop_back();
                 request.target += suffix;
               });
  }
  for (const Place& query :
       {Place{"empty", "?"}, Place{"parameter", "?a=b"},
        Place{"action", "?Action=" + operation + "&Version=2017-03-31"}, Place{"other_action", "?Action=GetSession"},
        Place{"identifier", "?" + suite.b.identifier().name + "=other"},
        Place{"long", "?a=" + std::string(4000, 'a')}}) {
    suite.free(fmt::format("path.query_{}", query.id), fmt::format("a query: {}", query.id), "route.query.answer",
               [suffix = query.suffix](Request& request) { request.target += suffix; });
  }
  suite.accepted(
      "path.absolute_form", "the request target as a whole URI", "route.absolute_form", [](Request& request) {
        request.target = request.scheme + "://" + wire::find_header(request.headers, "Host")->value + request.target;
      });
}

void add_targets(RoutingSuite& suite) {
  const std::string& operation = suite.b.table().operation;
  const std::string& shape = suite.b.table().service_shape;
  const std::string& target = suite.b.table().target;
  struct Value {
    const char* id;
    std::string value;
  };
  for (const Value& v : {Value{"empty", ""},
                         Value{"unknown_operation", shape + ".NoSuchOperation"},
                         Value{"longer.plural", target + "s"},
                         Value{"longer.request", target + "Request"},
                         Value{"longer.part", target + ".x"},
                         Value{"longer.before", "x" + target},
                         Value{"shorter.last_letter", target.substr(0, target.size() - 1)},
                         Value{"shorter.verb", shape + ".Delete"},
                         Value{"foreign_prefix.service", "DynamoDB_20120810." + operation},
                         Value{"foreign_prefix.unknown", "NoSuchService." + operation},
                         Value{"foreign_prefix.longer", fmt::format("{}X.{}", shape, operation)},
                         Value{"foreign_prefix.version", fmt::format("{}_20170331.{}", shape, operation)},
                         Value{"no_prefix.operation", operation},
                         Value{"no_prefix.dot", "." + operation},
                         Value{"prefix_only.name", shape},
                         Value{"prefix_only.dot", shape + "."},
                         Value{"separator.slash", fmt::format("{}/{}", shape, operation)},
                         Value{"separator.hash", fmt::format("{}#{}", shape, operation)},
                         Value{"separator.space", fmt::format("{} {}", shape, operation)},
                         Value{"separator.none", shape + operation},
                         Value{"doubled.prefix", fmt::format("{}.{}", shape, target)},
                         Value{"doubled.operation", target + operation},
                         Value{"doubled.list", fmt::format("{0}, {0}", target)},
                         Value{"quoted", fmt::format("\"{}\"", target)}}) {
    suite.refused(fmt::format("target.{}", v.id),
                  fmt::format("X-Amz-Target: {}", v.value.empty() ? "(empty)" : v.value), "route.target",
                  "route.target.error", with(target_header, v.value));
  }
  suite.refused("target.missing", "no X-Amz-Target", "route.target", "route.target.error", leave_out(target_header));
  suite.refused(
      "target.in_query", "X-Amz-Target in the query, and no header of that name", "route.target", "route.target.error",
      then(leave_out(target_header), [target](Request& request) { request.target += "?X-Amz-Target=" + target; }));
  for (const Value& v : {Value{"lower", lower(target)}, Value{"upper", upper(target)},
                         Value{"lower_prefix", fmt::format("{}.{}", lower(shape), operation)},
                         Value{"lower_operation", fmt::format("{}.{}", shape, lower(operation))}}) {
    suite.free(fmt::format("target.case.{}", v.id), "X-Amz-Target: " + v.value, "route.target.inexact",
               with(target_header, v.value));
  }
  for (const Value& v : {Value{"around", fmt::format("  {}  ", target)}, Value{"tab", "\t" + target},
                         Value{"after_dot", fmt::format("{}. {}", shape, operation)}}) {
    suite.free(fmt::format("target.white_space.{}", v.id), fmt::format("white space in X-Amz-Target: {}", v.id),
               "route.target.inexact", with(target_header, v.value));
  }
  suite.free("target.twice.same", "X-Amz-Target twice, the same", "route.target.inexact",
             twice(target_header, target, target));
  suite.free("target.twice.unknown_first", "X-Amz-Target twice, an unknown operation first", "route.target.inexact",
             twice(target_header, shape + ".NoSuchOperation", target));
  suite.free("target.twice.unknown_last", "X-Amz-Target twice, an unknown operation last", "route.target.inexact",
             twice(target_header, target, shape + ".NoSuchOperation"));
}

void add_content_types(RoutingSuite& suite) {
  const std::string& type = suite.b.table().content_type;
  struct Value {
    const char* id;
    std::string value;
  };
  for (const Value& v :
       {Value{"charset.plain", type + "; charset=utf-8"}, Value{"charset.no_space", type + ";charset=utf-8"},
        Value{"charset.upper", type + "; Charset=UTF-8"}, Value{"charset.quoted", type + "; charset=\"utf-8\""},
        Value{"charset.white_space", type + " ; charset=utf-8"}, Value{"parameter.unknown", type + "; foo=bar"},
        Value{"parameter.two", type + "; foo=bar; charset=utf-8"}, Value{"case.title", "Application/X-Amz-Json-1.1"},
        Value{"case.upper", upper(type)}, Value{"case.upper_with_charset", upper(type) + "; CHARSET=UTF-8"}}) {
    suite.accepted(fmt::format("content_type.{}", v.id), "Content-Type: " + v.value, "route.content_type",
                   with(type_header, v.value));
  }
  for (const Value& v :
       {Value{"json", "application/json"}, Value{"json_with_charset", "application/json; charset=utf-8"},
        Value{"version_1_0", "application/x-amz-json-1.0"}, Value{"version_1_10", "application/x-amz-json-1.10"},
        Value{"no_version", "application/x-amz-json"}, Value{"cbor", "application/x-amz-cbor-1.1"},
        Value{"form", "application/x-www-form-urlencoded"}, Value{"multipart", "multipart/form-data; boundary=x"},
        Value{"text", "text/plain"}, Value{"xml", "text/xml"}, Value{"octets", "application/octet-stream"},
        Value{"any", "*/*"}, Value{"no_type", "x-amz-json-1.1"}, Value{"no_subtype", "application/"},
        Value{"list", type + ", application/json"}, Value{"trailing_semicolon", type + ";"},
        Value{"bare_parameter", type + "; charset"}, Value{"other_charset", type + "; charset=iso-8859-1"},
        Value{"empty", ""}}) {
    suite.free(fmt::format("content_type.{}", v.id),
               fmt::format("Content-Type: {}", v.value.empty() ? "(empty)" : v.value), "route.content_type.answer",
               with(type_header, v.value));
  }
  suite.free("content_type.missing", "no Content-Type", "route.content_type.answer", leave_out(type_header));
  suite.free("content_type.twice", "Content-Type twice", "route.content_type.answer",
             twice(type_header, type, "application/json"));
}

// What signing and framing add, so that it is there to be changed.
void complete(Request& request) {
  request.headers.push_back({"X-Amz-Date", ""});
  request.headers.push_back({"X-Amz-Security-Token", ""});
  request.headers.push_back({"Authorization", ""});
  request.headers.push_back({"Content-Length", std::to_string(request.body.size())});
}

std::string alternating(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    text[i] = (i % 2 == 0 ? lower(text.substr(i, 1)) : upper(text.substr(i, 1)))[0];
  return text;
}

void add_header_names(RoutingSuite& suite) {
  struct Spelling {
    const char* id;
    std::string (*respell)(std::string);
  };
  for (const Spelling& s : {Spelling{"lower", lower}, Spelling{"upper", upper}, Spelling{"mixed", alternating}}) {
    suite.accepted(fmt::format("header_names.{}", s.id), fmt::format("all header names in {} case", s.id),
                   "route.header_names", [respell = s.respell](Request& request) {
                     complete(request);
                     for (Header& header : request.headers) header.name = respell(header.name);
                   });
  }
  for (const char* name : {"Host", "X-Amz-Target", "Content-Type", "Content-Length", "Authorization", "X-Amz-Date"}) {
    std::string id = lower(name);
    std::replace(id.begin(), id.end(), '-', '_');
    suite.accepted("header_names.lower_" + id, fmt::format("{} in lower case alone", name), "route.header_names",
                   [name](Request& request) {
                     complete(request);
                     for (Header& header : request.headers)
                       if (is_named(header, name)) header.name = lower(header.name);
                   });
  }
  suite.accepted("header_names.reversed", "the headers in the reverse order", "route.header_names",
                 [](Request& request) {
                   complete(request);
                   std::reverse(request.headers.begin(), request.headers.end());
                 });
}

void add_negotiation(RoutingSuite& suite) {
  struct Value {
    const char* id;
    const char* value;
  };
  // Those that an answer of the protocol satisfies (RFC 9110 section 12.5.1).
  for (const Value& v :
       {Value{"any", "*/*"}, Value{"any_application", "application/*"}, Value{"exact", "application/x-amz-json-1.1"},
        Value{"list", "application/json, text/plain;q=0.9, */*;q=0.1"}, Value{"upper", "APPLICATION/X-AMZ-JSON-1.1"}}) {
    suite.accepted(fmt::format("accept.{}", v.id), fmt::format("Accept: {}", v.value), "route.headers_ignored",
                   with("Accept", v.value));
  }
  for (const Value& v : {Value{"json", "application/json"}, Value{"html", "text/html"}, Value{"xml", "application/xml"},
                         Value{"none", "*/*;q=0"}, Value{"empty", ""}, Value{"broken", ";q=x,,/"}}) {
    suite.free(fmt::format("accept.{}", v.id), fmt::format("Accept: {}", v.value), "route.accept.answer",
               with("Accept", v.value));
  }
  suite.accepted("accept.encoding_missing", "no Accept-Encoding", "route.headers_ignored",
                 leave_out("Accept-Encoding"));
  suite.accepted("accept.encoding_empty", "Accept-Encoding without a value", "route.headers_ignored",
                 with("Accept-Encoding", ""));
  // An answer in a coding that was asked for is right and cannot be read here, so that only its status is looked at.
  for (const Value& v : {Value{"gzip", "gzip"}, Value{"list", "gzip, deflate, br"}, Value{"any", "*"},
                         Value{"unknown", "x-unknown"}, Value{"no_identity", "identity;q=0"}}) {
    Case& c = suite.free(fmt::format("accept.encoding_{}", v.id), fmt::format("Accept-Encoding: {}", v.value),
                         "route.accept.answer", with("Accept-Encoding", v.value));
    c.session.clear();
  }
}

void add_ignored_headers(RoutingSuite& suite) {
  struct Value {
    const char* id;
    const char* name;
    std::string value;
  };
  for (const Value& v :
       {Value{"user_agent.browser", "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101"},
        Value{"user_agent.curl", "User-Agent", "curl/8.14.1"},
        Value{"user_agent.java", "User-Agent", "aws-sdk-java/2.29.0 md/io#sync md/http#Apache ua/2.1"},
        Value{"user_agent.go", "User-Agent", "aws-sdk-go-v2/1.32.0 ua/2.1 os/linux lang/go#1.23"},
        Value{"user_agent.empty", "User-Agent", ""},
        Value{"user_agent.long", "User-Agent", "x/1 " + std::string(2000, 'y')},
        Value{"trace_id", "X-Amzn-Trace-Id",
              "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1"},
        Value{"traceparent", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        Value{"unknown", "X-Unknown", "1"},
        Value{"unknown_signed", "X-Amz-Unknown", "1"},
        Value{"unknown_empty", "X-Empty", ""},
        Value{"via", "Via", "1.1 proxy.example"},
        Value{"forwarded_for", "X-Forwarded-For", "192.0.2.1, 198.51.100.7"},
        Value{"forwarded_proto", "X-Forwarded-Proto", "https"},
        Value{"forwarded", "Forwarded", "for=192.0.2.1;proto=https"},
        Value{"cookie", "Cookie", "a=b; c=d"},
        Value{"cache_control", "Cache-Control", "no-cache"},
        Value{"accept_language", "Accept-Language", "de, en;q=0.5"},
        Value{"range", "Range", "bytes=0-0"},
        Value{"date", "Date", "Thu, 01 Jan 1970 00:00:00 GMT"},
        Value{"invocation_id", "amz-sdk-invocation-id", "6f4b1c1e-0f6c-4c3e-9a51-0d8a3c9d2f10"},
        Value{"attempt", "amz-sdk-request", "attempt=3; max=10"}}) {
    suite.accepted(fmt::format("headers.{}", v.id), fmt::format("{}: {}", v.name, v.value), "route.headers_ignored",
                   with(v.name, v.value));
  }
  suite.accepted("headers.user_agent.missing", "no User-Agent", "route.headers_ignored", leave_out("User-Agent"));
  suite.accepted("headers.unknown_twice", "an unknown header twice", "route.headers_ignored",
                 twice("X-Unknown", "1", "2"));
  suite.accepted("headers.many", "40 unknown headers", "route.headers_ignored", [](Request& request) {
    for (int i = 0; i < 40; ++i) request.headers.push_back({fmt::format("X-Unknown-{}", i), "v"});
  });
}

// The lines of Host in the head of a request that is signed already, as it must have one for that.
wire::Conversation with_hosts(const std::vector<wire::Message>& messages,
                              std::string (*lines)(const std::string& line)) {
  wire::Message message = messages.back();
  const std::size_t begin = message.head.find("\r\nHost: ") + 2;
  const std::size_t end = message.head.find("\r\n", begin) + 2;
  const std::string line = message.head.substr(begin, end - begin);
  message.head.replace(begin, end - begin, lines(line));
  return {.turns = {{.bytes = message.bytes()}}};
}

void add_hosts(RoutingSuite& suite) {
  struct Lines {
    const char* id;
    const char* title;
    std::string (*lines)(const std::string& line);
  };
  for (const Lines& l :
       {Lines{"missing", "no Host", [](const std::string&) { return std::string(); }},
        Lines{"twice.same", "Host twice, the same", [](const std::string& line) { return line + line; }},
        Lines{"twice.other_last", "Host twice, another one last",
              [](const std::string& line) { return line + "Host: other.example\r\n"; }},
        Lines{"twice.other_first", "Host twice, another one first",
              [](const std::string& line) { return "Host: other.example\r\n" + line; }},
        Lines{"invalid", "a Host that is none", [](const std::string&) { return std::string("Host: a b/c\r\n"); }}}) {
    Case& c = suite.refused(fmt::format("host.{}", l.id), l.title, "route.host", "route.host.answer", {});
    c.speak = [lines = l.lines](const std::vector<wire::Message>& messages) { return with_hosts(messages, lines); };
  }
  struct Value {
    const char* id;
    const char* value;
  };
  for (const Value& v : {Value{"aws", "glue.us-east-1.amazonaws.com"}, Value{"other", "other.example"},
                         Value{"other_port", "other.example:1"}, Value{"local", "localhost"}, Value{"empty", ""}}) {
    suite.free(fmt::format("host.{}", v.id), fmt::format("Host: {}", v.value), "route.host.answer",
               with("Host", v.value));
  }
  suite.free("host.upper_case", "Host in upper case", "route.host.answer",
             [](Request& request) { set(request, "Host", upper(wire::find_header(request.headers, "Host")->value)); });
  suite.free("host.trailing_dot", "Host with a dot after its name", "route.host.answer", [](Request& request) {
    std::string host = wire::find_header(request.headers, "Host")->value;
    const std::size_t colon = host.ends_with(']') ? std::string::npos : host.rfind(':');
    set(request, "Host", host.insert(std::min(colon, host.size()), "."));
  });
}

}  // namespace

std::vector<Case> routing(const CaseBuilder& b) {
  RoutingSuite suite(b);
  add_methods(suite);
  add_paths(suite);
  add_targets(suite);
  add_content_types(suite);
  add_header_names(suite);
  add_negotiation(suite);
  add_ignored_headers(suite);
  add_hosts(suite);
  return std::move(suite).cases();
}

}  // namespace conformance::suites
