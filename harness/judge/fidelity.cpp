#include "harness/judge/fidelity.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "harness/text/escape.h"
#include "harness/text/stable_hash.h"

namespace conformance {
namespace {

using spec::Outcome;
using wire::TransportFailure;

constexpr std::size_t most_shown = 200, most_kept = 2048;  // bytes of a body
constexpr std::size_t large_head = 8000;                   // RFC 9110 section 4.1 recommends that much for a URI alone
constexpr int bad_request = 400, too_large = 413, uri_too_long = 414, head_too_large = 431;
constexpr int bad_gateway = 502, gateway_timeout = 504;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  if (what.empty()) return;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// Two runs give the same case other identifiers.
std::string without_identifiers(std::string text, const Case& test, const Way& way) {
  replace_all(text, way.prefix, "{run}");
  // One that is too short for the prefix is told from other text by its quotes.
  for (const std::string& id : {test.session, test.expected_echo})
    if (!id.empty() && id.find(way.prefix) == std::string::npos) replace_all(text, "\"" + id + "\"", "\"{id}\"");
  return text;
}

// What is the connection's (RFC 9110 section 7.6.1) or any server's own to say (sections 6.6.1, 10.2.4), and what a
// coding changes.
bool is_of_the_hop(std::string_view lower_name) {
  constexpr std::array names{
      "connection", "keep-alive", "te",      "trailer",      "transfer-encoding", "upgrade",
      "date",       "server",     "via",     "age",          "content-length",    "proxy-connection",
      "vary",       "etag",       "warning", "accept-ranges"};
  return std::find(names.begin(), names.end(), lower_name) != names.end();
}

const wire::Header* find(const Course& course, std::string_view name) {
  return wire::find_header(course.headers, name);
}

std::string coding_of(const Course& course) {
  const wire::Header* header = find(course, "Content-Encoding");
  const std::string coding = header == nullptr ? "" : lower(header->value);
  return coding == "identity" ? "" : coding;
}

std::string framing_of(const Course& course) {
  if (find(course, "Transfer-Encoding") != nullptr) return "chunks";
  return find(course, "Content-Length") != nullptr ? "a length" : "the end of the connection";
}

bool is_success(const Course& course) { return course.answer.outcome == Outcome::success; }
bool is_error(const Course& course) { return course.answer.status >= bad_request; }
bool is_refusal(const Course& course) { return course.answer.status >= bad_request && course.answer.status < 500; }
bool is_unauthenticated(const Course& course) { return course.answer.outcome == Outcome::unauthenticated; }
bool has_response(const Course& course) { return course.answer.outcome != Outcome::no_response; }
bool had_effect(const Course& course) { return course.gone.value_or(false); }

// A value that is another one in each answer.
bool is_new_each_time(std::string_view lower_name) {
  return lower_name.find("request-id") != std::string_view::npos ||
         lower_name.find("requestid") != std::string_view::npos || lower_name == "x-amzn-trace-id";
}

std::string shown(const Course& course) {
  if (course.body_size == 0) return "an empty body";
  return fmt::format("{} bytes: {}", course.body_size, text::elide(text::visible(course.body), most_shown));
}

std::string answered(const Course& course) { return summary_of(course.answer); }

class Comparer {
 public:
  Comparer(const Case& test, const Course& direct, const Course& proxied, const ProxyFacts& facts,
           const spec::SpecTable& table)
      : test_(test), direct_(direct), proxied_(proxied), facts_(facts), table_(table), names_(table.fidelity) {}

  Fidelity run() {
    const Comparison comparison = comparison_of(test_, proxied_);
    if (comparison == Comparison::verdict) return by_verdict();
    if (!direct_.sent || !proxied_.sent) return unsent();
    if (throttled(direct_) || throttled(proxied_))
      return end(Verdict::inconclusive,
                 fmt::format("throttled: {} directly, {} through the proxy", answered(direct_), answered(proxied_)));
    if (interrupted(direct_) || interrupted(proxied_)) return end(Verdict::skipped, "the run was interrupted");
    if (refused_before(comparison)) return std::move(found_);
    return comparison == Comparison::whole ? whole() : by_message();
  }

 private:
  [[nodiscard]] static bool throttled(const Course& course) { return course.answer.outcome == Outcome::throttled; }
  [[nodiscard]] static bool interrupted(const Course& course) {
    return course.failure == TransportFailure::interrupted;
  }

