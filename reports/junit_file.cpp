#include "reports/junit_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>
#include <pugixml.hpp>
#include <utility>

#include "harness/text/escape.h"
#include "reports/whole_file.h"

namespace conformance::reports::junit {
namespace {

constexpr std::size_t message_bytes = 150;  // elide() adds its own words: at most 200 characters in all
constexpr std::size_t all_bodies_bytes = 3UL * 1024 * 1024;
constexpr std::size_t element_bytes = 160;
constexpr std::size_t all_dumps_bytes = 6UL * 1024 * 1024;  // consumers refuse files over 10 MB
constexpr std::string_view what = "the JUnit report";
constexpr std::string_view root_name = "glue-conformance";
// In the name of the root, of which no consumer makes anything.
constexpr std::string_view part_mark = "glue-conformance, part ";

std::size_t size_in_xml(std::string_view s) {
  std::size_t n = s.size();
  for (const char c : s) n += c == '&' ? 4U : (c == '<' || c == '>') ? 3U : 0U;
  return n;
}

std::string seconds(std::chrono::microseconds t) {
  return fmt::format("{:.3f}", static_cast<double>(std::max<std::int64_t>(t.count(), 0)) / 1e6);
}

std::string utc(std::chrono::system_clock::time_point t) {
  const std::time_t time = std::chrono::system_clock::to_time_t(t);
  std::tm tm{};
  gmtime_r(&time, &tm);
  std::array<char, 32> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S", &tm)};
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(value.c_str());
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  std::chrono::microseconds elapsed{0};

  void add(const Row& row) {
    ++tests;
    if (row.element == "failure") ++failures;
    if (row.element == "error") ++errors;
    if (row.element == "skipped") ++skipped;
    elapsed += std::max(row.elapsed, std::chrono::microseconds{0});
  }
};

using Rows = std::vector<const Row*>;

void add_properties(pugi::xml_node suite, const RunInfo& info) {
  pugi::xml_node properties = suite.append_child("properties");
  const std::vector<std::pair<std::string, std::string>> values = {{"tool version", info.tool_version},
                                                                   {"endpoint", info.endpoint},
                                                                   {"seed", std::to_string(info.seed)},
                                                                   {"region", info.region},
                                                                   {"sessions", info.sessions}};
  for (const auto& [name, value] : values) {
    pugi::xml_node property = properties.append_child("property");
    set(property, "name", name);
    set(property, "value", text::visible(value));
  }
}

void add_test(pugi::xml_node suite, const Row& row) {
  pugi::xml_node test = suite.append_child("testcase");
  set(test, "name", row.name);
  set(test, "classname", row.area);
  set(test, "time", seconds(row.elapsed));
  if (row.element.empty()) return;
  pugi::xml_node finding = test.append_child(row.element.c_str());
  if (!row.type.empty()) set(finding, "type", row.type);
  set(finding, "message", row.message);
  finding.text().set(row.body.c_str());
  if (!row.system_out.empty()) test.append_child("system-out").text().set(row.system_out.c_str());
}

Counts add_suite(pugi::xml_node root, const Rows& rows, const RunInfo& info) {
  Counts counts;
  for (const Row* row : rows) counts.add(*row);
  pugi::xml_node suite = root.append_child("testsuite");
  set(suite, "name", rows.front()->area);
  set(suite, "tests", std::to_string(counts.tests));
  set(suite, "failures", std::to_string(counts.failures));
  set(suite, "errors", std::to_string(counts.errors));
  set(suite, "skipped", std::to_string(counts.skipped));
  set(suite, "time", seconds(counts.elapsed));
  set(suite, "timestamp", utc(info.started));
  add_properties(suite, info);
  for (const Row* row : rows) add_test(suite, *row);
  return counts;
}

// Rows of one area stand together: `rows` are sorted by area.
void write_part(const std::string& path, const Rows& rows, std::string_view name, const FileOptions& options,
                std::chrono::microseconds elapsed) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("testsuites");
  Counts all;
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last = std::find_if(first, rows.end(), [&](const Row* row) { return row->area != (*first)->area; });
    const Counts counts = add_suite(root, Rows(first, last), options.info);
    all.tests += counts.tests;
    all.failures += counts.failures;
    all.errors += counts.errors;
    first = last;
  }
  set(root, "name", std::string(name));
  set(root, "tests", std::to_string(all.tests));
  set(root, "failures", std::to_string(all.failures));
  set(root, "errors", std::to_string(all.errors));
  set(root, "time", seconds(elapsed));
  pugi::xml_node declaration = document.prepend_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  write_whole(path, what,
              [&](std::ostream& out) { document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8); });
}

