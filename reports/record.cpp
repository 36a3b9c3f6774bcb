#include "reports/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <ostream>
#include <type_traits>
#include <utility>

#include "harness/spec/json_schema.h"
#include "harness/text/base64.h"
#include "harness/text/escape.h"
#include "harness/text/json_string.h"
#include "harness/text/utf8.h"
#include "harness/wire/url.h"
#include "harness/wire/usage_error.h"

namespace conformance::reports {
namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::string& pointer, const std::string& what) {
  throw RecordError(fmt::format("{}: {}", text::visible(pointer.empty() ? "/" : pointer), what));
}

// --- the words of enumerations, which are those of name_of()

template <typename E>
struct Words;
template <>
struct Words<Kind> {
  static constexpr std::array all{Kind::valid, Kind::malformed, Kind::free_form};
};
template <>
struct Words<Tier> {
  static constexpr std::array all{Tier::smoke, Tier::standard, Tier::exhaustive};
};
template <>
struct Words<Verb> {
  static constexpr std::array all{Verb::create, Verb::get, Verb::list, Verb::stop, Verb::remove};
};
template <>
struct Words<Verdict> {
  static constexpr std::array all{Verdict::pass,         Verdict::fail,    Verdict::known,
                                  Verdict::inconclusive, Verdict::skipped, Verdict::error};
};
template <>
struct Words<KnownFailure::State> {
  static constexpr std::array all{KnownFailure::State::waived, KnownFailure::State::otherwise,
                                  KnownFailure::State::passed};
};
template <>
struct Words<spec::Level> {
  static constexpr std::array all{spec::Level::must, spec::Level::should, spec::Level::may};
};
template <>
struct Words<spec::Evidence> {
  static constexpr std::array all{spec::Evidence::documented, spec::Evidence::modelled, spec::Evidence::observed,
                                  spec::Evidence::inferred};
};
template <>
struct Words<spec::Outcome> {
  static constexpr std::array all{
      spec::Outcome::success,           spec::Outcome::rejected_as_invalid, spec::Outcome::rejected_as_unreadable,
      spec::Outcome::unknown_operation, spec::Outcome::not_found,           spec::Outcome::wrong_state,
      spec::Outcome::unauthenticated,   spec::Outcome::throttled,           spec::Outcome::server_fault,
      spec::Outcome::unrecognised,      spec::Outcome::no_response};
};
template <>
struct Words<wire::TransportFailure> {
  using F = wire::TransportFailure;
  static constexpr std::array all{F::none,      F::resolve,   F::connect,     F::tls,      F::timeout, F::closed,
                                  F::malformed, F::too_large, F::interrupted, F::given_up, F::left};
};

std::string_view name_of(Companion::Expected expected) {
  switch (expected) {
    case Companion::Expected::not_refused:
      return "not_refused";
    case Companion::Expected::refused:
      return "refused";
    case Companion::Expected::any:
      break;
  }
  return "any";
}
template <>
struct Words<Companion::Expected> {
  static constexpr std::array all{Companion::Expected::not_refused, Companion::Expected::refused,
                                  Companion::Expected::any};
};

template <typename E>
concept HasWords = requires {
  Words<E>::all;
};

template <typename T>
inline constexpr bool is_pointer = false;
template <typename T>
inline constexpr bool is_pointer<std::shared_ptr<T>> = true;
template <typename T>
inline constexpr bool is_optional = false;
template <typename T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <typename T>
inline constexpr bool is_vector = false;
template <typename T>
inline constexpr bool is_vector<std::vector<T>> = true;

// --- a moment: "2026-11-27T18:58:53.123456Z"

std::string moment_text(std::chrono::system_clock::time_point moment) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(moment);
  const auto rest = std::chrono::floor<std::chrono::microseconds>(moment - whole);
  const auto day = std::chrono::floor<std::chrono::days>(whole);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(whole - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), rest.count());
}