  Fidelity end(Verdict verdict, std::string reason) {
    found_.verdict = verdict;
    found_.reason = std::move(reason);
    return std::move(found_);
  }

  void same(const std::string& requirement) { found_.checks.push_back({requirement, true}); }

  bool blame(const std::string& requirement, std::string expected, std::string actual) {
    found_.verdict = Verdict::fail;
    found_.requirement = requirement;
    found_.checks.push_back({requirement, false});
    found_.expected = std::move(expected);
    found_.actual = std::move(actual);
    return true;
  }
  // What was answered both ways.
  bool blame(const std::string& requirement) {
    return blame(requirement, answered(direct_) + ", as without the proxy", answered(proxied_));
  }

  void trait(const std::string& characteristic, std::string reading) {
    found_.traits.emplace_back(characteristic, std::move(reading));
  }

  Fidelity unsent() {
    if (!direct_.sent && !proxied_.sent) {
      const Verdict verdict = direct_.verdict == proxied_.verdict ? proxied_.verdict : Verdict::inconclusive;
      return end(verdict == Verdict::pass || verdict == Verdict::fail ? Verdict::inconclusive : verdict,
                 proxied_.reason.empty() ? direct_.reason : proxied_.reason);
    }
    const bool through = direct_.sent;
    return end(Verdict::inconclusive,
               fmt::format("could not be asked {} the proxy, as it was {} it: {}", through ? "through" : "without",
                           through ? "without" : "through", through ? proxied_.reason : direct_.reason));
  }

  // A signature that fails, or a size that is refused: whatever the case asks, it was not heard.
  bool refused_before(Comparison comparison) {
    // The signature of a message that is none may be of anything.
    const bool is_heard = comparison == Comparison::whole || is_success(direct_);
    if (is_heard && is_unauthenticated(proxied_) && !is_unauthenticated(direct_)) {
      // A path is signed too.
      if (proxied_.other_target && !facts_.refuses_all) return blame(names_.path);
      if (facts_.host_seen.empty()) return blame(names_.signature);
      return blame(names_.host,
                   fmt::format("{}, as without the proxy: Host comes through as it is signed", answered(direct_)),
                   fmt::format("{}; a request signed for \"{}\" is taken: that is what the upstream gets as its Host",
                               answered(proxied_), text::visible(facts_.host_seen)));
    }
    const int status = proxied_.answer.status;
    if (status == direct_.answer.status) return false;
    if (status == too_large && !names_type(direct_))
      return blame(names_.body_limit, answered(direct_) + ", as without the proxy",
                   fmt::format("{} to a body of {} bytes", answered(proxied_), proxied_.body_sent));
    const bool by_name = (status == head_too_large || status == uri_too_long) && !names_type(direct_);
    const bool by_size = status == bad_request && proxied_.head_sent > large_head && !proxied_.answer.body_is_object &&
                         !is_refusal(direct_);
    if (by_name || by_size)
      return blame(names_.header_limit, answered(direct_) + ", as without the proxy",
                   fmt::format("{} to a header section of {} bytes", answered(proxied_), proxied_.head_sent));
    return false;
  }

  // The upstream refuses it for its size too, in its own words.
  [[nodiscard]] bool names_type(const Course& course) const {
    const auto& names = table_.too_large_answers;
    return std::find(names.begin(), names.end(), course.answer.type) != names.end() ||
           course.answer.status == too_large || course.answer.status == head_too_large ||
           course.answer.status == uri_too_long;
  }

  [[nodiscard]] bool is_asked_for(const std::string& coding) const {
    const std::string asked = lower(proxied_.accepted_codings);
    return asked.find(coding) != std::string::npos || asked.find('*') != std::string::npos ||
           asked.find("identity;q=0") != std::string::npos;
  }

