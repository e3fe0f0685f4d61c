# Warnings and sanitizers that all of the project's code is built with.

add_library(aimc_options INTERFACE)
target_compile_options(aimc_options INTERFACE
  -Wall -Wextra $<$<BOOL:${AIMC_ENABLE_WERROR}>:-Werror>)
if(AIMC_SANITIZERS)
  add_compile_options(-fsanitize=${AIMC_SANITIZERS} -fno-omit-frame-pointer
                      -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${AIMC_SANITIZERS})
endif()
