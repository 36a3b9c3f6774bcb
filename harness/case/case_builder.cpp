#include "harness/case/case_builder.h"

#include <fmt/format.h>

#include <stdexcept>

#include "harness/text/json_string.h"
#include "harness/text/stable_hash.h"
#include "harness/text/utf8.h"

namespace conformance {
std::string run_prefix(std::uint64_t seed) {
  return fmt::format("gc{:08x}", text::stable_hash(fmt::format("seed {}", seed)) & 0xffffffffULL);
}

CaseBuilder::CaseBuilder(const spec::SpecTable& table, std::string prefix)
    : table_(table), prefix_(std::move(prefix)) {}

const spec::Member& CaseBuilder::identifier() const { return table_.member(table_.identifier); }

const spec::Member& CaseBuilder::option() const {
  if (const spec::Member* member = table_.option()) return *member;
  throw std::logic_error("the spec table has no request member beside the identifier");
}

Case CaseBuilder::start(std::string id, std::string title, std::string requirement, Kind kind) {
  Case c;
  c.area = id.substr(0, id.rfind('.'));
  c.id = std::move(id);
  c.title = std::move(title);
  c.requirement = std::move(requirement);
  c.kind = kind;
  return c;
}

std::string CaseBuilder::token_of(std::string_view case_id) const {
  return fmt::format("{}-{:010x}", prefix_, text::stable_hash(case_id) & 0xffffffffffULL);
}

std::string CaseBuilder::padded(const Case& c, std::size_t code_points, std::string_view filler) const {
  const std::string own = token(c);
  if (code_points < own.size()) {
    // Too short for the prefix: letters from the seed, so that two runs seldom meet.
    const std::uint64_t letters = text::stable_hash(own);
    std::string id;
    for (std::size_t i = 0; i < code_points; ++i) id += static_cast<char>('a' + (letters >> (8 * (i % 8))) % 26);
    return id;
  }
  std::string id = own;
  for (std::size_t i = own.size(); i < code_points; ++i) id += filler;
  return id;
}

std::string CaseBuilder::body(std::string_view id_json, std::string_view option_json) const {
  if (option_json.empty()) return fmt::format(R"({{"{}":{}}})", table_.identifier, id_json);
  return fmt::format(R"({{"{}":{},"{}":{}}})", table_.identifier, id_json, option().name, option_json);
}

void CaseBuilder::accept(Case& c, std::string session, std::string_view id_json, std::string_view option_json) const {
  c.body = body(id_json, option_json);
  c.expected_echo = session;
  c.session = std::move(session);
}

void CaseBuilder::refuse_identifier(Case& c, std::string session, std::string_view id_json) const {
  c.body = body(id_json);
  c.control_body = body(text::quote_raw(session));
  c.session = std::move(session);
  c.names_missing_session = true;
}

void CaseBuilder::refuse_option(Case& c, std::string_view option_json) const {
  c.session = token(c);
  const std::string id_json = text::quote_raw(c.session);
  c.body = body(id_json, option_json);
  c.control_body = body(id_json, text::quote_raw(plain_option));
}

}  // namespace conformance