std::optional<std::chrono::system_clock::time_point> moment_of(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00.000000Z";
  if (text.size() != shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return std::nullopt;
  }
  const auto number = [text](std::size_t at, std::size_t count) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + count, value);
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  // Beyond these a 64-bit count of nanoseconds ends.
  const bool in_range = number(0, 4) >= 1700 && number(0, 4) <= 2200;
  if (!date.ok() || !in_range || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(number(11, 2)) + std::chrono::minutes(number(14, 2)) +
         std::chrono::seconds(number(17, 2)) + std::chrono::microseconds(number(20, 6));
}

// --- flags

template <typename T>
struct Flag {
  const char* name;
  bool T::*member;
};

constexpr std::array case_flags{
    Flag<Case>{"needs_session", &Case::needs_session},
    Flag<Case>{"asks_which_session", &Case::asks_which_session},
    Flag<Case>{"names_missing_session", &Case::names_missing_session},
    Flag<Case>{"spares_session", &Case::spares_session},
    Flag<Case>{"without_session", &Case::without_session},
    Flag<Case>{"oversize", &Case::oversize},
    Flag<Case>{"any_form", &Case::any_form},
    Flag<Case>{"may_be_dropped", &Case::may_be_dropped},
    Flag<Case>{"must_close", &Case::must_close},
    Flag<Case>{"gathers", &Case::gathers},
    Flag<Case>{"looks_back", &Case::looks_back},
    Flag<Case>{"liveness", &Case::liveness},
    Flag<Case>{"must_continue", &Case::must_continue},
    Flag<Case>{"is_no_http", &Case::is_no_http},
    Flag<Case>{"alone", &Case::alone},
};

constexpr std::array answer_flags{
    Flag<Answer>{"echo_is_no_string", &Answer::echo_is_no_string},
    Flag<Answer>{"body_is_object", &Answer::body_is_object},
    Flag<Answer>{"body_is_empty", &Answer::body_is_empty},
    Flag<Answer>{"message_is_string", &Answer::message_is_string},
};

// --- writing: as text at once, since a value may be most of the memory

template <typename T>
void encode(std::ostream& out, const T& value);

void encode_bytes(std::ostream& out, std::string_view bytes) {
  constexpr std::size_t piece = 48UL * 1024;  // a multiple of three, so that the pieces are those of the whole
  out << '"';
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    out << text::base64(bytes.substr(0, piece));
  out << '"';
}

class Writer {
 public:
  template <typename T>
  using Ref = const T&;
  static constexpr bool reads = false;

  explicit Writer(std::ostream& out) : out_(out) { out_ << '{'; }
  ~Writer() { out_ << '}'; }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  template <typename T>
  void required(const char* name, const T& value) {
    encode(member(name), value);
  }
  template <typename T>
  void optional(const char* name, const T& value, const T& unless = T{}) {
    // Every vector claims to be comparable, whatever is in it.
    if constexpr (is_vector<T>) {
      if (value.empty()) return;
    } else if constexpr (is_optional<T>) {
      if (!value.has_value()) return;
    } else {
      if (value == unless) return;
    }
    required(name, value);
  }
  void bytes(const char* name, const std::string& value) { bytes_unless(name, value, {}); }
  void bytes(const char* name, const std::optional<std::string>& value) {
    if (value) encode_bytes(member(name), *value);
  }
  // Left out if it is `same`.
  void bytes_unless(const char* name, const std::string& value, const std::string& same) {
    if (value != same) encode_bytes(member(name), value);
  }
  template <typename Describe>
  void object(const char* name, const Describe& describe_it) {
    Writer inner(member(name));
    describe_it(inner);
  }
  template <typename T, typename Describe>
  void optional_object(const char* name, const std::optional<T>& value, const Describe& describe_it) {
    if (value) object(name, [&](Writer& inner) { describe_it(inner, *value); });
  }
  void decimal(const char* name, std::uint64_t value) { required(name, std::to_string(value)); }
  void moment(const char* name, std::chrono::system_clock::time_point value) { required(name, moment_text(value)); }
  template <typename T, std::size_t N>
  void flags(const char* name, const T& value, const std::array<Flag<T>, N>& all) {
    std::vector<std::string> names;
    for (const Flag<T>& flag : all)
      if (value.*flag.member) names.emplace_back(flag.name);
    optional(name, names);
  }

