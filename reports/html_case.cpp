#include "reports/html_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "harness/text/escape.h"
#include "reports/curl.h"
#include "reports/html_text.h"
#include "reports/sentence.h"
#include "reports/story_script.h"
#include "reports/tally.h"

namespace conformance::reports::html {
namespace {

constexpr std::size_t sentence_bytes = 4000;
constexpr std::size_t title_bytes = 240;

// What an endpoint says inside a sentence, without end.
std::string sentence(const std::string& said) {
  if (said.size() <= sentence_bytes) return text(said);
  std::size_t cut = sentence_bytes;
  while (cut > 0 && (static_cast<unsigned char>(said[cut]) & 0xC0U) == 0x80U) --cut;
  return text(std::string_view(said).substr(0, cut)) + fmt::format("<i>… {} …</i>", counted(said.size() - cut, "byte"));
}

std::string pre(std::string_view attributes, const std::string& contents) {
  // A parser drops a line feed that comes first.
  return fmt::format("<pre{}>{}{}</pre>", attributes, contents.starts_with("\n") ? "\n" : "", contents);
}

struct Parts {
  std::string_view head, body;  // of a message; the blank line is the head's
};
Parts parts_of(std::string_view message) {
  const std::size_t end = message.find("\r\n\r\n");
  if (end == std::string_view::npos) return {message, {}};
  return {message.substr(0, end + 4), message.substr(end + 4)};
}

// What `message` has that `other` has not.
std::vector<Span> marks_of(std::string_view message, std::string_view other) {
  const Parts mine = parts_of(message), others = parts_of(other);
  std::vector<Span> marks = other_lines(mine.head, others.head);
  if (mine.body == others.body) return marks;
  const Span body = difference(mine.body, others.body);
  marks.push_back({mine.head.size() + body.first, mine.head.size() + body.last});
  return marks;
}

std::string message(std::string_view title, std::string_view remark, std::string_view bytes, std::size_t not_kept,
                    const std::vector<Span>& marks, const Extent& extent) {
  std::string out = fmt::format("<figure><figcaption>{} <small>{}</small></figcaption>", title, remark);
  if (bytes.empty()) return out + "<p class=\"none\">nothing</p></figure>";
  std::string shown = wire_text(bytes, marks, extent.message_bytes);
  if (not_kept > 0) shown += fmt::format("<i>… and {} more, not kept</i>", counted(not_kept, "byte"));
  out += pre(" class=\"w\"", shown);
  if (extent.hex_bytes > 0)
    out += "<details class=\"hex\"><summary>as hexadecimal</summary>" +
           pre(" class=\"x\"", wire_hex(bytes, marks, extent.hex_bytes)) + "</details>";
  return out + "</figure>";
}

std::string remark_on_answer(const wire::Exchange& exchange) {
  std::string remark = exchange.response
                           ? fmt::format("{} · {} · {}", exchange.response->status,
                                         counted(exchange.received.size() + exchange.received_not_kept, "byte"),
                                         duration(exchange.elapsed))
                           : std::string(wire::name_of(exchange.failure));
  if (exchange.failure != wire::TransportFailure::none && !exchange.detail.empty())
    remark += ": " + sentence(exchange.detail);
  if (exchange.resent) remark += " · sent twice, for the kept connection had ended";
  return remark;
}

std::string size_of(const wire::Exchange& exchange) {
  return counted(exchange.sent.size() + exchange.sent_not_kept, "byte");
}

// The control's head is the stimulus' own, as far as nobody says otherwise: of a passing case its body is enough.
std::string control_request(const CaseResult& result, const Extent& extent) {
  const wire::Exchange& control = *result.control;
  std::string_view bytes = control.sent;
  std::string_view other = result.stimulus ? std::string_view(result.stimulus->sent) : std::string_view();
  std::string remark = size_of(control);
  if (extent.hex_bytes == 0) {
    bytes = parts_of(bytes).body;
    other = parts_of(other).body;
    const std::vector<Span> marks = bytes == other ? std::vector<Span>{} : std::vector<Span>{difference(bytes, other)};
    return message("Control", "body of " + remark, bytes, control.sent_not_kept, marks, extent);
  }
  return message("Control", remark, bytes, control.sent_not_kept, marks_of(bytes, other), extent);
}

std::string messages(const CaseResult& result, const Extent& extent) {
  std::string out;
  if (const auto& stimulus = result.stimulus) {
    std::vector<Span> marks;
    if (result.control) marks = marks_of(stimulus->sent, result.control->sent);
    out += message("Request", size_of(*stimulus), stimulus->sent, stimulus->sent_not_kept, marks, extent);
    out +=
        message("Response", remark_on_answer(*stimulus), stimulus->received, stimulus->received_not_kept, {}, extent);
  }
  if (const auto& control = result.control) {
    out += control_request(result, extent);
    out += message("Answer to the control", remark_on_answer(*control), control->received, control->received_not_kept,
                   {}, extent);
  }
  return out.empty() ? out : "<div class=\"io\">" + out + "</div>";
}

// Only what is pasted as it is shown may be copied.
bool is_plain(const std::string& line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\n'; });
}

std::string command(std::string_view name, const std::string& line, std::size_t most_bytes) {
  if (line.empty()) return {};
  if (line.size() > most_bytes)
    return fmt::format("<p class=\"cmd\" data-c=\"{}\">left out: {}; the replay sends the same</p>", name,
                       counted(line.size(), "byte"));
  if (!is_plain(line)) return fmt::format("<p class=\"cmd\" data-c=\"{}\">{}</p>", name, text(line));
  return pre(fmt::format(" class=\"cmd\" data-c=\"{}\"", name), plain_lines(line));
}

std::string commands(const RunInfo& info, const spec::SpecTable& table, const CaseResult& result,
                     const Extent& extent) {
  std::string out = command("replay", replay_line(info, result), extent.command_bytes);
  if (result.judgement.verdict == Verdict::skipped) return out;
  if (extent.hex_bytes > 0) out += command("serve", info.serve_line, extent.command_bytes);
  if (curl_can_send(result)) {
    out += command("curl", curl_line(info, table.service, result), extent.command_bytes);
  } else if (!result.request.headers.empty()) {
    out += command("bytes", bytes_line(info, result), extent.command_bytes);
  }
  std::string script;
  for (const std::string& line : story_script(info, table, result)) script += (script.empty() ? "" : "\n") + line;
  return out + command("AWS CLI", script, extent.script_bytes);
}

std::string requirement_link(const spec::SpecTable& table, const std::string& id) {
  if (table.find_requirement(id) == nullptr) return "<code>" + text(id) + "</code>";
  return fmt::format(R"(<a href="#{}"><code>{}</code></a>)", anchor("req", id), text(id));
}

std::string findings(const spec::SpecTable& table, const CaseResult& result) {
  const Judgement& j = result.judgement;
  std::string out;
  if (j.verdict == Verdict::known && result.known)
    out += "<p class=\"why\">Known to fail: " + sentence(in_words(*result.known)) + "</p>";
  if (j.verdict == Verdict::fail || j.verdict == Verdict::known)
    out += fmt::format(
        R"(<dl class="ea"><div><dt>Expected</dt><dd>{}</dd></div><div><dt>Actual</dt><dd>{}</dd></div></dl>)",
        sentence(j.expected), sentence(j.actual));
  if (!j.reason.empty() && (j.verdict != Verdict::fail || j.reason != j.actual))
    out += "<p class=\"why\">" + sentence(j.reason) + "</p>";
  if (!result.sdks.empty()) out += "<p class=\"why\">SDKs see " + sentence(result.sdks) + "</p>";
  if (!j.note.empty()) out += "<p class=\"why\">Not checked: " + sentence(j.note) + "</p>";
  std::set<std::string> others;
  for (const Check& check : j.checks)
    if (!check.held && check.requirement != j.requirement) others.insert(check.requirement);
  if (others.empty()) return out;
  out += "<p class=\"why\">Did not hold either: ";
  bool first = true;
  for (const std::string& other : others) {
    out += (first ? "" : ", ") + requirement_link(table, other);
    first = false;
  }
  return out + "</p>";
}

std::string meta(const spec::SpecTable& table, const CaseResult& result) {
  const Case& test = result.test;
  std::string out =
      fmt::format(R"(<p class="meta"><a href="#{}">link</a> · {})", anchor("case", test.id), text(name_of(test.kind)));
  const std::string& requirement =
      result.judgement.requirement.empty() ? test.requirement : result.judgement.requirement;
  if (!requirement.empty()) out += " · holds the answer against " + requirement_link(table, requirement);
  if (!test.characteristic.empty())
    out += fmt::format(R"( · measures <a href="#{}"><code>{}</code></a>)", anchor("char", test.characteristic),
                       text(test.characteristic));
  return out + "</p>";
}

std::string shortened(const std::string& title) {
  if (title.size() <= title_bytes) return text(title);
  std::size_t cut = title_bytes;
  while (cut > 0 && (static_cast<unsigned char>(title[cut]) & 0xC0U) == 0x80U) --cut;
  return text(std::string_view(title).substr(0, cut)) + "…";
}

}  // namespace

std::string_view status_of(const CaseResult& result) {
  return result.warning ? "warning" : name_of(result.judgement.verdict);
}

std::string answer_of(const CaseResult& result) {
  if (result.judgement.verdict == Verdict::skipped || !result.stimulus) return {};
  if (result.stimulus->failure != wire::TransportFailure::none)
    return std::string(wire::name_of(result.stimulus->failure));
  if (result.judgement.answer.status == 0 && result.stimulus->response)  // that nobody held against anything
    return std::to_string(result.stimulus->response->status);
  return kind_of(result.judgement.answer);
}

std::optional<std::chrono::microseconds> latency_of(const CaseResult& result) {
  if (!result.stimulus || !result.stimulus->response) return std::nullopt;
  return std::max(result.stimulus->elapsed, std::chrono::microseconds{0});
}

std::string duration(std::chrono::microseconds time) {
  const auto us = static_cast<double>(std::max<std::int64_t>(time.count(), 0));
  if (us < 1000) return fmt::format("{:.0f} µs", us);
  if (us < 10'000) return fmt::format("{:.1f} ms", us / 1e3);
  if (us < 1e6) return fmt::format("{:.0f} ms", us / 1e3);
  return fmt::format("{:.1f} s", us / 1e6);
}

CaseView view_of(const RunInfo& info, const spec::SpecTable& table, const CaseResult& result, const Extent& extent) {
  const std::optional<std::chrono::microseconds> latency = latency_of(result);
  CaseView view;
  std::string answer = answer_of(result);
  if (answer.size() > title_bytes) answer.resize(title_bytes);  // of a type that an endpoint made up
  view.line =
      fmt::format("<summary><span>{}</span> <code>{}</code> <span>{}</span> <span>{}</span> <span>{}</span></summary>",
                  status_of(result), text(result.test.id), shortened(result.test.title), text(answer),
                  latency ? duration(*latency) : std::string());
  view.details =
      findings(table, result) + messages(result, extent) + commands(info, table, result, extent) + meta(table, result);
  return view;
}

}  // namespace conformance::reports::html