  Fidelity whole() {
    if (!has_response(direct_)) return without_direct_answer();
    if (!has_response(proxied_)) {
      blame(names_.outcome);
      return std::move(found_);
    }
    measure();
    const std::string coding = coding_of(proxied_);
    const bool is_coded = !coding.empty() && coding_of(direct_).empty();
    if (is_coded && !is_asked_for(coding)) {
      blame(names_.content_coding, "no content coding, as without the proxy",
            fmt::format("{} with Content-Encoding: {}", answered(proxied_), text::visible(coding)));
      found_.cause = "Content-Encoding: " + text::elide(text::visible(coding), most_shown);
      return std::move(found_);
    }
    if (is_coded) {
      trait(names_.compressed, fmt::format("{}, if the client takes it", text::visible(coding)));
      found_.note = "the body was not compared: it came compressed, as the request lets it";
      if (proxied_.answer.status != direct_.answer.status) blame(names_.status);
      return std::move(found_);
    }
    if (proxied_.other_target && differs_by_target()) return std::move(found_);
    (void)(differs_in_answer() || differs_in_effect() || differs_in_form());
    return std::move(found_);
  }

  // RFC 9110 sections 15.6.3 and 15.6.5: that is how a proxy says it.
  Fidelity without_direct_answer() {
    const int status = proxied_.answer.status;
    const bool said = status == bad_gateway || status == gateway_timeout;
    if (!has_response(proxied_) || said)
      found_.note = fmt::format("the upstream gives no answer: {}", answered(direct_));
    else
      blame(names_.outcome);
    if (found_.verdict == Verdict::pass) (void)differs_in_effect();
    return std::move(found_);
  }

  // True if nothing else is to be compared.
  bool differs_by_target() {
    if (is_success(direct_) != is_success(proxied_)) return blame(names_.path);
    if (is_success(direct_) || same_answer()) return false;
    if (!is_refusal(proxied_)) return blame(names_.path);
    // An invalid target is refused by whoever reads it first (RFC 9112 section 3).
    trait(names_.answers_itself, fmt::format("{}: {}", test_.characteristic, kind_of(proxied_.answer)));
    found_.note =
        fmt::format("refused both ways: {} without the proxy, {} through it", answered(direct_), answered(proxied_));
    (void)differs_in_effect();
    return true;
  }

  [[nodiscard]] bool same_answer() const {
    return direct_.answer.outcome == proxied_.answer.outcome && direct_.answer.status == proxied_.answer.status &&
           direct_.answer.type == proxied_.answer.type;
  }

  bool differs_in_answer() {
    const Answer &one = direct_.answer, &other = proxied_.answer;
    const bool fails_instead = other.status >= 500 && one.status < 500;
    if (is_error(direct_) && one.body_is_object && !other.body_is_object && !fails_instead)
      return blame(names_.error_body, answered(direct_) + ", as without the proxy: " + shown(direct_),
                   answered(proxied_) + ", with " + shown(proxied_));
    if (one.outcome != other.outcome) return blame(names_.outcome);
    if (one.status != other.status) return blame(names_.status);
    if (one.type != other.type || one.type_place != other.type_place) return blame(names_.type);
    // An SDK that looks there first sees another type, whatever the body says.
    const wire::Header* added = find(proxied_, "x-amzn-errortype");
    if (added != nullptr && find(direct_, "x-amzn-errortype") == nullptr)
      return blame(names_.type, fmt::format("{} without {}, as without the proxy", answered(direct_), added->name),
                   fmt::format("{} with {}: {}", answered(proxied_), text::visible(added->name),
                               text::elide(text::visible(added->value), most_shown)));
    for (const std::string* requirement : {&names_.outcome, &names_.status, &names_.type}) same(*requirement);
    if (is_error(direct_)) same(names_.error_body);
    return false;
  }

  bool differs_in_form() {
    if (!facts_.unstable.contains(names_.body) &&
        (direct_.body_size != proxied_.body_size || direct_.body_hash != proxied_.body_hash))
      return blame(names_.body, "the body as without the proxy, " + shown(direct_), shown(proxied_));
    const std::string lost = lost_header();
    if (!lost.empty()) {
      found_.cause = lost.substr(0, lost.find(": "));
      return blame(names_.headers, "the header fields as without the proxy", lost);
    }
    same(names_.body);
    same(names_.headers);
    same(names_.content_coding);
    if (proxied_.other_target) same(names_.path);
    return false;
  }

  // Of the upstream's header fields the first that does not come through, in words; empty if all do.
  [[nodiscard]] std::string lost_header() const {
    for (const wire::Header& header : direct_.headers) {
      const std::string name = lower(header.name);
      if (is_of_the_hop(name)) continue;
      const wire::Header* through = find(proxied_, name);
      if (through == nullptr) return "no " + text::visible(header.name);
      if (is_new_each_time(name) || facts_.unstable.contains(names_.headers) || through->value == header.value)
        continue;
      return fmt::format("{}: {}, in place of {}", text::visible(header.name),
                         text::elide(text::visible(through->value), most_shown),
                         text::elide(text::visible(header.value), most_shown));
    }
    return {};
  }