 private:
  std::ostream& member(const char* name) {
    out_ << (any_ ? "," : "") << text::quote_raw(name) << ':';
    any_ = true;
    return out_;
  }

  std::ostream& out_;
  bool any_ = false;
};

// --- reading

template <typename T>
void decode(const json& value, const std::string& pointer, T& into);

class Reader {
 public:
  template <typename T>
  using Ref = T&;
  static constexpr bool reads = true;

  Reader(const json& value, std::string pointer) : value_(value), pointer_(std::move(pointer)) {
    if (!value.is_object()) fail(pointer_, "it is no object");
  }

  template <typename T>
  void required(const char* name, T& into) {
    const json* found = find(name);
    if (found == nullptr) fail(pointer_, fmt::format("there is no member \"{}\"", name));
    decode(*found, at(name), into);
  }
  template <typename T>
  void optional(const char* name, T& into, const T& unless = T{}) {
    const json* found = find(name);
    into = unless;
    if (found != nullptr) decode(*found, at(name), into);
  }
  void bytes(const char* name, std::string& into) {
    if (const json* found = find(name)) into = decoded(*found, at(name));
  }
  void bytes(const char* name, std::optional<std::string>& into) {
    if (const json* found = find(name)) into = decoded(*found, at(name));
  }
  void bytes_unless(const char* name, std::string& into, const std::string& same) {
    const json* found = find(name);
    into = found == nullptr ? same : decoded(*found, at(name));
  }
  template <typename Describe>
  void object(const char* name, const Describe& describe_it) {
    const json* found = find(name);
    if (found == nullptr) fail(pointer_, fmt::format("there is no member \"{}\"", name));
    Reader inner(*found, at(name));
    describe_it(inner);
    inner.finish();
  }
  template <typename T, typename Describe>
  void optional_object(const char* name, std::optional<T>& into, const Describe& describe_it) {
    if (value_.contains(name)) object(name, [&](Reader& inner) { describe_it(inner, into.emplace()); });
  }
  void decimal(const char* name, std::uint64_t& into) {
    std::string text;
    required(name, text);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    if (error != std::errc() || end != text.data() + text.size() || std::to_string(into) != text)
      fail(at(name), "it is no whole number from 0 to 18446744073709551615 in a string");
  }
  void moment(const char* name, std::chrono::system_clock::time_point& into) {
    std::string text;
    required(name, text);
    const auto read = moment_of(text);
    if (!read) fail(at(name), "it is no moment like \"2026-01-31T23:59:59.123456Z\"");
    into = *read;
  }
  template <typename T, std::size_t N>
  void flags(const char* name, T& into, const std::array<Flag<T>, N>& all) {
    for (const Flag<T>& flag : all) into.*flag.member = false;
    std::vector<std::string> names;
    optional(name, names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto found =
          std::find_if(all.begin(), all.end(), [&](const Flag<T>& flag) { return names[i] == flag.name; });
      if (found == all.end() || into.*found->member)
        fail(fmt::format("{}/{}", at(name), i),
             found == all.end() ? "this version knows no such flag" : "it is there twice");
      into.*found->member = true;
    }
  }
  [[nodiscard]] std::string at(std::string_view name) const { return pointer_ + "/" + spec::pointer_segment(name); }
  [[noreturn]] void refuse(std::string_view name, const std::string& what) const { fail(at(name), what); }

  void finish() const {
    if (known_.size() == value_.size()) return;
    for (const auto& [name, value] : value_.items())
      if (std::find(known_.begin(), known_.end(), name) == known_.end())
        fail(at(name), "this version knows no such member");
  }

 private:
  const json* find(const char* name) {
    const auto found = value_.find(name);
    if (found == value_.end()) return nullptr;
    known_.emplace_back(name);
    return &*found;
  }
  static std::string decoded(const json& value, const std::string& pointer) {
    if (!value.is_string()) fail(pointer, "it is no string");
    std::optional<std::string> bytes = text::from_base64(value.get_ref<const std::string&>());
    if (!bytes) fail(pointer, "it is no base64");
    return *std::move(bytes);
  }

  const json& value_;
  std::string pointer_;
  std::vector<std::string_view> known_;
};

