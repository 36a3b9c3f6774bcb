// What an endpoint does where the specification leaves it free: collected from the answers, reported, not judged.
//
//     Characteristics c(table);
//     c.add(result);                          // for each case
//     std::vector<Measured> all = c.read();   // "id.length.unit: code_points"
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance {

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

  void add_readings(const CaseResult& result);
  // An error of the service that the operation does not declare.
  void add_error(const CaseResult& result);
  [[nodiscard]] std::string reading_of(const Seen& seen) const;

  const spec::SpecTable& table_;
  std::map<std::string, Seen> seen_;
  // What was answered to identifiers that are too long in whatever unit.
  bool took_too_long_ = false, refused_too_long_ = false;
};

// The units of which every observation can be explained by "accepted exactly if the length is at most `max`".
[[nodiscard]] std::vector<std::string> consistent_units(const std::vector<std::pair<Lengths, bool>>& observations,
                                                        std::uint32_t max);

}  // namespace conformance
