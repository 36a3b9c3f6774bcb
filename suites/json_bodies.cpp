// Bodies as bytes: the corpus, and what comes of a valid body when single bytes of it are lost, added or changed.
#include <fmt/format.h>

#include <array>

#include "harness/generate/corpus.h"
#include "harness/text/json_string.h"
#include "suites/body_case.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

constexpr std::size_t standard_size = 2U << 20U;  // bytes; what is larger costs more than all the rest
constexpr std::size_t deferred_size =
    1U << 14U;  // bytes; to make and to class those costs more than the rest of a plan

// A body in which every kind of token of the grammar that a valid request can have stands.
std::string whole_body(const CaseBuilder& b, const std::string& token) {
  return b.body("\"" + token + "\\u00e9\"", "\"" + std::string(CaseBuilder::plain_option) + "\"");
}

// What can be said of an entry's case without its body, which is made when it is sent.
void defer(const CaseBuilder& b, const generate::Entry& entry, const std::string& token, Case& c) {
  const bool refused = entry.expectation == generate::Expectation::must_reject;
  c.kind = refused ? Kind::malformed : Kind::free_form;
  c.requirement = !refused ? "json.answered" : entry.requirement.empty() ? "json.reject" : entry.requirement;
  if (refused && entry.requirement.empty()) c.characteristic = "json.error";
  c.session = token;
  c.control_body = b.body(text::quote_raw(token));
  c.oversize = generate::expanded_size(entry) > oracle::longest_needed(b.table());
  c.complete = [b, &entry, token](Case& whole) { ask_of_body(b, whole, generate::expand(entry, token), token); };
}

void add_corpus(const CaseBuilder& b, Tier tier, std::vector<Case>& cases) {
  for (const generate::Entry& entry : generate::builtin_corpus()) {
    const bool large = generate::expanded_size(entry) > standard_size;
    if (large && tier < Tier::exhaustive) continue;
    Case c = CaseBuilder::start("body." + entry.id, entry.sentence, "", Kind::free_form);
    c.characteristic = entry.characteristic;
    const std::string token = b.token(c);
    if (entry.expectation != generate::Expectation::must_accept && generate::expanded_size(entry) > deferred_size)
      defer(b, entry, token, c);
    else
      ask_of_body(b, c, generate::expand(entry, token), token);
    if (large) c.tier = Tier::exhaustive;
    cases.push_back(std::move(c));
  }
}

// Where the token of a case stands in its whole body: in all of them alike, as all tokens have one length. What is
// changed within it names another session, or none, as the token happens to be: those cases would not be the same for
// every seed, nor the session the run's own (promise 5).
struct BodyLayout {
  explicit BodyLayout(const CaseBuilder& b) {
    const std::string token = b.token(CaseBuilder::start("body.any", "", "", Kind::malformed));
    const std::string body = whole_body(b, token);
    size = body.size();
    token_begin = body.find(token);
    token_end = token_begin + token.size();
  }

  std::size_t size, token_begin, token_end;
};

void add_damaged(const CaseBuilder& b, const std::string& id, const std::string& title, std::vector<Case>& cases,
                 const std::function<void(std::string&)>& damage) {
  Case c = CaseBuilder::start(id, title, "", Kind::malformed);
  const std::string token = b.token(c);
  std::string body = whole_body(b, token);
  damage(body);
  ask_of_body(b, c, std::move(body), token + "\u00E9");
  cases.push_back(std::move(c));
}

void add_truncations(const CaseBuilder& b, const BodyLayout& layout, std::vector<Case>& cases) {
  for (std::size_t n = 0; n < layout.size; ++n) {
    add_damaged(b, fmt::format("body.truncated.{:03}", n), fmt::format("a valid body cut off after {} bytes", n), cases,
                [n](std::string& body) { body.resize(n); });
  }
}

void add_insertions(const CaseBuilder& b, const BodyLayout& layout, std::vector<Case>& cases) {
  // One byte of each kind that the grammar, or a reader of it, treats by itself.
  constexpr std::array<unsigned char, 12> bytes = {0x00, ' ', '"', '\'', ',', '/', ':', '\\', '}', 0x7F, 0xC3, 0xFF};
  for (std::size_t at = 0; at <= layout.size; ++at) {
    if (at > layout.token_begin && at < layout.token_end) continue;
    for (const unsigned char byte : bytes) {
      add_damaged(b, fmt::format("body.inserted.{:03}.x{:02x}", at, byte),
                  fmt::format("a valid body with the byte {:02X} put in at {}", byte, at), cases,
                  [at, byte](std::string& body) { body.insert(at, 1, static_cast<char>(byte)); });
    }
  }
}

void add_flips(const CaseBuilder& b, const BodyLayout& layout, std::vector<Case>& cases) {
  for (std::size_t at = 0; at < layout.size; ++at) {
    if (at >= layout.token_begin && at < layout.token_end) continue;
    for (int bit = 0; bit < 8; ++bit) {
      add_damaged(b, fmt::format("body.flipped.{:03}.bit{}", at, bit),
                  fmt::format("a valid body with bit {} of byte {} flipped", bit, at), cases,
                  [at, bit](std::string& body) { body[at] = static_cast<char>(body[at] ^ (1 << bit)); });
    }
  }
}

}  // namespace

std::vector<Case> json_bodies(const CaseBuilder& b, Tier tier) {
  std::vector<Case> cases;
  add_corpus(b, tier, cases);
  const BodyLayout layout(b);
  add_truncations(b, layout, cases);
  add_insertions(b, layout, cases);
  add_flips(b, layout, cases);
  return cases;
}

}  // namespace conformance::suites