// --- what is in each, said once for both ways

// `received`: of the exchange, if the body may be its end. It mostly is, and may be megabytes.
template <typename A>
void describe_response(A& a, typename A::template Ref<wire::Response> r, std::string_view received) {
  a.required("status", r.status);
  a.optional("reason", r.reason);
  a.optional("headers", r.headers);
  std::size_t body_bytes = received.ends_with(r.body) ? r.body.size() : 0;
  a.optional("body_bytes", body_bytes);
  if (A::reads || body_bytes == 0) a.bytes("body", r.body);
  if constexpr (A::reads) {
    if (body_bytes > received.size()) a.refuse("body_bytes", "that is more than was received");
    if (body_bytes > 0 && !r.body.empty()) a.refuse("body", "it is said by body_bytes");
    if (body_bytes > 0) r.body = received.substr(received.size() - body_bytes);
  }
  a.optional("keep_alive", r.keep_alive);
  a.optional("interim", r.interim);
}

template <typename A>
void describe(A& a, typename A::template Ref<wire::Response> r) {
  describe_response(a, r, {});
}

template <typename A>
void describe(A& a, typename A::template Ref<wire::Exchange> e) {
  a.bytes("sent", e.sent);
  a.optional("sent_not_kept", e.sent_not_kept);
  a.bytes("received", e.received);
  a.optional("received_not_kept", e.received_not_kept);
  a.optional_object("response", e.response,
                    [&e](auto& inner, auto& response) { describe_response(inner, response, e.received); });
  a.optional("failure", e.failure, wire::TransportFailure::none);
  a.optional("detail", e.detail);
  a.optional("elapsed_us", e.elapsed);
  a.optional("resent", e.resent);
  a.optional("earlier", e.earlier);
  a.optional("peer_closed", e.peer_closed);
  a.optional("answered_bytes", e.answered_bytes);
  a.optional("answers_on_connection", e.answers_on_connection);
  if constexpr (A::reads) {
    if (e.response.has_value() != (e.failure == wire::TransportFailure::none))
      a.refuse("response", "there is one exactly if there is no failure");
  }
}

// Its body is mostly that of the case, and may be megabytes.
template <typename A>
void describe_request(A& a, typename A::template Ref<wire::Request> r, const std::string& body_of_case) {
  a.optional("method", r.method, std::string("POST"));
  a.optional("target", r.target, std::string("/"));
  a.optional("headers", r.headers);
  a.bytes_unless("body", r.body, body_of_case);
  a.optional("sign_also", r.sign_also);
  a.optional("scheme", r.scheme, std::string("http"));
}

template <typename A>
void describe(A& a, typename A::template Ref<Lengths> l) {
  a.required("code_points", l.code_points);
  a.required("utf16_units", l.utf16_units);
  a.required("bytes", l.bytes);
}

template <typename A>
void describe(A& a, typename A::template Ref<Companion> c) {
  a.bytes("body", c.body);
  a.required("expected", c.expected);
  a.optional("identifier", c.identifier);
}

template <typename A>
void describe(A& a, typename A::template Ref<StoryCall> c) {
  a.required("verb", c.verb);
  a.optional("session", c.session);
  a.optional("option", c.option);
  a.optional("waits", c.waits, true);
}

template <typename A>
void describe(A& a, typename A::template Ref<Story> s) {
  a.optional("sessions", s.sessions);
  a.optional("turns", s.turns);
  a.optional("given_state", s.given_state);
}

template <typename A>
void describe(A& a, typename A::template Ref<Sweep> s) {
  a.optional("ranges", s.ranges);
  a.optional("room", s.room);
  a.optional("most", s.most);
}

template <typename A>
void describe(A& a, typename A::template Ref<Forgery> f) {
  a.optional("of_token", f.of_token);
}

template <typename A>
void describe(A& a, typename A::template Ref<Property> p) {
  a.optional("share", p.share, std::uint64_t{1});
}

