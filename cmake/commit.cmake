# Writes OUTPUT, a C++ file that defines conformance::embedded::commit() and commit_date(): "COMMIT DATE" of what SOURCE
# is. That is GIVEN, unless it is empty; what git says, if SOURCE is the top of a checkout; what `git archive` left in
# ARCHIVED; else "unknown", of no date.
set(said "${GIVEN}")
if(NOT said AND EXISTS "${SOURCE}/.git")
  # A container builds what belongs to somebody else.
  execute_process(COMMAND git -c "safe.directory=${SOURCE}" log -1 --format=%H\ %cs WORKING_DIRECTORY "${SOURCE}"
                  OUTPUT_VARIABLE said ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(NOT said)
  file(STRINGS "${ARCHIVED}" said LIMIT_COUNT 1)
endif()
set(commit "unknown")
set(date "")
if("${said}" MATCHES "^([0-9a-f]+)( ([0-9]+-[0-9]+-[0-9]+))?$")
  set(commit "${CMAKE_MATCH_1}")
  set(date "${CMAKE_MATCH_3}")
endif()
file(WRITE "${OUTPUT}" "#include <string_view>
namespace conformance::embedded {
std::string_view commit();
std::string_view commit() { return \"${commit}\"; }
std::string_view commit_date();
std::string_view commit_date() { return \"${date}\"; }
}  // namespace conformance::embedded
")
