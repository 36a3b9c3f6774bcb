#include "harness/case/case.h"

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

}  // namespace conformance