  bool differs_in_effect() {
    if (!direct_.gone || !proxied_.gone) return false;
    if (*direct_.gone == *proxied_.gone) {
      same(names_.effect);
      return false;
    }
    const auto in_words = [](bool gone) { return gone ? "the session is deleted" : "the session is not deleted"; };
    return blame(names_.effect, fmt::format("{}, as without the proxy", in_words(*direct_.gone)),
                 fmt::format("{}, and {}", answered(proxied_), in_words(*proxied_.gone)));
  }

  void measure() {
    bool all_lower = true, all_same = true;
    std::vector<std::string> added;
    for (const wire::Header& header : proxied_.headers) {
      const wire::Header* original = find(direct_, header.name);
      all_lower = all_lower && header.name == lower(header.name);
      if (original == nullptr) added.push_back(text::visible(header.name));
      all_same = all_same && (original == nullptr || original->name == header.name);
    }
    std::sort(added.begin(), added.end());
    trait(names_.header_names, all_same    ? "as the upstream writes them"
                               : all_lower ? "in lower case"
                                           : "otherwise than the upstream");
    trait(names_.added, added.empty() ? "none" : fmt::format("{}", fmt::join(added, ", ")));
    const std::string one = framing_of(direct_), other = framing_of(proxied_);
    trait(names_.framing,
          one == other ? fmt::format("{}, as the upstream", one) : fmt::format("{} in place of {}", other, one));
  }

  // RFC 9110 section 3.7: towards its clients a gateway is the server.
  Fidelity by_message() {
    Fidelity found = ruled_by_message();
    if (found.verdict == Verdict::pass) found.checks.push_back({names_.http, true});
    return found;
  }

  Fidelity ruled_by_message() {
    if (proxied_.verdict == Verdict::pass) return end(Verdict::pass, "");
    if (proxied_.verdict != Verdict::fail)
      return end(proxied_.verdict == direct_.verdict || proxied_.verdict == Verdict::skipped ? proxied_.verdict
                                                                                             : Verdict::inconclusive,
                 proxied_.reason);
    if (direct_.verdict == Verdict::fail && direct_.requirement == proxied_.requirement) {
      found_.note = fmt::format("breaks {} with and without the proxy", direct_.requirement);
      return end(Verdict::pass, "");
    }
    if (const std::string why = why_its_own(); !why.empty()) {
      trait(names_.answers_itself, fmt::format("{}: {}", proxied_.requirement, kind_of(proxied_.answer)));
      found_.note = fmt::format("{} without the proxy, {} through it: {}", answered(direct_), answered(proxied_), why);
      return end(Verdict::pass, "");
    }
    blame(names_.http, fmt::format("{}, as without the proxy ({})", answered(direct_), proxied_.requirement),
          fmt::format("{}{}", answered(proxied_), had_effect(proxied_) ? ", and the session is deleted" : ""));
    return std::move(found_);
  }

  // Why the proxy may answer as it does, though the upstream does not; empty if it may not.
  [[nodiscard]] std::string why_its_own() const {
    const bool is_http = proxied_.failure == TransportFailure::none || proxied_.failure == TransportFailure::timeout ||
                         proxied_.failure == TransportFailure::closed;
    if (!is_http) return {};
    const auto source = names_.own.find(test_.requirement);
    if (source != names_.own.end() && (is_success(proxied_) || (is_refusal(proxied_) && !had_effect(proxied_))))
      return table_.sources.at(source->second);
    if (test_.kind == Kind::valid || is_success(proxied_) || had_effect(proxied_)) return {};
    return "it is not carried out, and how a message that is none is turned away is left open (RFC 9112 sections 8 and "
           "9.5, RFC 9110 section 3.7)";
  }

  // What an answer like this was blamed for where the whole was compared; else empty.
  [[nodiscard]] std::string known_cause() const {
    if (!facts_.blamed_where_met.empty()) return facts_.blamed_where_met;
    const auto found = facts_.blamed_for.find(kind_of(proxied_.answer));
    return found == facts_.blamed_for.end() ? std::string() : found->second;
  }

