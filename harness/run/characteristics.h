// What an endpoint does where the specification leaves it free: collected from the answers, reported, not judged.
//
//     Characteristics c(table);
//     c.add(result);                          // for each case
//     std::vector<Measured> all = c.read();   // "id.length.unit: code_points"
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance {

// Readings of lengths that are no unit.
inline constexpr std::string_view no_limit = "no limit seen";
inline constexpr std::string_view unexplained_lengths = "no unit explains what was seen";
// Of the errors of all cases, whatever they ask.
inline constexpr std::string_view undeclared_errors = "error.undeclared";
// Of the errors that a measurement asks for, by their kinds: "400 ValidationException: content-type, date".
inline constexpr std::string_view error_headers = "error.headers";

// What one case shows of a characteristic.
struct Reading {
  std::string characteristic;
  std::string text;           // "400 ValidationException"; of the errors of all cases: empty if it is a declared one
  std::optional<bool> taken;  // of a length: whether it was accepted
};
// None of a case that was not carried out, or proved nothing.
[[nodiscard]] std::vector<Reading> readings_of(const CaseResult& result, const spec::SpecTable& table);

class Characteristics {
 public:
  // `table` must outlive it.
  explicit Characteristics(const spec::SpecTable& table) : table_(table) {}

  void add(const CaseResult& result);
  // One for each characteristic of the table, in its order.
  [[nodiscard]] std::vector<Measured> read() const;

 private:
  struct Seen {
    std::map<std::string, std::size_t> answers;  // summary without the message -> how often
    std::vector<std::string> observations;
    std::vector<std::pair<Lengths, bool>> lengths;  // and whether it was accepted
  };

  [[nodiscard]] std::string reading_of(std::string_view characteristic, const Seen& seen) const;

  const spec::SpecTable& table_;
  std::map<std::string, Seen> seen_;
  // What was answered to identifiers that are too long in whatever unit.
  bool took_too_long_ = false, refused_too_long_ = false;
};

// The units of which every observation can be explained by "accepted exactly if the length is at most `max`".
[[nodiscard]] std::vector<std::string> consistent_units(const std::vector<std::pair<Lengths, bool>>& observations,
                                                        std::uint32_t max);

}  // namespace conformance
