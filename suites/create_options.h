// What a user may say of the sessions that a run creates, and where it goes in the body of the call: data, so that the
// command line and the executor know no member of it.
//
//     std::string body = with_create_options(table.lifecycle.create.body, {{"--session-workers", "2"}});
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conformance::suites {

struct CreateOption {
  enum class Takes {
    text,
    count,  // a whole number from 1
    pair,   // KEY=VALUE, more than once
  };
  std::string_view name;   // "--session-role"
  std::string_view type;   // of its value, for people
  std::string_view place;  // JSON pointer into the body
  Takes takes;
  std::string_view description;
};
[[nodiscard]] std::span<const CreateOption> create_options();

// Option and value, as they were given.
using GivenOptions = std::vector<std::pair<std::string, std::string>>;

// What is wrong with them; empty if nothing.
[[nodiscard]] std::string fault_of(const GivenOptions& given);

// `body` with them merged into it (RFC 7396). They must have no fault.
[[nodiscard]] std::string with_create_options(const std::string& body, const GivenOptions& given);

}  // namespace conformance::suites
