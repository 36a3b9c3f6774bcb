// Any bytes at all, for libFuzzer: the oracle must neither crash nor contradict itself, nor an independent reader.
//
//     sh scripts/fuzz.sh 60    # seconds
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "fuzz/require.h"
#include "harness/oracle/body_class.h"
#include "harness/oracle/json_reader.h"
#include "harness/spec/spec_table.h"

namespace {

namespace oracle = conformance::oracle;
using conformance::fuzz::require;

void check_document(std::string_view text, const oracle::Document& document) {
  require(document.fault.has_value() || !document.grammar_fault, "a fault of grammar is a fault");
  if (document.fault) require(document.fault->offset <= text.size(), "a fault lies within the text");
  if (document.fault && document.grammar_fault) {
    require(document.fault->offset <= document.grammar_fault->offset, "the first fault is the first");
  }
}

// nlohmann takes NUL for the end of its input, and refuses lone surrogates and numbers beyond binary64.
void check_against_nlohmann(std::string_view text, const oracle::Document& document) {
  if (text.find('\0') != std::string_view::npos) {
    require(document.fault.has_value(), "a NUL has no place in a JSON text");
    return;
  }
  const bool accepted = nlohmann::json::accept(text);
  const bool may_differ = document.lone_surrogate || document.wide_number;
  if (!may_differ) require(accepted == !document.fault, "both readers agree");
  if (accepted) require(!document.fault, "what nlohmann accepts is well-formed");
}

void check_class(const oracle::Document& document, const oracle::Classification& c) {
  using oracle::BodyClass;
  require(!c.reason.empty(), "every class has a reason");
  const bool refused = c.body_class == BodyClass::invalid || c.body_class == BodyClass::unreadable;
  if (refused) require(c.identifiers.empty(), "a refused body names no session");
  if (refused) require(c.refusal_as_invalid || c.refusal_as_unreadable, "a refusal has a kind");
  if (c.body_class == BodyClass::valid) {
    require(!document.fault && c.freedoms.empty() && c.faults.empty(), "a valid body has nothing against it");
    require(c.identifiers.size() == 1, "a valid body names one session");
  }
  if (c.body_class == BodyClass::invalid) require(!c.faults.empty(), "an invalid body has a fault");
  if (c.body_class == BodyClass::free) require(!c.freedoms.empty(), "a free body has a freedom");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const oracle::Document document = oracle::read(text);
  check_document(text, document);
  check_against_nlohmann(text, document);
  check_class(document, oracle::classify(text, conformance::spec::builtin_table()));
  return 0;
}
