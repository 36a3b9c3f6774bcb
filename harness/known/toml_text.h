// Where what stands in a file of known failures, so that it can be changed without its comments and its order being
// lost: a parser keeps values only.
//
//     const std::vector<Block> blocks = blocks_of(text);   // of a text that parse_known_file() has read
//     blocks[0].keys.at("match").texts[1].begin            // the byte at which its second text begins
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::known {

struct Stretch {
  std::size_t begin = 0, end = 0;  // bytes of the text
};

struct ValuePlace {
  Stretch whole;
  std::vector<Stretch> texts;  // of a text or an array of them: each with its quotes
};

// What begins with [[known]] or [[flaky]].
struct Block {
  std::string list;  // "known"
  std::size_t line = 0;
  Stretch lines;  // whole lines: comments directly above, the header, to the last value
  std::map<std::string, ValuePlace> keys;
};

[[nodiscard]] std::vector<Block> blocks_of(std::string_view text);

// One as it is, more as an array, on one line if it is short.
[[nodiscard]] std::string toml_strings(const std::vector<std::string>& texts);

}  // namespace conformance::known
