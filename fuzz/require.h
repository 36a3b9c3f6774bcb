// What every fuzz target shares: an input read piece by piece, and a property that must hold.
//
//     Input input(data, size);
//     const std::size_t cuts = input.number(16);
//     require(reader.failed() || complete, "it ends");
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace conformance::fuzz {

// Ends the process, so that the input counts as a finding.
inline void require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

// Choices are taken from the end of the input and bytes from its front, so that a corpus can be read by people.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  // From 0 to `most`; 0 where nothing is left.
  std::size_t number(std::size_t most) {
    std::size_t value = 0;
    for (std::size_t range = most; range > 0 && !rest_.empty(); range >>= 8U) {
      value = value << 8U | static_cast<unsigned char>(rest_.back());
      rest_.remove_suffix(1);
    }
    return most == SIZE_MAX ? value : value % (most + 1);
  }
  // The bytes up to the next `end`, which is left out, or all.
  std::string_view until(char end) {
    const std::string_view taken = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(std::min(rest_.size(), taken.size() + 1));
    return taken;
  }
  std::string_view rest() {
    const std::string_view taken = rest_;
    rest_ = {};
    return taken;
  }

 private:
  std::string_view rest_;
};

}  // namespace conformance::fuzz