// Of the functions only that there are any: what is read as one does nothing.
template <typename A>
void describe_functions(A& a, typename A::template Ref<Case> c) {
  bool edited = static_cast<bool>(c.edit), spoken = static_cast<bool>(c.speak);
  a.optional("edited", edited);
  a.optional("spoken", spoken);
  if constexpr (A::reads) {
    if (edited) c.edit = [](wire::Request&) {};
    if (spoken) c.speak = [](const std::vector<wire::Message>&) { return wire::Conversation{}; };
  }
}

template <typename A>
void describe(A& a, typename A::template Ref<Case> c) {
  a.required("id", c.id);
  a.optional("title", c.title);
  a.optional("area", c.area);
  a.optional("requirement", c.requirement);
  a.optional("characteristic", c.characteristic);
  a.required("kind", c.kind);
  a.required("tier", c.tier);
  a.bytes("body", c.body);
  a.bytes("control_body", c.control_body);
  a.optional("session", c.session);
  a.optional("expected_echo", c.expected_echo);
  a.optional("bystanders", c.bystanders);
  a.optional("lengths", c.lengths);
  a.optional("faults", c.faults);
  a.optional("readings", c.readings);
  a.optional("companions", c.companions);
  a.flags("flags", c, case_flags);
  a.optional("property", c.property);
  a.optional("sweep", c.sweep);
  a.optional("story", c.story);
  a.optional("forgery", c.forgery);
  describe_functions(a, c);
  if constexpr (A::reads) {
    if (c.id.empty()) a.refuse("id", "it is empty");
  }
}

template <typename A>
void describe(A& a, typename A::template Ref<Check> c) {
  a.required("requirement", c.requirement);
  a.required("held", c.held);
}

template <typename A>
void describe(A& a, typename A::template Ref<Answer> r) {
  a.required("outcome", r.outcome);
  a.optional("status", r.status);
  a.optional("type", r.type);
  a.optional("type_place", r.type_place);
  a.optional("message", r.message);
  a.optional("echo", r.echo);
  a.optional("body_fault", r.body_fault);
  a.flags("flags", r, answer_flags);
}

template <typename A>
void describe(A& a, typename A::template Ref<Judgement> j) {
  a.required("verdict", j.verdict);
  a.optional("requirement", j.requirement);
  a.optional("expected", j.expected);
  a.optional("actual", j.actual);
  a.optional("reason", j.reason);
  a.optional("note", j.note);
  a.optional("causes", j.causes);
  a.optional("form", j.form);
  a.optional("checks", j.checks);
  a.required("answer", j.answer);
  a.optional("carried_out", j.carried_out);
  a.optional("gone", j.gone);
  a.optional("readings", j.readings);
}

template <typename A>
void describe(A& a, typename A::template Ref<Deed> d) {
  a.required("turn", d.turn);
  a.required("target", d.target);
  a.bytes("body", d.body);
  a.optional("answer", d.answer);
  a.required("begun_us", d.begun);
  a.required("ended_us", d.ended);
  a.optional("times", d.times, 1U);
}

template <typename A>
void describe(A& a, typename A::template Ref<Reproduction> r) {
  a.required("replay", r.replay);
  a.optional("curl", r.curl);
  a.optional("bytes", r.bytes);
  a.optional("story", r.story);
}

template <typename A>
void describe(A& a, typename A::template Ref<KnownFailure> k) {
  a.required("state", k.state);
  a.optional("flaky", k.flaky);
  a.required("pattern", k.pattern);
  a.required("outcome", k.outcome);
  a.required("reason", k.reason);
  a.required("issue", k.issue);
  a.required("owner", k.owner);
  a.required("until", k.until);
  a.required("place", k.place);
}

template <typename A>
void describe(A& a, typename A::template Ref<CaseResult> r) {
  a.required("case", r.test);
  a.required("judgement", r.judgement);
  a.object("request", [&r](auto& inner) { describe_request(inner, r.request, r.test.body); });
  a.optional("stimulus", r.stimulus);
  a.optional("control", r.control);
  a.optional("elapsed_us", r.elapsed);
  a.optional("sdks", r.sdks);
  a.optional("deeds", r.deeds);
  a.optional("met_in", r.met_in);
  a.optional("warning", r.warning);
  a.optional("out_of_bounds", r.out_of_bounds);
  a.optional("known", r.known);
  a.required("reproduction", r.reproduction);
}

