# A tenth of GCC's time goes into collecting garbage, which it begins at 128 MB, and which frees it a quarter of its memory.
# It may begin at a gigabyte.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=1000000>)

# add_module(NAME FOLDER [LIGHT] DEPENDS … [TEST_DEPENDS …])
#
# One folder is one static library made of its x.cpp files, and one test program made of its x_test.cpp files, so that
# a new module is three files and no edit here. The DEPENDS are the only folders that its sources may include.
#
# About a dozen files of a folder are compiled at once (a "unity build"), as most of a compiler's time goes into headers that
# they share: so what is local to a file needs a name that no other file of its folder has, and each test file has a namespace
# of its own. -DGLUE_CONFORMANCE_UNITY=OFF compiles everything by file: each must be able to stand alone.
#
# LIGHT: what is much code and done once a run, for people and their files: see optimise_little.
function(add_module name folder)
  cmake_parse_arguments(arg "LIGHT" "" "DEPENDS;TEST_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS})
  set_warnings(${name})
  if(arg_LIGHT)
    optimise_little(${name})
  endif()
  if(GLUE_CONFORMANCE_UNITY)
    compile_at_once(${name} 12 ${sources})
  endif()
  if(GLUE_CONFORMANCE_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} GTest::gmock GTest::gtest_main ${arg_TEST_DEPENDS})
    target_compile_definitions(${name}_test PRIVATE
      PROJECT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" PROGRAM_PATH="${CMAKE_BINARY_DIR}/glue-conformance")
    set_warnings(${name}_test)
    if(GLUE_CONFORMANCE_UNITY)
      compile_at_once(${name}_test 16 ${tests})
    endif()
    # Half of a build is the compiling of tests; what they test is optimised all the same.
    target_compile_options(${name}_test PRIVATE $<$<CONFIG:Release>:-O0>)
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()

# At most MOST of the FILES at a time, in batches that are about equal.
function(compile_at_once target most)
  list(LENGTH ARGN files)
  math(EXPR batches "(${files} + ${most} - 1) / ${most}")
  math(EXPR size "(${files} + ${batches} - 1) / ${batches}")
  if(size LESS 8)
    set(size 8)  # what is embedded in a folder comes with its files
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${size})
endfunction()

# -O1 takes a compiler two thirds of the time of -O2, and is enough for what is not done often: bench/guard.py counts two
# in a hundred instructions more until the first example, and none more for an example.
function(optimise_little target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

function(set_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  # What clang means by -Wconversion is more than what GCC does.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${target} PRIVATE -Wno-sign-conversion)
  endif()
  # GCC 12 sees an overlap in "literal" + std::string that is not there (GCC bug 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(GLUE_CONFORMANCE_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# embed_text(TARGET FILE SYMBOL): FILE's bytes as `std::string_view conformance::embedded::SYMBOL()`, so that the
# program is one file. Declare the function where it is used.
function(embed_text target file symbol)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${symbol}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${PROJECT_SOURCE_DIR}/${file} -DOUTPUT=${output} -DSYMBOL=${symbol}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${PROJECT_SOURCE_DIR}/${file} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

# embed_commit(TARGET): the commit of this checkout as `std::string_view conformance::embedded::commit()`, and its day as
# `commit_date()`. Git is asked again when it has written down that another one is checked out, and costs one small file.
function(embed_commit target)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/commit.cpp)
  set(archived ${PROJECT_SOURCE_DIR}/cmake/archived_commit.txt)
  set(moves)
  if(EXISTS ${PROJECT_SOURCE_DIR}/.git AND NOT GLUE_CONFORMANCE_COMMIT)
    foreach(file HEAD logs/HEAD)
      execute_process(COMMAND git -c safe.directory=${PROJECT_SOURCE_DIR} rev-parse --git-path ${file}
                      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                      OUTPUT_VARIABLE path ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
      get_filename_component(path "${path}" ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
      if(EXISTS "${path}" AND NOT IS_DIRECTORY "${path}")
        list(APPEND moves ${path})
      endif()
    endforeach()
  endif()
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DARCHIVED=${archived} -DOUTPUT=${output}
            -DGIVEN=${GLUE_CONFORMANCE_COMMIT} -P ${PROJECT_SOURCE_DIR}/cmake/commit.cmake
    DEPENDS ${archived} ${moves} ${PROJECT_SOURCE_DIR}/cmake/commit.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
