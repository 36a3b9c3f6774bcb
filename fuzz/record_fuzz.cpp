// Any bytes at all as the record of a run: it is read or refused with a reason, whatever is in it; and what is made of
// one that is read acts on no terminal and no CI runner, and is well-formed.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "fixtures/testing/harmless.h"
#include "fuzz/require.h"
#include "harness/run/events.h"
#include "reports/comparison.h"
#include "reports/console.h"
#include "reports/curl.h"
#include "reports/github.h"
#include "reports/markdown.h"
#include "reports/record_reader.h"
#include "reports/shards.h"

namespace {

using namespace conformance;
using fuzz::require;

// A file in memory: thousands of records a second must not wear out a disk.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view contents)
      : descriptor_(memfd_create("record", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
    require(descriptor_ >= 0, "there is memory for a file");
    const auto written = write(descriptor_, contents.data(), contents.size());
    require(written == static_cast<ssize_t>(contents.size()), "there is memory for its contents");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

// Everything that can be made in memory, and the record again.
class Everything : public RunListener {
 public:
  Everything(std::ostream& out, std::ostream& progress) : console_(out, progress, {}) {}
  void on_start(const RunInfo& info, const spec::SpecTable& table) override {
    console_.on_start(info, table);
    summary_.start(info, table);
    (void)reports::to_json(info);
    (void)reports::to_json(table);
  }
  void on_case(const CaseResult& result) override {
    console_.on_case(result);
    summary_.add(result);
    const std::string written = reports::to_json(result);
    const CaseResult again = reports::case_of(nlohmann::json::parse(written), "");
    require(reports::to_json(again) == written, "what was read is written as it was");
  }
  void on_end(const RunEnd& end) override {
    console_.on_end(end);
    markdown = summary_.text(end);
    (void)reports::to_json(end);
  }
  std::string markdown;

 private:
  reports::ConsoleReport console_;
  reports::MarkdownSummary summary_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(std::string_view(reinterpret_cast<const char*>(data), size));
  std::ostringstream out, progress;
  Everything everything(out, progress);
  try {
    reports::RecordReader(file.path()).tell(everything);
    reports::Comparison comparison;
    reports::RecordReader one(file.path()), other(file.path());
    one.tell(comparison.add("one"));
    other.tell(comparison.add("other"));
    const reports::Compared compared = comparison.read();
    require(!compared.differs(), "a run is like itself");
    reports::Shards shards;
    reports::RecordReader shard(file.path());
    shard.tell(shards.add("shard"));
    if (shards.faults().empty()) (void)shards.tell(everything);
    require(testing_support::fault_of_console(to_text(compared)).empty(), "a comparison is harmless");
  } catch (const reports::RecordError& error) {
    require(testing_support::fault_of_console(error.what()).empty(), "a refusal is harmless");
  }
  for (const std::string& text : {out.str(), progress.str(), everything.markdown})
    require(testing_support::fault_of_console(text).empty(), testing_support::fault_of_console(text));
  return 0;
}
