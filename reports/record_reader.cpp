#include "reports/record_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <istream>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/run/characteristics.h"
#include "harness/run/shard.h"
#include "harness/run/totals.h"
#include "harness/spec/json_schema.h"
#include "harness/text/escape.h"
#include "reports/curl.h"

namespace conformance::reports {
namespace {

using nlohmann::json;

constexpr std::size_t deepest = 24;  // a record needs ten

[[noreturn]] void misread(const std::string& pointer, const std::string& what) {
  throw RecordError(fmt::format("{}: {}", text::visible(pointer.empty() ? "/" : pointer), what));
}

// Builds one value after the other out of the events of the parser, and hands each out when it is complete: the members
// of the document and, as the document may be larger than the memory, each element of its cases.
class DocumentParser : public nlohmann::json_sax<json> {
 public:
  using Take = std::function<void(const std::string& pointer, json value)>;
  // `cases`: the member whose elements are handed out one by one; empty: none, and the value is handed out whole.
  DocumentParser(std::string_view cases, Take take) : cases_(cases), take_(std::move(take)) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*count*/) override { return open(json::object()); }
  bool start_array(std::size_t /*count*/) override { return open(json::array()); }
  bool key(string_t& value) override {
    if (is_in_document()) {
      if (std::find(members_.begin(), members_.end(), value) != members_.end())
        misread("/" + spec::pointer_segment(value), "it is there twice");
      members_.push_back(value);
      return true;
    }
    if (stack_.back().contains(value)) misread(pointer() + "/" + spec::pointer_segment(value), "it is there twice");
    keys_.back() = std::move(value);
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string& /*token*/, const json::exception& error) override {
    const std::string_view what = error.what();
    const std::size_t words = what.rfind("; ");
    throw RecordError(
        fmt::format("byte {}: it is no JSON: {}", position,
                    text::elide(text::visible(words == std::string_view::npos ? what : what.substr(words + 2)), 200)));
  }

 private:
  [[nodiscard]] bool is_in_document() const { return stack_.empty() && in_document_ && !in_cases_; }

  [[nodiscard]] std::string pointer() const {
    std::string all = in_cases_                           ? fmt::format("/{}/{}", cases_, cases_read_)
                      : in_document_ && !members_.empty() ? "/" + spec::pointer_segment(members_.back())
                                                          : "";
    for (std::size_t i = 0; i + 1 < stack_.size(); ++i)
      all += "/" + (stack_[i].is_array() ? std::to_string(stack_[i].size()) : spec::pointer_segment(keys_[i]));
    return all;
  }

  bool open(json container) {
    if (stack_.empty() && !cases_.empty()) {
      if (!in_document_ && container.is_object()) return in_document_ = true;
      if (is_in_document() && members_.back() == cases_ && container.is_array()) return in_cases_ = true;
    }
    if (stack_.size() == deepest) misread(pointer(), fmt::format("it is nested more than {} deep", deepest));
    stack_.push_back(std::move(container));
    keys_.emplace_back();
    return true;
  }

  bool close() {
    if (stack_.empty()) {
      (in_cases_ ? in_cases_ : in_document_) = false;
      return true;
    }
    json complete = std::move(stack_.back());
    stack_.pop_back();
    keys_.pop_back();
    return add(std::move(complete));
  }

  bool add(json value) {
    if (stack_.empty()) {
      if (!cases_.empty() && !in_document_) misread("", "it is no object");
      take_(pointer(), std::move(value));
      if (in_cases_) ++cases_read_;
    } else if (stack_.back().is_array()) {
      stack_.back().push_back(std::move(value));
    } else {
      stack_.back().emplace(keys_.back(), std::move(value));
    }
    return true;
  }

  std::string cases_;
  Take take_;
  std::vector<json> stack_;           // what is not complete yet, the outermost first
  std::vector<std::string> keys_;     // of each: the member that comes next, if it is an object
  std::vector<std::string> members_;  // of the document, so far
  bool in_document_ = false, in_cases_ = false;
  std::size_t cases_read_ = 0;
};

bool has_lines(std::istream& in, const std::string& path) {
  constexpr std::string_view beginning = R"({"event")";
  std::string first(beginning.size(), '\0');
  in.read(first.data(), static_cast<std::streamsize>(first.size()));
  const bool lines = in.gcount() == static_cast<std::streamsize>(first.size()) && first == beginning;
  in.clear();
  in.seekg(0);
  return lines || path.ends_with(".jsonl");
}

json parse(const std::string& text) {
  json value;
  DocumentParser parser("", [&value](const std::string&, json read) { value = std::move(read); });
  json::sax_parse(text, &parser);
  return value;
}

const json& member(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) misread("/", fmt::format("there is no member \"{}\"", name));
  return *found;
}

}  // namespace

// Keeps to the order of events, whatever that of the members is.
class RecordReader::Teller {
 public:
  Teller(RunListener& listener, spec::SpecTable& table) : listener_(listener), table_(table), characteristics_(table) {}

  void run(const json& value, const std::string& pointer) { info_ = info_of(value, pointer); }
  void table(const json& value, const std::string& pointer) {
    table_ = table_of(value, pointer);
    has_table_ = true;
  }
  void one_case(json value, const std::string& pointer) {
    if (!start()) {
      waiting_.emplace_back(pointer, std::move(value));
      return;
    }
    tell(case_of(value, pointer));
  }
  void end(const json& value, const std::string& pointer) { end_ = end_of(value, pointer); }
  [[nodiscard]] bool has_end() const { return end_.has_value(); }
  [[nodiscard]] bool has_started() const { return started_; }

