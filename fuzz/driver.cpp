// Runs a fuzz target without libFuzzer: every file of its corpus, then a fixed number of mutations of them, the same
// each time. So that what the targets promise is tested wherever the project is built, not only where there is clang.
//
//     response_reader_fuzz fuzz/corpus/response_reader 20000   # an input that fails is left in ./failing_input
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t longest_input = 4096;  // as scripts/fuzz.sh has it
constexpr int failed_to_run = 2;

// Not std::uniform_int_distribution: every library has its own, and the inputs should be the same everywhere.
class Random {
 public:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }

 private:
  std::mt19937_64 engine_{1};
};

std::vector<std::string> read_corpus(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& file : std::filesystem::directory_iterator(folder)) paths.push_back(file.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

std::string mutated(const std::vector<std::string>& corpus, Random& random) {
  std::string bytes = corpus[random.below(corpus.size())];
  for (std::size_t left = 1 + random.below(6); left > 0; --left) {
    const std::size_t at = random.below(bytes.size() + 1);
    const std::size_t length = random.below(std::min<std::size_t>(bytes.size() - at, 32) + 1);
    switch (random.below(6)) {
      case 0:
        bytes.insert(at, 1, static_cast<char>(random.below(256)));
        break;
      case 1:
        if (at < bytes.size()) bytes[at] = static_cast<char>(random.below(256));
        break;
      case 2:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
        break;
      case 3:
        bytes.erase(at, length);
        break;
      case 4:
        bytes.insert(random.below(bytes.size() + 1), bytes.substr(at, length));
        break;
      default: {
        const std::string& other = corpus[random.below(corpus.size())];
        const std::size_t from = random.below(other.size() + 1);
        bytes.insert(at, other.substr(from, random.below(65)));
      }
    }
  }
  bytes.resize(std::min(bytes.size(), longest_input));
  return bytes;
}

// What abort() leaves of the input that a target found fault with. Global, as a signal handler sees nothing else.
std::string_view under_trial;

void save_input(int /*signal*/) {
  const int file = open("failing_input", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  (void)!write(file, under_trial.data(), under_trial.size());
}

void try_out(const std::string& bytes) {
  under_trial = bytes;

  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t mutations = 0;
  const std::string_view number = argc == 3 ? argv[2] : "";
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), mutations);
  if (argc != 3 || error != std::errc() || end != number.data() + number.size()) {
    std::fprintf(stderr, "usage: %s CORPUS MUTATIONS\n", argc > 0 ? argv[0] : "driver");
    return failed_to_run;
  }
  const std::vector<std::string> corpus = read_corpus(argv[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s holds no file\n", argv[1]);
    return failed_to_run;
  }
  std::signal(SIGABRT, save_input);
  for (const std::string& bytes : corpus) try_out(bytes);
  Random random;
  for (std::size_t i = 0; i < mutations; ++i) try_out(mutated(corpus, random));
  std::printf("%zu files and %zu mutations of them\n", corpus.size(), mutations);
  return 0;
}
