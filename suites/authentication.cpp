// Whether signatures are verified: each case is a request that is signed right and then made into one that nobody
// signed, by one change. Its control is the same request without the change, so that a refusal is for that alone.
//
// Which error answers is left open by the sources, and measured; that it is one of authentication is required.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "harness/text/json_string.h"
#include "harness/wire/sigv4.h"
#include "suites/headers.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

using wire::Request;
using wire::Signing;
using Afterwards = std::function<void(Request&)>;

constexpr std::string_view authorization_header = "Authorization", date_header = "X-Amz-Date",
                           token_header = "X-Amz-Security-Token";
constexpr std::string_view own_header = "X-Amz-Meta-Conformance";
constexpr std::chrono::hours far{1};  // services allow five minutes or fifteen

// Hands the value of the first header of that name to `change_value`.
void change(Request& request, std::string_view name, const std::function<void(std::string&)>& change_value) {
  const auto found = std::find_if(request.headers.begin(), request.headers.end(),
                                  [name](const wire::Header& header) { return is_named(header, name); });
  if (found != request.headers.end()) change_value(found->value);
}

Afterwards without_header(std::string_view name) {
  return [name](Request& request) { remove(request, name); };
}

Afterwards authorization_is(std::string value) {
  return [value = std::move(value)](Request& request) {
    change(request, authorization_header, [&value](std::string& old) { old = value; });
  };
}

Afterwards authorization_with(std::function<void(std::string&)> change_value) {
  return [change_value = std::move(change_value)](Request& request) {
    change(request, authorization_header, change_value);
  };
}

// "Credential=…, " and its like: from the name to the next part, or to the end.
void cut_part(std::string& value, std::string_view name) {
  const std::size_t begin = value.find(name);
  if (begin == std::string::npos) return;
  const std::size_t comma = value.find(", ", begin);
  if (comma == std::string::npos)
    value.erase(value.rfind(", ", begin));
  else
    value.erase(begin, comma + 2 - begin);
}

Afterwards without_part(std::string_view name) {
  return authorization_with([name](std::string& value) { cut_part(value, name); });
}

void other_digit(char& digit) { digit = digit == '0' ? '1' : '0'; }

// The digits of the signature, which stand at the end.
constexpr std::size_t digits = 64;

Afterwards body_becomes(std::function<std::string(const std::string&)> other) {
  return [other = std::move(other)](Request& request) { request.body = other(request.body); };
}

void other_second(std::string& timestamp) {  // 20150830T123600Z
  other_digit(timestamp.at(timestamp.size() - 2));
}

class ForgerySuite {
 public:
  explicit ForgerySuite(const CaseBuilder& builder) : b(builder) {}

  Case& refused(const std::string& id, const std::string& title, const std::string& requirement, Forgery forgery) {
    Case& c = add("auth." + id, title, requirement, Kind::malformed, std::move(forgery));
    c.characteristic = "auth.error";
    return c;
  }

  Case& free(const std::string& id, const std::string& title, const std::string& characteristic, Forgery forgery) {
    Case& c = add("auth." + id, title, "", Kind::free_form, std::move(forgery));
    c.characteristic = characteristic;
    return c;
  }

  std::vector<Case> cases() && { return std::move(cases_); }

 private:
  Case& add(std::string id, const std::string& title, const std::string& requirement, Kind kind, Forgery forgery) {
    Case c = CaseBuilder::start(std::move(id), title, requirement, kind);
    c.session = b.token(c);
    c.body = b.body(text::quote_raw(c.session));
    c.control_body = c.body;
    c.forgery = std::make_shared<const Forgery>(std::move(forgery));
    cases_.push_back(std::move(c));
    return cases_.back();
  }

  const CaseBuilder& b;
  std::vector<Case> cases_;
};

void unsigned_requests(ForgerySuite& suite) {
  suite.refused("unsigned.plain", "no Authorization, no X-Amz-Date, no token", "auth.unsigned",
                {.afterwards = [](Request& request) {
                  for (const std::string_view name : {authorization_header, date_header, token_header})
                    remove(request, name);
                }});
  suite.refused("unsigned.dated", "no Authorization", "auth.unsigned",
                {.afterwards = without_header(authorization_header)});
}

void broken_headers(ForgerySuite& suite) {
  const auto refused = [&suite](const std::string& id, const std::string& title, Afterwards afterwards) {
    suite.refused("header." + id, title, "auth.header", {.afterwards = std::move(afterwards)});
  };
  refused("no_signature", "Authorization without Signature", without_part("Signature="));
  refused("no_signed_headers", "Authorization without SignedHeaders", without_part("SignedHeaders="));
  refused("no_credential", "Authorization without Credential", without_part("Credential="));
  refused("algorithm_alone", "Authorization is AWS4-HMAC-SHA256 and no more", authorization_is("AWS4-HMAC-SHA256"));
  refused("other_scheme", "Authorization is Basic", authorization_is("Basic dGVzdDp0ZXN0"));
  refused("other_algorithm", "Authorization names the algorithm AWS4-HMAC-SHA1",
          authorization_with([](std::string& v) { v.replace(0, std::min(v.size(), v.find(' ')), "AWS4-HMAC-SHA1"); }));
  refused("short_scope", "Credential ends after the region", authorization_with([](std::string& value) {
            const std::size_t end = value.find(", ");
            const std::size_t region_end = value.rfind('/', value.rfind('/', end) - 1);
            value.erase(region_end, end - region_end);
          }));
  refused("garbage", "Authorization is no header of the kind", authorization_is("=,=/;%00"));
  refused("no_date", "no X-Amz-Date", without_header(date_header));
}

