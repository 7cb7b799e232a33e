# One library per folder of breakwater/, with the same language, warnings and floating-point rules.
#
#   breakwater_library(core SOURCES a.cpp b.cpp PUBLIC_DEPS breakwater::x PRIVATE_DEPS TBB::tbb)
#
# defines the target breakwater_core with the alias breakwater::core.
#
# With BREAKWATER_UNITY files are compiled together, ten at a time, which takes a third of the time without optimisation
# and two thirds with it; those that use the same private names as others are listed by breakwater_alone(file...).
function(breakwater_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# One precompiled header for every target: what most files include, with the instances of its templates.
function(breakwater_precompiled)
  if(TARGET breakwater_precompiled)
    return()
  endif()
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/precompiled.cpp" CONTENT "")
  add_library(breakwater_precompiled OBJECT "${PROJECT_BINARY_DIR}/precompiled.cpp")
  target_compile_features(breakwater_precompiled PUBLIC cxx_std_23)
  set_target_properties(breakwater_precompiled PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(breakwater_precompiled PRIVATE -ffp-contract=off)
  target_include_directories(breakwater_precompiled PRIVATE "${PROJECT_SOURCE_DIR}")
  target_precompile_headers(breakwater_precompiled PRIVATE
    <algorithm> <array> <cmath> <cstring> <expected> <optional> <span> <string> <tuple> <type_traits> <variant> <vector>
    <nlohmann/json.hpp> <breakwater/core/engine.hpp>)
endfunction()

function(breakwater_compile_rules target)
  target_compile_features(${target} PUBLIC cxx_std_23)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(NOT BREAKWATER_PRECOMPILE)  # which wants the same options everywhere
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
  # Same bits on every machine: no contraction into FMA, no reassociation.
  target_compile_options(${target} PUBLIC -ffp-contract=off)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion
                                           -Wold-style-cast -Wdouble-promotion)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Position-independent for whoever links it into a shared library; nobody replaces a function at run time, and
    # without this GCC would inline none of those that a file exports. The main job takes 6 % less.
    target_compile_options(${target} PRIVATE -fno-semantic-interposition)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict)  # GCC bug 105651: std::string + literal
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # inplace_merge and stable_sort of libstdc++ 12 call its own get_temporary_buffer, which is deprecated.
    target_compile_options(${target} PRIVATE -Wno-deprecated-declarations)
  endif()
  if(BREAKWATER_PRECOMPILE)
    breakwater_precompiled()
    target_precompile_headers(${target} REUSE_FROM breakwater_precompiled)
  endif()
  if(BREAKWATER_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 10)
    # Private names of another file may be shadowed; those of one function may not, which only GCC can tell apart.
    target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>)
  endif()
  if(BREAKWATER_MUTANT)
    string(TOUPPER "${BREAKWATER_MUTANT}" mutant)
    target_compile_definitions(${target} PUBLIC BREAKWATER_MUTANT_${mutant}=1)
  endif()
endfunction()

function(breakwater_library name)
  cmake_parse_arguments(LIB "" "" "SOURCES;PUBLIC_DEPS;PRIVATE_DEPS" ${ARGN})
  set(target breakwater_${name})
  add_library(${target} STATIC ${LIB_SOURCES})
  add_library(breakwater::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  breakwater_compile_rules(${target})
  target_link_libraries(${target} PUBLIC ${LIB_PUBLIC_DEPS} PRIVATE ${LIB_PRIVATE_DEPS})
endfunction()

# breakwater_test(NAME SOURCES file.cpp... DEPS breakwater::core...): one GoogleTest executable, each of its
# cases in CTest, or all of them as one test with BREAKWATER_TEST_CASES=OFF.
function(breakwater_test name)
  cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${T_SOURCES})
  breakwater_compile_rules(${name})
  target_link_libraries(${name} PRIVATE ${T_DEPS} GTest::gtest GTest::gtest_main)
  # What is tested is compiled as users build it; the cases themselves run once.
  target_compile_options(${name} PRIVATE ${BREAKWATER_TEST_OPTIONS})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 300)
  endif()
  if(BREAKWATER_TEST_CASES)
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT ${T_TIMEOUT} LABELS "${T_LABELS}")
  else()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 900 LABELS "${T_LABELS}")
  endif()
endfunction()
