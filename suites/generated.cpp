// Properties: requirements that are tried with examples of which nobody thought.
#include <map>
#include <utility>

#include "harness/generate/request_example.h"
#include "suites/body_case.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

using generate::RequestExample;
using RequestTree = rc::Shrinkable<RequestExample>;

// What all examples of a property share.
struct RequestAsk {
  CaseBuilder builder;
  std::string id, title, requirement;  // requirement: empty where the oracle decides
};

constexpr std::size_t most_smaller_requests = 400;  // a counterexample has so many that are smaller by one step at most

Case request_case(const std::shared_ptr<const RequestAsk>& ask, const RequestTree& tree, const std::string& id);

// What a smaller form of a case must have in common with it.
struct Common {
  std::string id;
  Kind kind;
  std::string requirement;
};

std::vector<Case> smaller_requests(const std::shared_ptr<const RequestAsk>& ask, const RequestTree& tree,
                                   const Common& c) {
  std::vector<Case> all;
  rc::Seq<RequestTree> shrinks = tree.shrinks();
  std::size_t step = 0;
  for (auto next = shrinks.next(); next && all.size() < most_smaller_requests; next = shrinks.next()) {
    Case smaller = request_case(ask, *next, c.id + "." + std::to_string(step++));
    // Another kind of request is no smaller form of this one.
    if (smaller.kind == c.kind && smaller.requirement == c.requirement && !smaller.body.empty())
      all.push_back(std::move(smaller));
  }
  return all;
}

Case request_case(const std::shared_ptr<const RequestAsk>& ask, const RequestTree& tree, const std::string& id) {
  Case c = CaseBuilder::start(id, ask->title, ask->requirement, Kind::valid);
  const spec::SpecTable& table = ask->builder.table();
  const std::string token = ask->builder.token(c);
  RequestExample example = tree.value();
  std::string body = generate::write(example, token, table);
  oracle::Classification classification = oracle::classify(body, table);
  // Promise 5: a body that can be read to name a session which does not carry the run's prefix may name somebody's.
  if (!classification.names_only(ask->builder.prefix())) {
    example.mutations.clear();
    body = generate::write(example, token, table);
    classification = oracle::classify(body, table);
  }
  ask_of_body(ask->builder, c, std::move(body), token, classification);
  c.smaller = [ask, tree, common = Common{c.id, c.kind, c.requirement}] { return smaller_requests(ask, tree, common); };
  return c;
}

// The bytes that request_case() would make of it, without the oracle, which takes longer than all else: such an example
// is valid and names the token because of how it is made, as tests ask of the oracle. Whatever is not answered as
// others are is asked of the oracle too.
void append_valid_body(const RequestAsk& ask, const RequestExample& example, const std::string& id, std::string& to) {
  to += generate::write(example, ask.builder.token_of(id), ask.builder.table());
}

enum class Examples { all_valid, any };

Case request_property(const CaseBuilder& b, std::uint64_t seed, const std::string& id, const std::string& title,
                      const std::string& requirement, const rc::Gen<RequestExample>& gen, Examples are) {
  auto ask = std::make_shared<const RequestAsk>(RequestAsk{b, id, title, requirement});
  auto made = std::make_shared<Property>();
  made->example = [ask, gen, seed](std::uint64_t index) {
    return request_case(ask, gen(generate::random_of(seed, ask->id, index)), ask->id + "." + std::to_string(index));
  };
  if (are == Examples::all_valid)
    made->valid_body = [ask, gen, seed](std::uint64_t index, std::string& to) {
      append_valid_body(*ask, gen(generate::random_of(seed, ask->id, index)).value(),
                        ask->id + "." + std::to_string(index), to);
    };
  // In a listing it stands for itself by its first example.
  Case c = made->example(0);
  c.id = id;
  c.area = id.substr(0, id.rfind('.'));
  c.smaller = nullptr;
  c.property = std::move(made);
  return c;
}

}  // namespace

std::vector<Case> generated(const CaseBuilder& b, std::uint64_t seed) {
  const spec::SpecTable& table = b.table();
  const auto make = [&](const char* id, const char* title, const char* requirement, const rc::Gen<RequestExample>& gen,
                        Examples are = Examples::any) {
    return request_property(b, seed, id, title, requirement, gen, are);
  };
  return {make("generated.request.valid", "any valid request", "request.accept", generate::valid_requests(table),
               Examples::all_valid),
          make("generated.request.spelling", "any valid request in any spelling", "json.accept",
               generate::spelled_requests(table), Examples::all_valid),
          make("generated.request.invalid", "any request that breaks a constraint", "request.refuse",
               generate::invalid_requests(table)),
          make("generated.body.mutated", "any body that was valid before its bytes were changed", "",
               generate::mutated_requests(table))};
}

}  // namespace conformance::suites
