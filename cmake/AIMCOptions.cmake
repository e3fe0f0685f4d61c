# Warnings and sanitizers that all of the project's code is built with.

add_library(aimc_options INTERFACE)
target_compile_options(aimc_options INTERFACE
  -Wall -Wextra
  # Code that TableGen generates leaves parameters unused. Clang heeds the last
  # option, so this one cannot stand at the targets.
  $<$<BOOL:$<TARGET_PROPERTY:AIMC_TABLEGEN>>:-Wno-unused-parameter>
  # libstdc++ 12 implements std::stable_sort with what it has deprecated, and
  # Clang says so where it is used. GCC still warns of deprecated functions.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<BOOL:${AIMC_ENABLE_WERROR}>:-Werror>)
set(AIMC_SANITIZER_FLAGS "")
if(AIMC_SANITIZERS)
  # For what others compile against a sanitized library.
  set(AIMC_SANITIZER_FLAGS -fsanitize=${AIMC_SANITIZERS})
  # LLVM hides its type information, so objects of its classes look like others
  # to the check of virtual tables; LLVM builds its own sanitized code without it.
  add_compile_options(-fsanitize=${AIMC_SANITIZERS} -fno-sanitize=vptr
                      -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${AIMC_SANITIZERS})
endif()