// An address that curl lines can be made of.
template <typename A>
void check_url(const A& a, const std::string& url) {
  if (url.empty()) return;
  try {
    (void)wire::parse_url(url);
  } catch (const wire::UsageError& error) {
    a.refuse("curl_url", error.what());
  }
}

template <typename A>
void describe(A& a, typename A::template Ref<RunInfo> i) {
  a.required("tool_version", i.tool_version);
  a.required("program", i.program);
  a.required("endpoint", i.endpoint);
  a.optional("endpoint_arg", i.endpoint_arg);
  a.optional("upstream", i.upstream);
  a.optional("replay_args", i.replay_args);
  a.optional("gate_args", i.gate_args);
  a.optional("counterexamples", i.counterexamples);
  a.optional("serve_line", i.serve_line);
  a.optional("sweep_line", i.sweep_line);
  a.required("curl_url", i.curl_url);
  a.required("region", i.region);
  a.optional("notes", i.notes);
  a.required("signed_requests", i.signed_requests);
  a.optional("keys_in_environment", i.keys_in_environment, true);
  a.decimal("seed", i.seed);
  a.required("sessions", i.sessions);
  a.required("planned", i.planned);
  a.required("available", i.available);
  a.optional("plan", i.plan);
  a.optional("shard", i.shard);
  a.optional("shards", i.shards, std::size_t{1});
  a.required("tier", i.tier);
  a.moment("started", i.started);
  a.required("fail_level", i.fail_level);
  if constexpr (A::reads) check_url(a, i.curl_url);
}

template <typename A>
void describe(A& a, typename A::template Ref<spec::Member> m) {
  a.required("name", m.name);
  a.required("type", m.type);
  a.optional("required", m.required);
  a.optional("min_length", m.min_length);
  a.optional("max_length", m.max_length);
  a.optional("length_unit", m.length_unit);
  a.optional("pattern", m.pattern);
  a.optional("allowed", m.allowed);
}

template <typename A>
void describe(A& a, typename A::template Ref<spec::Error> e) {
  a.required("name", e.name);
  a.required("statuses", e.statuses);
  a.required("outcome", e.outcome);
  a.required("origin", e.origin);
  a.optional("sources", e.sources);
}

template <typename A>
void describe(A& a, typename A::template Ref<spec::Requirement> r) {
  a.required("id", r.id);
  a.required("sentence", r.sentence);
  a.required("level", r.level);
  a.required("evidence", r.evidence);
  a.optional("sources", r.sources);
  a.optional("accept", r.accept);
}

template <typename A>
void describe(A& a, typename A::template Ref<spec::Characteristic> c) {
  a.required("id", c.id);
  a.required("sentence", c.sentence);
  a.optional("sources", c.sources);
  a.optional("of_proxies", c.of_proxies);
  a.optional("varies", c.varies);
}

template <typename A>
void describe(A& a, typename A::template Ref<spec::SpecTable> t) {
  a.required("version", t.version);
  a.required("service", t.service);
  a.optional("service_shape", t.service_shape);
  a.required("operation", t.operation);
  a.optional("target", t.target);
  a.optional("protocol", t.protocol);
  a.optional("content_type", t.content_type);
  a.optional("success_status", t.success_status);
  a.optional("identifier", t.identifier);
  a.optional("echo", t.echo);
  a.optional("request_members", t.request_members);
  a.optional("response_members", t.response_members);
  a.optional("errors", t.errors);
  a.required("requirements", t.requirements);
  a.optional("characteristics", t.characteristics);
  a.optional("sources", t.sources);
  a.optional("too_long", t.checks.too_long);
}

template <typename A>
void describe(A& a, typename A::template Ref<Totals> t) {
  a.required("planned", t.planned);
  a.required("pass", t.pass);
  a.required("fail", t.fail);
  a.required("known", t.known);
  a.required("inconclusive", t.inconclusive);
  a.required("skipped", t.skipped);
  a.required("error", t.error);
  a.required("warnings", t.warnings);
}

