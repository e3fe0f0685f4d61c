# How libraries and tools on top of MLIR are built.

list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)
find_package(CLI11 2.1 REQUIRED)

separate_arguments(AIMC_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")

# TableGen searches the include folders of the directory.
include_directories(${PROJECT_SOURCE_DIR}/dialects ${PROJECT_BINARY_DIR}/dialects
                    ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include
                    ${PROJECT_SOURCE_DIR}/lib ${PROJECT_BINARY_DIR}/lib)
include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})

# A static library over MLIR: aimc_add_mlir_library(<name> <sources...>
#   [INTERNAL] [DEPENDS <tablegen targets...>] [LINK <libraries...>]).
# libMLIR.so is linked by the tools alone. The library is installed for others'
# tools, unless it is INTERNAL.
function(aimc_add_mlir_library name)
  cmake_parse_arguments(ARG "INTERNAL" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  target_compile_definitions(${name} PUBLIC ${AIMC_LLVM_DEFINITIONS})
  set_target_properties(${name} PROPERTIES AIMC_TABLEGEN ON)
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE $<BUILD_INTERFACE:aimc_options>)
  if(NOT ARG_INTERNAL)
    aimc_install_mlir_library(${name})
  endif()
endfunction()

# Installs a library as AIMC::<name>, of which cmake/AIMCMLIR.cmake.in tells.
function(aimc_install_mlir_library name)
  target_compile_features(${name} INTERFACE cxx_std_17)
  target_include_directories(${name} INTERFACE
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/aimc/MLIR>)
  install(TARGETS ${name} EXPORT AIMCMLIRTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT MLIR)
  set_property(GLOBAL APPEND PROPERTY AIMC_MLIR_LIBRARIES ${name})
endfunction()

# A tool over MLIR: aimc_add_mlir_tool(<name> <sources...> [LINK <libraries...>]).
function(aimc_add_mlir_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  set_target_properties(${name} PROPERTIES AIMC_TABLEGEN ON)
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM aimc_options)
  # The runtime library is found from the tool's own place, also when all of the
  # prefix is moved; LLVM where it is now.
  set_target_properties(${name} PROPERTIES
    INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}" INSTALL_RPATH_USE_LINK_PATH ON)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()
