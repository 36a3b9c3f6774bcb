// The reference endpoint with whatever the specification leaves open done differently: each must be all green.
//
//     bool green = check_variants(plan, std::cout);   // a line each
#pragma once

#include <iosfwd>

#include "harness/cli/audit_run.h"

namespace conformance::cli {

// False if one is not: then a requirement asks for more than is documented.
[[nodiscard]] bool check_variants(const AuditPlan& plan, std::ostream& out);

}  // namespace conformance::cli