template <typename A>
void describe(A& a, typename A::template Ref<Measured> m) {
  a.required("id", m.id);
  a.required("reading", m.reading);
  a.optional("observations", m.observations);
}

template <typename A>
void describe(A& a, typename A::template Ref<Watched> w) {
  a.required("stale", w.stale);
  a.required("cases", w.cases);
  a.required("settled", w.settled);
  a.required("failed", w.failed);
}

template <typename A>
void describe(A& a, typename A::template Ref<NotHeld> n) {
  a.required("id", n.id);
  a.required("why", n.why);
}

template <typename A>
void describe(A& a, typename A::template Ref<RunEnd> e) {
  a.required("totals", e.totals);
  a.optional("characteristics", e.characteristics);
  a.optional("leftovers", e.leftovers);
  a.optional("interrupted", e.interrupted);
  a.optional("fatal", e.fatal);
  a.optional("unwritten", e.unwritten);
  a.optional("watched", e.watched);
  a.optional("stale", e.stale);
  a.optional("not_held", e.not_held);
  a.required("exit_status", e.exit_status);
  a.required("elapsed_us", e.elapsed);
  a.required("requests", e.requests);
}

// --- values

template <typename T>
void encode(std::ostream& out, const T& value) {
  const auto pair = [&out](const auto& first, const auto& second) {
    out << '[';
    encode(out, first);
    out << ',';
    encode(out, second);
    out << ']';
  };
  if constexpr (std::is_same_v<T, std::string>) {
    if (text::is_valid(value)) {
      out << text::quote_raw(value);
    } else {
      out << R"({"base64":)";
      encode_bytes(out, value);
      out << '}';
    }
  } else if constexpr (std::is_same_v<T, bool>) {
    out << (value ? "true" : "false");
  } else if constexpr (std::is_arithmetic_v<T>) {
    out << std::to_string(value);  // whatever the stream's locale is
  } else if constexpr (HasWords<T>) {
    out << '"' << name_of(value) << '"';
  } else if constexpr (std::is_same_v<T, std::chrono::microseconds>) {
    out << std::to_string(value.count());
  } else if constexpr (is_optional<T> || is_pointer<T>) {
    encode(out, *value);
  } else if constexpr (is_vector<T>) {
    out << '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out << ',';
      encode(out, value[i]);
    }
    out << ']';
  } else if constexpr (std::is_same_v<T, wire::Header>) {
    pair(value.name, value.value);
  } else if constexpr (std::is_same_v<T, std::pair<std::string, std::string>>) {
    pair(value.first, value.second);
  } else if constexpr (std::is_same_v<T, spec::CodePointRange>) {
    pair(value.first, value.last);
  } else if constexpr (std::is_same_v<T, std::map<std::string, std::string>>) {
    Writer writer(out);
    for (const auto& [key, one] : value) writer.required(key.c_str(), one);
  } else {
    Writer writer(out);
    describe(writer, value);
  }
}

std::string text_of(const json& value, const std::string& pointer) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object()) fail(pointer, "it is no string, nor an object with \"base64\"");
  Reader reader(value, pointer);
  std::string bytes;
  if (!value.contains("base64")) fail(pointer, "there is no member \"base64\"");
  reader.bytes("base64", bytes);
  reader.finish();
  if (text::is_valid(bytes)) fail(pointer, "what is UTF-8 is no base64 here, but a string");
  return bytes;
}

const json& element(const json& value, const std::string& pointer, std::size_t count, std::size_t i) {
  if (!value.is_array() || value.size() != count) fail(pointer, fmt::format("it is no array of {}", count));
  return value[i];
}

