# Pages of the documentation that are generated from TableGen. They are part of
# the source tree, so that they can be read without a build.

add_custom_target(aimc-docs COMMENT "Updated the generated pages of docs/")

# aimc_add_doc(<page below docs> GENERATOR <mlir-tblgen arguments...>
#   [TITLE <text>] SOURCES <[heading=]file.td...>)
# The target aimc-docs writes the page; the test docs-<page> fails when the page
# is not up to date.
function(aimc_add_doc page)
  cmake_parse_arguments(ARG "" "TITLE" "GENERATOR;SOURCES" ${ARGN})
  list(TRANSFORM ARG_GENERATOR PREPEND "--generator=")
  set(command ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/generate-docs.py
    --tblgen $<TARGET_FILE:mlir-tblgen> -I ${MLIR_INCLUDE_DIRS} -I ${PROJECT_SOURCE_DIR}/dialects
    -I ${PROJECT_BINARY_DIR}/dialects ${ARG_GENERATOR}
    --output ${PROJECT_SOURCE_DIR}/docs/${page})
  if(ARG_TITLE)
    list(APPEND command --title "${ARG_TITLE}")
  endif()
  string(REGEX REPLACE "[/.]" "-" name "aimc-docs-${page}")
  add_custom_target(${name} COMMAND ${command} ${ARG_SOURCES}
    COMMENT "Generating docs/${page}" VERBATIM)
  add_dependencies(${name} aimc_runtime_table)
  add_dependencies(aimc-docs ${name})
  if(AIMC_ENABLE_TESTS)
    add_test(NAME docs-${page} COMMAND ${command} --check ${ARG_SOURCES})
  endif()
endfunction()
