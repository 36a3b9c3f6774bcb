// The numbers of which examples are made. RapidCheck's generator hashes for each four of them, which costs more than
// all else that an example takes; one number of it is enough to begin a series of these.
//
//     Numbers numbers(random.next());
//     if (numbers.one_in(4)) place = numbers.below(10);   // 0 to 9
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace conformance::generate {

// SplitMix64: public domain, https://prng.di.unimi.it/splitmix64.c. The same on every machine.
class Numbers {
 public:
  explicit constexpr Numbers(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] constexpr std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }

  // 0 to `bound` - 1, which is less than 2^32; 0 if there is none. The bias is far below what an example could show.
  [[nodiscard]] constexpr std::size_t below(std::size_t bound) { return ((next() >> 32U) * bound) >> 32U; }
  [[nodiscard]] constexpr bool one_in(std::size_t n) { return below(n) == 0; }
  template <typename Container>
  [[nodiscard]] constexpr const auto& of(const Container& all) {
    return all[below(std::size(all))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace conformance::generate