  // What a killed run did not come to say.
  void end_by_itself() {
    RunEnd made;
    made.totals = totals_.read();
    // Who was killed measured nothing to its end; what was seen is said all the same.
    if (!table_.identifier.empty() && !table_.request_members.empty()) made.characteristics = characteristics_.read();
    made.interrupted = true;
    made.exit_status = exit_status(made.totals, true, "");
    end_ = std::move(made);
  }
  void tell_missing() {
    if (!info_ || !info_->plan) return;
    const Shard shard{.index = info_->shard, .total = info_->shards};
    for (const std::string& id : *info_->plan) {
      if (!shard.holds(id) || totals_.contains(id)) continue;
      CaseResult missing;
      missing.test.id = missing.test.title = id;
      missing.test.area = id.substr(0, id.rfind('.'));
      missing.judgement.verdict = Verdict::error;
      missing.judgement.reason = "the run was killed before it: its record ends without this case";
      missing.reproduction = Reproduction{.replay = replay_line(*info_, missing), .curl = {}, .bytes = {}, .story = {}};
      tell(missing);
    }
  }
  [[nodiscard]] std::size_t cases() const { return totals_.read().planned; }
  [[nodiscard]] std::size_t planned() const { return info_ ? info_->planned : 0; }

  void finish() {
    if (!info_) misread("/", "there is no member \"run\"");
    if (!has_table_) misread("/", "there is no member \"table\"");
    if (!end_) misread("/", "there is no member \"end\"");
    start();
    for (auto& [pointer, value] : waiting_) tell(case_of(value, pointer));
    waiting_.clear();
    listener_.on_end(*end_);
  }
  // As soon as it can be told.
  bool start() {
    if (started_) return true;
    if (!info_ || !has_table_) return false;
    listener_.on_start(*info_, table_);
    return started_ = true;
  }

 private:
  void tell(const CaseResult& result) {
    totals_.add(result);
    characteristics_.add(result);
    listener_.on_case(result);
  }

  RunListener& listener_;
  spec::SpecTable& table_;
  Characteristics characteristics_;
  TotalsByCase totals_;
  std::optional<RunInfo> info_;
  std::optional<RunEnd> end_;
  std::vector<std::pair<std::string, json>> waiting_;
  bool has_table_ = false, started_ = false;
};

void RecordReader::read_document(std::istream& in, Teller& teller) {
  json format, version;
  const auto take = [&](const std::string& pointer, json value) {
    if (pointer == "/format") {
      format = std::move(value);
    } else if (pointer == "/version") {
      version = std::move(value);
    } else if (pointer == "/run") {
      teller.run(value, pointer);
    } else if (pointer == "/table") {
      teller.table(value, pointer);
    } else if (pointer == "/end") {
      teller.end(value, pointer);
    } else if (pointer.starts_with("/cases/")) {
      teller.one_case(std::move(value), pointer);
    } else {
      misread(pointer, pointer == "/cases" ? "it is no array" : "this version knows no such member");
    }
    if (!format.is_null() && !version.is_null()) check_version(format, version);
  };
  DocumentParser parser("cases", take);
  json::sax_parse(in, &parser);
  check_version(format, version);
  teller.finish();
}

void RecordReader::read_lines(std::istream& in, Teller& teller, Missing missing) {
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const bool is_half = in.eof();  // without its line feed
    try {
      json value = parse(line);
      if (!value.is_object()) misread("", "it is no object");
      const json& event = member(value, "event");
      if (teller.has_end()) misread("", "the record has ended before");
      if (event == "start" && number == 1) {
        check_version(member(value, "format"), member(value, "version"));
        teller.run(member(value, "run"), "/run");
        teller.table(member(value, "table"), "/table");
        teller.start();
      } else if (event == "case" && teller.has_started()) {
        teller.one_case(member(value, "case"), "/case");
      } else if (event == "end" && teller.has_started()) {
        teller.end(member(value, "end"), "/end");
      } else {
        misread("/event", "no such event is expected here");
      }
      if (value.size() != (event == "start" ? 5U : 2U))
        misread("", "there is a member that this version does not know");
    } catch (const RecordError& error) {
      if (!is_half || number == 1) throw RecordError(fmt::format("line {}: {}", number, error.what()));
      notes_.push_back(fmt::format("line {} is half a line, and is left out", number));
    }
  }
  if (!teller.has_started()) misread("", "it is empty: the run was killed before its first event");
  if (!teller.has_end()) {
    notes_.push_back(
        fmt::format("the run was killed: {} of {} planned cases are in its record", teller.cases(), teller.planned()));
    if (missing == Missing::told) teller.tell_missing();
    teller.end_by_itself();
  }
  teller.finish();
}

void RecordReader::tell(RunListener& listener, Missing missing) {
  notes_.clear();
  try {
    std::error_code error;
    if (std::filesystem::is_directory(path_, error)) throw RecordError("it is a folder");
    std::ifstream in(path_, std::ios::binary);
    if (!in) throw RecordError("it cannot be read");
    Teller teller(listener, table_);
    if (has_lines(in, path_)) {
      read_lines(in, teller, missing);
    } else {
      read_document(in, teller);
    }
  } catch (const RecordError& error) {
    throw RecordError(fmt::format("cannot read the record {}: {}", text::visible(path_), error.what()));
  }
}

}  // namespace conformance::reports