  Fidelity by_verdict() {
    Fidelity found = ruled_by_verdict();
    if (found.verdict == Verdict::pass) found.checks.push_back({names_.outcome, true});
    return found;
  }

  Fidelity ruled_by_verdict() {
    const Verdict one = direct_.verdict, other = proxied_.verdict;
    if (one == other && (one != Verdict::fail || direct_.requirement == proxied_.requirement)) {
      if (one != Verdict::fail) return end(one, proxied_.reason);
      found_.note = fmt::format("breaks {} with and without the proxy", direct_.requirement);
      return end(Verdict::pass, "");
    }
    if (other != Verdict::fail && other != Verdict::pass)
      return end(other == Verdict::skipped && one != Verdict::skipped ? Verdict::inconclusive : other, proxied_.reason);
    const bool depends_on_others = test_.gathers || test_.looks_back;
    if (other == Verdict::pass && (one != Verdict::fail || depends_on_others)) {
      found_.note = fmt::format("without the proxy: {}, {}", name_of(one),
                                one == Verdict::fail ? direct_.requirement : direct_.reason);
      return end(Verdict::pass, "");
    }
    const auto in_words = [](const Course& course) {
      return course.verdict == Verdict::fail ? fmt::format("breaks {}: {}", course.requirement, answered(course))
                                             : std::string(name_of(course.verdict));
    };
    const std::string cause = known_cause();
    blame(cause.empty() ? names_.outcome : cause, in_words(direct_) + ", as without the proxy", in_words(proxied_));
    return std::move(found_);
  }

  const Case& test_;
  const Course& direct_;
  const Course& proxied_;
  const ProxyFacts& facts_;
  const spec::SpecTable& table_;
  const spec::Fidelity& names_;
  Fidelity found_;
};

}  // namespace

Course course_of(const Case& test, const Judgement& judgement, const wire::Request& request,
                 const std::optional<wire::Exchange>& exchange, const Way& way) {
  Course course;
  course.verdict = judgement.verdict;
  course.requirement = judgement.requirement;
  course.reason = judgement.reason;
  course.answer = judgement.answer;
  course.gone = judgement.gone;
  course.other_target = request.target != way.path;
  const wire::Header* host = wire::find_header(request.headers, "Host");
  course.other_host = host == nullptr || host->value != way.authority;
  if (const wire::Header* codings = wire::find_header(request.headers, "Accept-Encoding"))
    course.accepted_codings = codings->value;
  if (!exchange) return course;
  course.sent = true;
  course.failure = exchange->failure;
  const std::size_t blank = exchange->sent.find("\r\n\r\n");
  course.head_sent = blank == std::string::npos ? exchange->sent.size() : blank + 4;
  course.body_sent = exchange->sent.size() + exchange->sent_not_kept - course.head_sent;
  if (!exchange->response) return course;
  course.headers = exchange->response->headers;
  for (wire::Header& header : course.headers) header.value = without_identifiers(std::move(header.value), test, way);
  std::string body = without_identifiers(exchange->response->body, test, way);
  course.body_size = body.size();
  course.body_hash = text::stable_hash(body);
  if (body.size() > most_kept) body.resize(most_kept);
  course.body = std::move(body);
  return course;
}

Comparison comparison_of(const Case& test, const Course& proxied) {
  if (test.property || test.sweep || test.story || test.gathers || test.looks_back) return Comparison::verdict;
  const bool of_the_message = test.speak || !test.companions.empty() || test.is_no_http || proxied.other_host;
  return of_the_message ? Comparison::message : Comparison::whole;
}

bool is_on_proxies(const spec::SpecTable& table, std::string_view requirement) {
  const spec::Fidelity& f = table.fidelity;
  const std::array all{&f.host,           &f.signature,  &f.path,    &f.body_limit, &f.header_limit,
                       &f.content_coding, &f.error_body, &f.http,    &f.outcome,    &f.status,
                       &f.type,           &f.body,       &f.headers, &f.effect};
  return std::any_of(all.begin(), all.end(), [requirement](const std::string* id) { return *id == requirement; });
}

Fidelity compare(const Case& test, const Course& direct, const Course& proxied, const ProxyFacts& facts,
                 const spec::SpecTable& table) {
  return Comparer(test, direct, proxied, facts, table).run();
}

}  // namespace conformance
