#include "harness/case/case.h"

#include <utility>

namespace conformance {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::valid:
      return "valid";
    case Kind::malformed:
      return "malformed";
    case Kind::free_form:
      return "free";
  }
  return "?";
}

std::string_view name_of(Tier tier) {
  switch (tier) {
    case Tier::smoke:
      return "smoke";
    case Tier::standard:
      return "standard";
    case Tier::exhaustive:
      return "exhaustive";
  }
  return "?";
}

Case made_whole(Case c) {
  if (!c.complete) return c;
  const std::function<void(Case&)> complete = std::move(c.complete);
  c.complete = nullptr;
  complete(c);
  return c;
}

}  // namespace conformance
