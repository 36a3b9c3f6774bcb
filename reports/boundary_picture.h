// Where an endpoint draws its lines: what it takes by the length of an identifier, by ranges of code points, and by the
// character of the other member.
//
// Why: a hundred failures about lengths and characters are one wrong bound; seen beside each other they show which.
//
//     std::vector<Probe> probes;
//     if (const auto probe = probe_of(table, result)) probes.push_back(*probe);
//     out << boundary_picture(table, probes);      // HTML
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance::reports {

struct Probe {
  enum class Asks { length, point };
  // Taken: the endpoint read the value, though it may have found no session of that name.
  enum class Came { taken, refused, fault, nothing };

  Asks asks = Asks::length;
  std::size_t member = 0;   // an index of SpecTable::request_members
  std::uint32_t value = 0;  // a length in code points, or a code point
  std::size_t width = 1;    // of a length: bytes that the widest character takes
  Came came = Came::nothing;
  bool right = true;  // no requirement of the member is broken
  std::string case_id;
  std::string answer;  // in few words
};

// Nothing if the case asks for no bound of a member, or was not asked.
[[nodiscard]] std::optional<Probe> probe_of(const spec::SpecTable& table, const CaseResult& result);

// Sections with headings of the third rank.
[[nodiscard]] std::string boundary_picture(const spec::SpecTable& table, const std::vector<Probe>& probes);

}  // namespace conformance::reports
