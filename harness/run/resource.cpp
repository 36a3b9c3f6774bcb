#include "harness/run/resource.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/judge/classify.h"
#include "harness/judge/shallow_json.h"
#include "harness/text/json_string.h"

namespace conformance {
namespace {

using nlohmann::json;

constexpr std::size_t max_pages = 10000;
constexpr std::size_t largest_page = 4U << 20U;  // a thousand sessions, with a few KB of arguments each
constexpr std::size_t largest_list = 64U << 20U;
constexpr std::size_t most_listed = 100'000;
constexpr std::chrono::seconds longest_list{30};

// A template's "{id}" strings replaced; the life cycle's templates are flat.
std::string fill(const std::string& body, const std::string& id) {
  constexpr std::string_view place = R"("{id}")";
  const std::string document = json::parse(body).dump(-1, ' ', /*ensure_ascii=*/true);
  std::string filled;
  std::size_t done = 0;
  for (std::size_t at = document.find(place); at != std::string::npos; at = document.find(place, done)) {
    filled.append(document, done, at - done).append(text::quote_ascii(id));
    done = at + place.size();
  }
  return filled.append(document, done);
}

struct Read {
  Answer answer;
  json body;  // of a success; else discarded
};

Read read(const wire::Exchange& exchange, const spec::SpecTable& table) {
  Read reading;
  if (exchange.response) reading.body = parse_shallow(exchange.response->body);
  reading.answer = classify(exchange, reading.body, table);
  if (reading.answer.status != table.success_status) reading.body = json(json::value_t::discarded);
  return reading;
}

// A string at a JSON pointer; empty if there is none. The pointers come from the spec table, the document does not.
std::string text_at(const json& document, const std::string& pointer) {
  if (!document.is_structured()) return {};
  const json::json_pointer place(pointer);
  if (!document.contains(place)) return {};
  const json& value = document.at(place);
  return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace

bool is_unknown_operation(const Answer& answer) {
  constexpr std::array statuses{404, 405, 501};
  return answer.outcome == spec::Outcome::unknown_operation ||
         (answer.outcome != spec::Outcome::not_found &&
          std::find(statuses.begin(), statuses.end(), answer.status) != statuses.end());
}

bool surely_made_nothing(const Answer& answer) {
  using spec::Outcome;
  switch (answer.outcome) {
    case Outcome::success:
    case Outcome::server_fault:
    case Outcome::unrecognised:
    case Outcome::no_response:
      return false;
    default:
      return true;
  }
}

void refuse_excess(wire::Exchange& exchange) {
  if (exchange.received.size() <= largest_answer * (exchange.earlier.size() + 1)) return;
  exchange.failure = wire::TransportFailure::too_large;
  exchange.detail = fmt::format("a response of {} bytes, where no answer needs more than {}", exchange.received.size(),
                                largest_answer);
  exchange.response.reset();
  exchange.received.resize(largest_answer);
  exchange.received.shrink_to_fit();
}

namespace {

void shorten(std::string& bytes, std::size_t& not_kept) {
  if (bytes.size() <= most_shown) return;
  not_kept += bytes.size() - most_shown;
  bytes.resize(most_shown);
  bytes.shrink_to_fit();
}

}  // namespace

void keep_what_is_shown(wire::Exchange& exchange) {
  if (exchange.response) exchange.response->body.shrink_to_fit();
  if (exchange.failure != wire::TransportFailure::closed) shorten(exchange.received, exchange.received_not_kept);
}

void keep_what_is_shown_once_judged(wire::Exchange& exchange) {
  shorten(exchange.sent, exchange.sent_not_kept);
  shorten(exchange.received, exchange.received_not_kept);
  if (exchange.response) std::string().swap(exchange.response->body);
}

Resource::Resource(const spec::SpecTable& table, const RequestFactory& factory, Sender& sender, std::string create_body)
    : table_(table), factory_(factory), sender_(sender), create_(table.lifecycle.create) {
  if (!create_body.empty()) create_.body = std::move(create_body);
}

bool Resource::pending(const std::string& state) const {
  const auto& states = table_.lifecycle.pending_states;
  return std::find(states.begin(), states.end(), state) != states.end();
}

bool Resource::passing(const std::string& state) const {
  const auto& states = table_.lifecycle.stopping_states;
  return pending(state) || std::find(states.begin(), states.end(), state) != states.end();
}

std::string Resource::body(const spec::LifecycleCall& call, const std::string& id) const { return fill(call.body, id); }

std::string Resource::state_in(const wire::Exchange& exchange, const spec::LifecycleCall& call,
                               const spec::SpecTable& table) {
  return text_at(read(exchange, table).body, call.result + call.state_pointer);
}

void Resource::call(const spec::LifecycleCall& call, const std::vector<std::string>& ids,
                    const std::function<void(std::size_t, const wire::Exchange&)>& done) {
  sender_.exchange_all(
      ids.size(), [&](std::size_t i) { return factory_.bytes(call.target, body(call, ids[i])); },
      [&done](std::size_t i, wire::Exchange exchange, const std::string&) {
        refuse_excess(exchange);
        done(i, exchange);
      });
}

std::vector<Created> Resource::create(const std::vector<std::string>& ids) {
  std::vector<Created> all(ids.size());
  // Broken off, it might be carried out after the cleaning that looked for what it left.
  const wire::Client::Finishing finishing(sender_.client());
  call(create_, ids, [&](std::size_t i, const wire::Exchange& exchange) {
    Created& created = all[i];
    const auto [answer, body] = read(exchange, table_);
    const auto& taken = table_.lifecycle.already_exists;
    created.ok = answer.outcome == spec::Outcome::success;
    created.unsent = exchange.failure == wire::TransportFailure::given_up;
    created.lost = answer.outcome == spec::Outcome::no_response && !created.unsent;
    created.unreached = exchange.failure == wire::TransportFailure::connect;
    created.unsure = !created.ok && !created.unsent && !surely_made_nothing(answer);
    created.throttled = answer.outcome == spec::Outcome::throttled;
    created.unknown = is_unknown_operation(answer);
    created.refused = answer.outcome == spec::Outcome::rejected_as_invalid;
    created.taken = !created.ok && std::find(taken.begin(), taken.end(), answer.type) != taken.end();
    // The sending before it, whose answer was lost, was carried out.
    if (created.taken && exchange.resent) created.ok = true;
    created.pending = created.ok && pending(text_at(body, create_.result + create_.state_pointer));
    if (!created.ok) created.answer = summary_of(answer);
  });
  return all;
}

std::optional<std::map<std::string, std::string>> Resource::list() {
  const spec::LifecycleCall& list = table_.lifecycle.list;
  std::map<std::string, std::string> found;
  json request = json::parse(list.body);
  std::size_t bytes = 0;
  std::chrono::microseconds spent{0};  // on its answers; to be told to wait is another matter
  for (std::size_t page = 0; !endless_list_; ++page) {
    endless_list_ = page == max_pages || bytes > largest_list || found.size() > most_listed || spent > longest_list;
    if (endless_list_) break;
    const wire::Exchange exchange =
        sender_.exchange(factory_.bytes(list.target, request.dump(-1, ' ', true)), largest_page);
    last_failure_ = exchange.failure;
    bytes += exchange.received.size();
    spent += exchange.elapsed;
    const Read reading = read(exchange, table_);
    last_seen_ = reading.answer;
    const json& body = reading.body;
    const json::json_pointer place(list.result);
    if (!body.is_object() || !body.contains(place) || !body.at(place).is_array()) return std::nullopt;
    for (const json& item : body.at(place)) found[text_at(item, list.id_pointer)] = text_at(item, list.state_pointer);
    const auto next = body.find(list.next_token);
    pages_ = page + 1;
    if (next == body.end() || !next->is_string() || next->get_ref<const std::string&>().empty()) return found;
    if (request.contains(list.next_token) && request[list.next_token] == *next)
      return std::nullopt;  // turns in a circle
    request[list.next_token] = *next;
  }
  return std::nullopt;
}

std::optional<std::map<std::string, std::string>> Resource::get(const std::vector<std::string>& ids) {
  const spec::LifecycleCall& get = table_.lifecycle.get;
  std::map<std::string, std::string> found;
  bool all_tell = true;
  call(get, ids, [&](std::size_t i, const wire::Exchange& exchange) {
    const auto [answer, body] = read(exchange, table_);
    // The last, or the first that tells neither: why it could not be seen.
    if (all_tell) last_seen_ = answer;
    if (answer.outcome == spec::Outcome::success)
      found[ids[i]] = text_at(body, get.result + get.state_pointer);
    else if (answer.outcome != spec::Outcome::not_found)
      all_tell = false;
  });
  return all_tell ? std::optional(std::move(found)) : std::nullopt;
}

std::vector<Answer> Resource::remove(const std::vector<std::string>& ids) {
  std::vector<Answer> answers(ids.size());
  call(table_.lifecycle.remove, ids,
       [&](std::size_t i, const wire::Exchange& exchange) { answers[i] = classify(exchange, table_); });
  return answers;
}

}  // namespace conformance