Rows by_area(const std::vector<Row>& rows) {
  std::vector<Rows> suites;
  std::map<std::string_view, std::size_t> at;
  for (const Row& row : rows) {
    const auto [found, is_new] = at.try_emplace(row.area, suites.size());
    if (is_new) suites.emplace_back();
    suites[found->second].push_back(&row);
  }
  Rows all;
  for (const Rows& suite : suites) all.insert(all.end(), suite.begin(), suite.end());
  return all;
}

// Whether it is a file by path_of_part() with a number beyond `parts`, and by its contents one that was written here.
bool is_stale_part(const std::filesystem::directory_entry& file, const std::filesystem::path& path, std::size_t parts) {
  const std::string name = file.path().filename().string(), stem = path.stem().string() + "-",
                    extension = path.extension().string();
  if (!name.starts_with(stem) || !name.ends_with(extension) || name.size() <= stem.size() + extension.size())
    return false;
  const std::string digits = name.substr(stem.size(), name.size() - stem.size() - extension.size());
  std::size_t part = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), part);
  if (error != std::errc() || std::to_string(part) != digits || part < 2 || part <= parts) return false;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file.symlink_status(ignored))) return false;
  std::string head(512, '\0');
  std::ifstream in(file.path(), std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  return head.find(fmt::format("<testsuites name=\"{}{} of ", part_mark, part)) != std::string::npos;
}

void remove_stale_parts(const std::string& written, std::size_t parts) {
  const std::filesystem::path path(written);
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  std::vector<std::filesystem::path> stale;
  std::error_code error;
  for (std::filesystem::directory_iterator file(folder, error), end; !error && file != end; file.increment(error))
    if (is_stale_part(*file, path, parts)) stale.push_back(file->path());
  for (const std::filesystem::path& file : stale) {
    if (std::filesystem::remove(file, error) || !error) continue;
    throw ReportError(
        fmt::format("cannot remove {}, a part of an earlier report: {}; remove it, or it is read with "
                    "the new ones",
                    text::visible(file.string()), error.message()));
  }
}

bool is_file_or_nothing(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
}

}  // namespace

std::string path_of_part(const std::string& path, std::size_t part) {
  if (part == 1) return path;
  const std::filesystem::path first(path);
  return (first.parent_path() / fmt::format("{}-{}{}", first.stem().string(), part, first.extension().string()))
      .string();
}

void check_can_be_split(const std::string& path) {
  if (is_file_or_nothing(path)) return;
  throw ReportError(
      fmt::format("{} {} cannot be split: it is no file, which others could stand beside; leave out "
                  "--junit-split, or name a file",
                  what, text::visible(path)));
}

void write(const std::string& path, const std::vector<Row>& rows, const FileOptions& options) {
  const Rows all = by_area(rows);
  const std::size_t most = options.split == 0 ? std::max<std::size_t>(all.size(), 1) : options.split;
  const std::size_t parts = std::max<std::size_t>((all.size() + most - 1) / most, 1);
  if (options.split != 0) check_can_be_split(path);
  for (std::size_t part = 1; part <= parts; ++part) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>((part - 1) * most);
    const auto last = all.begin() + static_cast<std::ptrdiff_t>(std::min(part * most, all.size()));
    const std::string name = parts == 1 ? std::string(root_name) : fmt::format("{}{} of {}", part_mark, part, parts);
    // What the run took is in one of them, so that they add up.
    write_part(path_of_part(path, part), Rows(first, last), name, options,
               part == 1 ? options.elapsed : std::chrono::microseconds(0));
  }
  if (is_file_or_nothing(path)) remove_stale_parts(path, parts);
}

Row Room::shortened(Row row) {
  bodies_bytes_ += size_in_xml(row.body);
  if (bodies_bytes_ > all_bodies_bytes) row.body = row.message;  // never empty: GitLab shows the body and nothing else
  // Its element, and what every row has, leaves less for the rest.
  dumps_bytes_ += size_in_xml(row.system_out) + size_in_xml(row.name) + size_in_xml(row.message) + element_bytes;
  if (dumps_bytes_ > all_dumps_bytes && !row.system_out.empty())
    row.system_out = "(left out: the report would become too large)";
  return row;
}

std::string message_of(std::string_view text) {
  std::string m = text::elide(text::visible(text), message_bytes);
  return m.empty() ? "no reason given" : m;
}

}  // namespace conformance::reports::junit
