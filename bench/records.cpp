// What records cost: the time and the size of writing and reading so many cases, and the memory that each takes.
//
//     cmake --build build/release --target records_bench
//     build/release/records_bench [CASES] [FOLDER]
//
// Each step is a process of its own, so that its memory is. That of writing must not grow with the cases: it is shown
// for a tenth of them too.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "reports/formats.h"
#include "reports/record_reader.h"
#include "reports/run_examples.h"

namespace {

using namespace conformance;

// As most are: a small request, a small answer, signed and controlled.
CaseResult typical(std::size_t number) {
  CaseResult r = reports::examples::result(fmt::format("area{}.case{}", number % 50, number), Verdict::pass,
                                           "a message of an endpoint");
  r.stimulus->sent =
      "POST / HTTP/1.1\r\nHost: localhost:5000\r\n" + std::string(500, 'h') + "\r\n\r\n" + r.request.body;
  r.stimulus->received = "HTTP/1.1 400 Bad Request\r\n" + std::string(200, 'h') + "\r\n\r\n{\"__type\":\"A\"}";
  r.control = r.stimulus;
  for (int i = 0; i < 6; ++i) r.judgement.checks.push_back({"answer.content_type", true});
  if (number % 100 == 0) r.judgement.verdict = Verdict::fail;
  return r;
}

class Counter : public RunListener {
 public:
  void on_case(const CaseResult&) override { ++cases; }
  std::size_t cases = 0;
};

void write(const char* format, const std::string& path, std::size_t cases) {
  const auto report = reports::find_format(format)->make(path);
  report->on_start(reports::examples::info(), spec::builtin_table());
  for (std::size_t i = 0; i < cases; ++i) report->on_case(typical(i));
  report->on_end(reports::examples::end("x"));
}

void read(const std::string& path, std::size_t cases) {
  Counter counter;
  reports::RecordReader(path).tell(counter);
  if (counter.cases != cases) std::_Exit(1);
}

// In a process of its own.
void measure(const std::string& name, const std::string& path, const std::function<void()>& work) {
  const auto started = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    std::_Exit(0);
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  std::error_code error;
  fmt::print("{:32} {:8.2f} s {:8.1f} MiB at most {:10.1f} MB{}\n", name, seconds.count(),
             static_cast<double>(usage.ru_maxrss) / 1024,
             static_cast<double>(std::filesystem::file_size(path, error)) / 1e6, status == 0 ? "" : "  FAILED");
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t cases = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  const std::filesystem::path folder =
      (argc > 2 ? std::filesystem::path(argv[2]) : std::filesystem::temp_directory_path()) /
      fmt::format("records_bench.{}", ::getpid());
  std::filesystem::create_directories(folder);
  for (const std::size_t count : {cases / 10, cases}) {
    for (const char* format : {"json", "jsonl"}) {
      const std::string path = (folder / format).string();
      measure(fmt::format("write {} {}", count, format), path, [&] { write(format, path, count); });
      measure(fmt::format("read {} {}", count, format), path, [&] { read(path, count); });
    }
    for (const char* format : {"junit", "ctrf", "markdown"}) {
      const std::string path = (folder / format).string();
      measure(fmt::format("make {} from {}", format, count), path, [&] {
        reports::RecordReader((folder / "json").string()).tell(*reports::find_format(format)->make(path));
      });
    }
  }
  std::filesystem::remove_all(folder);
}