template <typename T>
T integer_of(const json& value, const std::string& pointer) {
  if (!value.is_number_integer()) fail(pointer, "it is no whole number");
  const bool fits = value.is_number_unsigned() ? std::in_range<T>(value.get<std::uint64_t>())
                                               : std::in_range<T>(value.get<std::int64_t>());
  if (!fits)
    fail(pointer, fmt::format("it is not from {} to {}", std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  return value.get<T>();
}

template <typename E>
E word_of(const json& value, const std::string& pointer) {
  if (!value.is_string()) fail(pointer, "it is no string");
  const std::string& word = value.get_ref<const std::string&>();
  std::string all;
  for (const E one : Words<E>::all) {
    if (name_of(one) == word) return one;
    all.append(all.empty() ? "" : ", ").append(name_of(one));
  }
  fail(pointer, "it is none of " + all);
}

template <typename T>
void decode(const json& value, const std::string& pointer, T& into) {
  if constexpr (std::is_same_v<T, std::string>) {
    into = text_of(value, pointer);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_boolean()) fail(pointer, "it is neither true nor false");
    into = value.get<bool>();
  } else if constexpr (std::is_integral_v<T>) {
    into = integer_of<T>(value, pointer);
  } else if constexpr (HasWords<T>) {
    into = word_of<T>(value, pointer);
  } else if constexpr (std::is_same_v<T, std::chrono::microseconds>) {
    into = std::chrono::microseconds(integer_of<std::int64_t>(value, pointer));
    // What is added up must not overflow.
    if (std::chrono::abs(into) > std::chrono::years(1)) fail(pointer, "it is more than a year");
  } else if constexpr (is_optional<T>) {
    decode(value, pointer, into.emplace());
  } else if constexpr (is_pointer<T>) {
    const auto made = std::make_shared<std::remove_const_t<typename T::element_type>>();
    decode(value, pointer, *made);
    into = made;
  } else if constexpr (is_vector<T>) {
    if (!value.is_array()) fail(pointer, "it is no array");
    into.clear();
    for (std::size_t i = 0; i < value.size(); ++i) {
      typename T::value_type one{};
      decode(value[i], pointer + "/" + std::to_string(i), one);
      into.push_back(std::move(one));
    }
  } else if constexpr (std::is_same_v<T, wire::Header>) {
    decode(element(value, pointer, 2, 0), pointer + "/0", into.name);
    decode(element(value, pointer, 2, 1), pointer + "/1", into.value);
  } else if constexpr (std::is_same_v<T, std::pair<std::string, std::string>>) {
    decode(element(value, pointer, 2, 0), pointer + "/0", into.first);
    decode(element(value, pointer, 2, 1), pointer + "/1", into.second);
  } else if constexpr (std::is_same_v<T, spec::CodePointRange>) {
    decode(element(value, pointer, 2, 0), pointer + "/0", into.first);
    decode(element(value, pointer, 2, 1), pointer + "/1", into.last);
    if (into.first > into.last || into.last > 0x10FFFF) fail(pointer, "it is no range of code points");
  } else if constexpr (std::is_same_v<T, std::map<std::string, std::string>>) {
    if (!value.is_object()) fail(pointer, "it is no object");
    for (const auto& [key, one] : value.items()) decode(one, pointer + "/" + spec::pointer_segment(key), into[key]);
  } else {
    Reader reader(value, pointer);
    describe(reader, into);
    reader.finish();
  }
}

template <typename T>
T decoded(const json& value, const std::string& pointer) {
  T into{};
  decode(value, pointer, into);
  return into;
}

}  // namespace

void write_json(std::ostream& out, const RunInfo& info) { encode(out, info); }
void write_json(std::ostream& out, const spec::SpecTable& table) { encode(out, table); }
void write_json(std::ostream& out, const CaseResult& result) { encode(out, result); }
void write_json(std::ostream& out, const RunEnd& end) { encode(out, end); }

RunInfo info_of(const json& value, const std::string& pointer) { return decoded<RunInfo>(value, pointer); }
spec::SpecTable table_of(const json& value, const std::string& pointer) {
  return decoded<spec::SpecTable>(value, pointer);
}
CaseResult case_of(const json& value, const std::string& pointer) { return decoded<CaseResult>(value, pointer); }
RunEnd end_of(const json& value, const std::string& pointer) { return decoded<RunEnd>(value, pointer); }

void check_version(const json& format, const json& version) {
  if (format != record_format)
    fail("/format", fmt::format("it is no record of a run: \"{}\" is expected here", record_format));
  if (version != record_version)
    fail("/version", fmt::format("this program reads version {}; use the one that wrote it", record_version));
}

}  // namespace conformance::reports
