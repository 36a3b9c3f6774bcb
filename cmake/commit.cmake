# Writes OUTPUT, a C++ file that defines conformance::embedded::commit() as the commit that SOURCE is of: GIVEN, unless it
# is empty; what git says, if SOURCE is the top of a checkout; what `git archive` left in ARCHIVED; else "unknown".
set(commit "${GIVEN}")
if(NOT commit AND EXISTS "${SOURCE}/.git")
  # A container builds what belongs to somebody else.
  execute_process(COMMAND git -c "safe.directory=${SOURCE}" rev-parse HEAD WORKING_DIRECTORY "${SOURCE}"
                  OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(NOT commit)
  file(STRINGS "${ARCHIVED}" commit LIMIT_COUNT 1)
endif()
if(NOT commit MATCHES "^[0-9a-f]+$")
  set(commit "unknown")
endif()
file(WRITE "${OUTPUT}" "#include <string_view>
namespace conformance::embedded {
std::string_view commit();
std::string_view commit() { return \"${commit}\"; }
}  // namespace conformance::embedded
")
