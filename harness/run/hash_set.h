// Hashes of what was seen, up to a number of them: half the memory of a std::unordered_set, and one step to memory
// where that takes three. A run asks it once an answer.
//
//     HashSet seen(1000);
//     if (!seen.insert(hash)) …   // it is in it
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace conformance {

class HashSet {
 public:
  // After `most` it takes no more, and says of each further one that it was not in it.
  explicit HashSet(std::size_t most) : most_(most) {}

  // False if it is in it. Whatever bits hashes differ in.
  bool insert(std::uint64_t hash) {
    if (size_ >= most_) return true;
    if (2 * (size_ + 1) > places_.size()) grow();
    std::uint64_t& place = place_of(hash == 0 ? 1 : hash);  // 0 is a free place
    if (place != 0) return false;
    place = hash == 0 ? 1 : hash;
    ++size_;
    return true;
  }

 private:
  static constexpr std::size_t first_places = 1024;  // a power of two, so that it stays one

  [[nodiscard]] std::uint64_t& place_of(std::uint64_t hash) {
    const std::size_t mask = places_.size() - 1;
    std::size_t i = (((hash ^ (hash >> 32U)) * 0x9E3779B97F4A7C15ULL) >> 32U) & mask;
    while (places_[i] != 0 && places_[i] != hash) i = (i + 1) & mask;
    return places_[i];
  }

  void grow() {
    std::vector<std::uint64_t> before(places_.empty() ? first_places : 2 * places_.size());
    before.swap(places_);
    for (const std::uint64_t hash : before)
      if (hash != 0) place_of(hash) = hash;
  }

  std::size_t most_, size_ = 0;
  std::vector<std::uint64_t> places_;
};

}  // namespace conformance