void keys_and_signatures(ForgerySuite& suite) {
  suite.refused("key.unknown", "an access key that does not exist", "auth.key",
                {.with = [](Signing& s) { s.credentials.access_key = "AKIAGLUECONFORMANCE0"; }});
  const auto refused = [&suite](const std::string& id, const std::string& title, Forgery forgery) {
    suite.refused("signature." + id, title, "auth.signature", std::move(forgery));
  };
  refused("other_secret", "signed with another secret key",
          {.with = [](Signing& s) { s.credentials.secret_key.insert(0, "not"); }});
  refused("first_digit", "another first digit", {.afterwards = authorization_with([](std::string& value) {
                                                   if (value.size() > digits) other_digit(value[value.size() - digits]);
                                                 })});
  refused("last_digit", "another last digit", {.afterwards = authorization_with([](std::string& value) {
                                                 if (!value.empty()) other_digit(value.back());
                                               })});
  refused("short", "without its last digit", {.afterwards = authorization_with([](std::string& value) {
                                                if (!value.empty()) value.pop_back();
                                              })});
  refused("empty", "of no digits", {.afterwards = authorization_with([](std::string& value) {
                                      value.resize(value.size() - std::min(value.size(), digits));
                                    })});
  refused("other_second", "X-Amz-Date a few seconds off the signed one",
          {.afterwards = [](Request& request) { change(request, date_header, other_second); }});
}

void what_is_covered(const CaseBuilder& b, ForgerySuite& suite) {
  const std::string member = "," + text::quote_raw(b.option().name) + ":" + text::quote_raw(CaseBuilder::plain_option);
  const auto with_member = [member](const std::string& body) { return body.substr(0, body.rfind('}')) + member + "}"; };
  suite.refused("body.member", "a member is added after signing", "auth.body",
                {.afterwards = body_becomes(with_member)});
  suite.refused("body.space", "a space is added at the end after signing", "auth.body",
                {.afterwards = body_becomes([](const std::string& body) { return body + " "; })});
  Case& hashed = suite.refused("body.hash_sent", "a member is added after signing, and X-Amz-Content-Sha256 is signed",
                               "auth.body", {.afterwards = body_becomes(with_member)});
  hashed.edit = [](Request& request) {
    request.headers.push_back({"X-Amz-Content-Sha256", wire::payload_hash(request.body)});
  };

  const auto with_own = [](Request& request) { request.headers.push_back({std::string(own_header), "one"}); };
  suite
      .refused("signed_headers.value", "a signed header gets another value", "auth.signed_headers",
               {.afterwards = [](Request& r) { change(r, own_header, [](std::string& v) { v = "two"; }); }})
      .edit = with_own;
  suite
      .refused("signed_headers.again", "a signed header gets a second line", "auth.signed_headers",
               {.afterwards =
                    [](Request& r) {
                      r.headers.push_back({std::string(own_header), "two"});
                    }})
      .edit = with_own;
  suite
      .refused("signed_headers.gone", "a signed header is taken away", "auth.signed_headers",
               {.afterwards = without_header(own_header)})
      .edit = with_own;

  suite.refused("host.unsigned", "Host is not signed", "auth.host",
                {.with = [](Signing& s) { s.not_signed = {"host"}; }});
  suite.free("target.unsigned", "X-Amz-Target is not signed", "auth.target_unsigned",
             {.with = [](Signing& s) { s.not_signed = {"x-amz-target"}; }});
}

void dates_and_scopes(ForgerySuite& suite) {
  suite.refused("date.past", "signed an hour ago", "auth.date", {.with = [](Signing& s) { s.now -= far; }});
  suite.refused("date.future", "dated an hour ahead", "auth.date", {.with = [](Signing& s) { s.now += far; }});
  suite.refused("service.other", "signed for another service", "auth.service",
                {.with = [](Signing& s) { s.service = s.service == "kinesis" ? "firehose" : "kinesis"; }});
  suite.refused("region.unknown", "signed for a region that does not exist", "auth.region",
                {.with = [](Signing& s) { s.region = "zz-nowhere-9"; }});
  suite.free("region.other", "signed for another region", "auth.region_other",
             {.with = [](Signing& s) { s.region = s.region == "us-west-2" ? "us-east-1" : "us-west-2"; }});
}

void tokens(ForgerySuite& suite) {
  suite.refused("token.missing", "temporary credentials without their session token", "auth.token",
                {.with = [](Signing& s) { s.credentials.session_token.clear(); }, .of_token = true});
  suite.refused(
      "token.other", "temporary credentials with another session token", "auth.token",
      {.with = [](Signing& s) { s.credentials.session_token = "bm8gdG9rZW4gb2YgYW55Ym9keQ=="; }, .of_token = true});
}

}  // namespace

std::vector<Case> authentication(const CaseBuilder& b) {
  ForgerySuite suite(b);
  unsigned_requests(suite);
  broken_headers(suite);
  keys_and_signatures(suite);
  what_is_covered(b, suite);
  dates_and_scopes(suite);
  tokens(suite);
  return std::move(suite).cases();
}

}  // namespace conformance::suites
