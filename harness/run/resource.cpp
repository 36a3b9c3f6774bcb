#include "harness/run/resource.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/judge/classify.h"

namespace conformance {
namespace {

using nlohmann::json;

constexpr std::size_t max_pages = 10000;

// A template's "{id}" strings replaced; the life cycle's templates are flat.
std::string fill(const std::string& body, const std::string& id) {
  json document = json::parse(body);
  for (auto& [name, value] : document.items()) {
    if (value == "{id}") value = id;
  }
  return document.dump(-1, ' ', /*ensure_ascii=*/true);
}

json body_of(const wire::Exchange& exchange) {
  if (!exchange.response || exchange.response->status != 200) return json(json::value_t::discarded);
  return json::parse(exchange.response->body, nullptr, /*allow_exceptions=*/false);
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

Resource::Resource(const spec::SpecTable& table, const RequestFactory& factory, wire::Client& client)
    : table_(table), factory_(factory), client_(client) {}

bool Resource::pending(const std::string& state) const {
  const auto& states = table_.lifecycle.pending_states;
  return std::find(states.begin(), states.end(), state) != states.end();
}

std::vector<wire::Exchange> Resource::call(const spec::LifecycleCall& call, const std::vector<std::string>& ids) {
  std::vector<wire::Exchange> exchanges(ids.size());
  requests_ += ids.size();
  client_.exchange_all(
      ids.size(), [&](std::size_t i) { return factory_.bytes(call.target, fill(call.body, ids[i])); },
      [&exchanges](std::size_t i, wire::Exchange exchange) { exchanges[i] = std::move(exchange); });
  return exchanges;
}

std::vector<Created> Resource::create(const std::vector<std::string>& ids) {
  std::vector<Created> all;
  const spec::LifecycleCall& create = table_.lifecycle.create;
  for (const wire::Exchange& exchange : call(create, ids)) {
    Created created;
    const Answer answer = classify(exchange, table_);
    const auto& taken = table_.lifecycle.already_exists;
    created.ok = answer.outcome == spec::Outcome::success;
    created.lost = answer.outcome == spec::Outcome::no_response;
    created.taken = !created.ok && std::find(taken.begin(), taken.end(), answer.type) != taken.end();
    created.pending = created.ok && pending(text_at(body_of(exchange), create.result + create.state_pointer));
    created.answer = summary_of(answer);
    all.push_back(std::move(created));
  }
  return all;
}

std::optional<std::map<std::string, std::string>> Resource::list() {
  const spec::LifecycleCall& list = table_.lifecycle.list;
  std::map<std::string, std::string> found;
  json request = json::parse(list.body);
  for (std::size_t page = 0; page < max_pages; ++page) {
    ++requests_;
    const json body = body_of(client_.exchange(factory_.bytes(list.target, request.dump(-1, ' ', true))));
    const json::json_pointer place(list.result);
    if (!body.is_object() || !body.contains(place) || !body.at(place).is_array()) return std::nullopt;
    for (const json& item : body.at(place)) found[text_at(item, list.id_pointer)] = text_at(item, list.state_pointer);
    const auto next = body.find(list.next_token);
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
  const std::vector<wire::Exchange> exchanges = call(get, ids);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Answer answer = classify(exchanges[i], table_);
    if (answer.outcome == spec::Outcome::not_found) continue;
    if (answer.outcome != spec::Outcome::success) return std::nullopt;
    found[ids[i]] = text_at(body_of(exchanges[i]), get.result + get.state_pointer);
  }
  return found;
}

std::vector<Answer> Resource::remove(const std::vector<std::string>& ids) {
  std::vector<Answer> answers;
  for (const wire::Exchange& exchange : call(table_.lifecycle.remove, ids))
    answers.push_back(classify(exchange, table_));
  return answers;
}

}  // namespace conformance
