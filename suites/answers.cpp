// What holds of every answer, whatever was asked, and of an endpoint after whatever was asked.
#include <fmt/format.h>

#include "harness/text/json_string.h"
#include "suites/suites.h"

namespace conformance::suites {

std::vector<Case> answers(const CaseBuilder& b) {
  const spec::Checks& checks = b.table().checks;
  std::vector<Case> cases;
  for (const std::string& requirement :
       {checks.http, checks.content_type, checks.json, checks.request_id, checks.request_id_unique, checks.error_body,
        checks.error_type, checks.error_status, checks.error_message, checks.no_leak}) {
    const std::string& sentence = b.table().requirement(requirement).sentence;
    Case c =
        CaseBuilder::start("every." + requirement, "all answers of the run: " + sentence, requirement, Kind::valid);
    c.gathers = true;
    c.body = b.body(text::quote_raw(b.token(c)));
    cases.push_back(std::move(c));
  }
  return cases;
}

Case alive(const CaseBuilder& b, std::string_view area) {
  Case c = CaseBuilder::start(fmt::format("alive.after.{}", area),
                              fmt::format("a valid request is served after all of {}", area), b.table().checks.alive,
                              Kind::valid);
  b.accept(c, b.token(c), text::quote_raw(b.token(c)));
  c.alone = true;
  c.liveness = true;
  return c;
}

}  // namespace conformance::suites
