// Turns "an Id with this fault" into a case, so that a suite is a list of values and no plumbing.
//
// Every case gets identifiers of its own: the run's prefix (from the seed) and a token made of the case's id. So cases
// cannot disturb each other, the same seed gives the same bytes, and a session left behind says where it came from.
//
//     CaseBuilder b(table, run_prefix(seed));
//     Case c = CaseBuilder::start("id.length.256", "Id of 256 characters", "id.length.max", Kind::malformed);
//     std::string twin = b.padded(c, 255);
//     b.refuse_identifier(c, twin, text::quote_raw(twin + "x"));
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/case/case.h"
#include "harness/spec/spec_table.h"

namespace conformance {

// "gc" and eight hexadecimal digits that depend on the seed alone.
[[nodiscard]] std::string run_prefix(std::uint64_t seed);

class CaseBuilder {
 public:
  // `table` must outlive the builder.
  CaseBuilder(const spec::SpecTable& table, std::string prefix);

  [[nodiscard]] const spec::SpecTable& table() const { return table_; }
  [[nodiscard]] const std::string& prefix() const { return prefix_; }
  [[nodiscard]] const spec::Member& identifier() const;
  // The other string member of the request ("RequestOrigin"); throws std::logic_error if the table has none.
  [[nodiscard]] const spec::Member& option() const;

  [[nodiscard]] static Case start(std::string id, std::string title, std::string requirement, Kind kind);

  // An identifier of this case's own: ASCII, at most 24 characters.
  [[nodiscard]] std::string token(const Case& c) const { return token_of(c.id); }
  [[nodiscard]] std::string token_of(std::string_view case_id) const;
  // The same, filled up with `filler` (UTF-8 of one code point) to `code_points`; of lengths too short for the token
  // only letters that the token determines.
  [[nodiscard]] std::string padded(const Case& c, std::size_t code_points, std::string_view filler = "x") const;

  // {"Id":<id_json>} and, unless empty, {…,"RequestOrigin":<option_json>}. Both arguments are JSON texts.
  [[nodiscard]] std::string body(std::string_view id_json, std::string_view option_json = {}) const;

  // Makes `c` a valid case that names `session`, written as `id_json`.
  void accept(Case& c, std::string session, std::string_view id_json, std::string_view option_json = {}) const;
  // Makes `c` a malformed (or free) case: its identifier is `id_json`, its control names `session`.
  void refuse_identifier(Case& c, std::string session, std::string_view id_json) const;
  // Makes `c` a malformed case on the other member: the control has a well-formed value in its place.
  void refuse_option(Case& c, std::string_view option_json) const;

  // A value of the other member that every reading of its constraints allows.
  static constexpr std::string_view plain_option = "glue-conformance";

 private:
  const spec::SpecTable& table_;
  std::string prefix_;
};

}  // namespace conformance
