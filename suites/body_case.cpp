#include "suites/body_case.h"

#include <algorithm>
#include <utility>

#include "harness/text/json_string.h"

namespace conformance::suites {
namespace {

using oracle::BodyClass;
using oracle::Violation;

constexpr const char* any_fault = "request.refuse";

std::string requirement_of(const oracle::ConstraintFault& fault, const spec::SpecTable& table) {
  const std::string area = fault.member == table.identifier ? "id" : "origin";
  switch (fault.violation) {
    case Violation::missing:
      return area + ".required";
    case Violation::null:
      return area + ".null";
    case Violation::type:
      return area + ".type";
    case Violation::length_min:
      return area + ".length.min";
    case Violation::length_max:
      return area + ".length.max";
    case Violation::pattern:
      return area + ".pattern.reject";
  }
  return {};
}

void add_once(std::vector<std::string>& all, std::string name) {
  if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(std::move(name));
}

void keep_or_set(std::string& field, const char* value) {
  if (field.empty()) field = value;
}

void refuse(const CaseBuilder& b, Case& c, const oracle::Classification& classification) {
  c.kind = Kind::malformed;
  c.names_missing_session = true;
  if (classification.body_class == BodyClass::unreadable) {
    keep_or_set(c.requirement, "json.reject");
    keep_or_set(c.characteristic, "json.error");
    return;
  }
  c.faults = broken_requirements(classification, b.table());
  if (classification.refusal_as_unreadable) add_once(c.faults, "json.reject");
  keep_or_set(c.requirement, any_fault);
  // A request with one fault asks what the named cases of that fault ask: one root cause is one failing requirement.
  if (c.requirement == any_fault && c.faults.size() == 1) c.requirement = c.faults.front();
  c.names_missing_session = std::any_of(classification.faults.begin(), classification.faults.end(),
                                        [&b](const auto& fault) { return fault.member == b.table().identifier; });
}

void leave_free(Case& c, const oracle::Classification& classification, const std::string& session) {
  c.kind = Kind::free_form;
  keep_or_set(c.requirement, "json.answered");
  c.readings = classification.identifiers;
  c.spares_session = std::find(c.readings.begin(), c.readings.end(), session) == c.readings.end();
}

}  // namespace

std::vector<std::string> broken_requirements(const oracle::Classification& classification,
                                             const spec::SpecTable& table) {
  std::vector<std::string> all;
  for (const oracle::ConstraintFault& fault : classification.faults) add_once(all, requirement_of(fault, table));
  return all;
}

void ask_of_body(const CaseBuilder& b, Case& c, std::string body, const std::string& session,
                 const oracle::Classification& classification) {
  c.body = std::move(body);
  if (classification.body_class == BodyClass::valid) {
    c.kind = Kind::valid;
    keep_or_set(c.requirement, "json.accept");
    c.session = c.expected_echo = classification.identifiers.front();
    return;
  }
  c.oversize = c.body.size() > oracle::longest_needed(b.table());
  c.session = session;
  c.control_body = b.body(text::quote_raw(session));
  if (classification.body_class == BodyClass::free)
    leave_free(c, classification, session);
  else
    refuse(b, c, classification);
}

void ask_of_body(const CaseBuilder& b, Case& c, std::string body, const std::string& session) {
  const oracle::Classification classification = oracle::classify(body, b.table());
  ask_of_body(b, c, std::move(body), session, classification);
}

}  // namespace conformance::suites
