# Emits a standalone project with the tools in PREFIX, builds it where there is
# nothing but the compiler CXX_COMPILER, a shell and the usual tools, and compares
# its results with aimc-run's: whatever the flags, the bits are the same.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
set(tools ${PREFIX}/bin)
set(program ${WORK}/build/model-run)

function(run output)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} OUTPUT_VARIABLE text
    COMMAND_ERROR_IS_FATAL ANY)
  set(${output} "${text}" PARENT_SCOPE)
endfunction()

run(ignored ${tools}/aimcc ${SOURCE}/Inputs/model.mlir --target hermes --emit placed -o placed.mlir)
run(ignored ${tools}/aimcc placed.mlir --emit project --standalone -o model)
# What an interrupted run left is not taken.
file(WRITE ${WORK}/build/libaimc_runtime.a.objects/stale.o "")
# -H tells each header that is read.
execute_process(COMMAND env -i PATH=/usr/bin:/bin "CXX=${CXX_COMPILER} -H" CXXFLAGS=-O1
    sh model/build.sh build
  WORKING_DIRECTORY ${WORK}
  RESULT_VARIABLE code OUTPUT_VARIABLE ignored ERROR_VARIABLE headers)
if(NOT code EQUAL 0)
  string(REGEX REPLACE "(^|\n)[.]+ [^\n]*" "" headers "${headers}")
  message(FATAL_ERROR "expects build.sh to build the project, but got: ${headers}")
endif()
string(REGEX MATCHALL "[.] [^\n]*/(nlohmann|CLI|Random123|Eigen|tbb|oneapi)/[^\n]*|[.] [^\n]*/zip[.]h" used "${headers}")
list(LENGTH used count)
list(FILTER used EXCLUDE REGEX "[.] third_party/")
if(used OR count EQUAL 0)
  message(FATAL_ERROR "expects headers of other projects from the project alone, but got: ${used}")
endif()
file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${program} LIBRARIES ${WORK}/build/libmodel.so
  RESOLVED_DEPENDENCIES_VAR libraries)
list(FILTER libraries EXCLUDE REGEX "/(lib(stdc[+][+]|m|gcc_s|c|pthread|dl)[.]so|ld-linux)")
if(libraries)
  message(FATAL_ERROR "expects the libraries of the compiler alone, but got: ${libraries}")
endif()

# The library exports functions of C that headers declare, and nothing else.
file(GLOB_RECURSE headers ${WORK}/model/model.h ${WORK}/model/runtime/include/*.h ${WORK}/model/runtime/include/*.inc)
set(declared "")
foreach(header IN LISTS headers)
  file(READ ${header} text)
  string(APPEND declared "${text}")
endforeach()
function(check_exports library)
  execute_process(COMMAND nm -D --defined-only --format=posix ${library} OUTPUT_VARIABLE text
    COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" symbols "${text}")
  foreach(symbol IN LISTS symbols)
    string(REGEX REPLACE " .*" "" symbol "${symbol}")
    if(NOT declared MATCHES "[ *\n]${symbol}\\(")
      message(FATAL_ERROR "expects ${library} to export what headers declare, but got '${symbol}'")
    endif()
  endforeach()
  foreach(needed model_model model_create model_predict aimc_library_model aimc_create aimc_run
      aimc_interface_version)
    if(NOT text MATCHES "(^|\n)${needed} ")
      message(FATAL_ERROR "expects ${library} to export '${needed}', but got: ${text}")
    endif()
  endforeach()
endfunction()
check_exports(${WORK}/build/libmodel.so)

execute_process(COMMAND ar t ${WORK}/build/libaimc_runtime.a OUTPUT_VARIABLE members)
if(members MATCHES "stale" OR EXISTS ${WORK}/build/libaimc_runtime.a.objects)
  message(FATAL_ERROR "expects a library of new objects alone, but got: ${members}")
endif()

# With the whole runtime in it, a program is still small.
file(SIZE ${program} size)
if(size GREATER 2000000)
  message(FATAL_ERROR "expects a program under 2 MB, but got one of ${size} bytes")
endif()

# More than a block of rows, of values that follow each other without a pattern.
set(value 1)
set(text "")
foreach(row RANGE 5000)
  foreach(column RANGE 3)
    math(EXPR value "(${value} * 1103515245 + 12345) % 2147483648")
    math(EXPR shown "${value} % 2000 - 1000")
    string(APPEND text "${shown}e-3,")
  endforeach()
  string(REGEX REPLACE ",$" "\n" text "${text}")
endforeach()
file(WRITE ${WORK}/x.csv "${text}")
foreach(device exact simulator)
  run(ignored ${tools}/aimc-run placed.mlir --input x.csv --device ${device} --seed 4 --output expected.npy)
  file(SHA256 ${WORK}/expected.npy expected)
  foreach(threads 1 2)
    run(ignored ${program} --input x.csv --device ${device} --seed 4 --threads ${threads} --output y.npy)
    file(SHA256 ${WORK}/y.npy found)
    if(NOT found STREQUAL expected)
      message(FATAL_ERROR "expects the bits of aimc-run on ${device} with ${threads} threads, but got others")
    endif()
  endforeach()
endforeach()

# Python loads the library, where there is nothing else of AIMC.
set(ENV{PYTHONPATH} "${PREFIX}/lib/python3/dist-packages")
run(text ${PYTHON} -c "import aimc\nprint(aimc.load('build/libmodel.so').predict([[0, 0, 0, 1]]).shape)")
if(NOT text STREQUAL "(1, 2)\n")
  message(FATAL_ERROR "expects scores from Python, but got: ${text}")
endif()

# Two are in one CMake project, which keeps its own kind of build.
run(ignored ${tools}/aimcc placed.mlir --emit project --standalone -o second)
file(WRITE ${WORK}/CMakeLists.txt "cmake_minimum_required(VERSION 3.20)
project(Both LANGUAGES CXX)
add_subdirectory(model both-model)
add_subdirectory(second both-second)
if(CMAKE_BUILD_TYPE)
  message(FATAL_ERROR \"expects no kind of build, but got '\${CMAKE_BUILD_TYPE}'\")
endif()
")
run(ignored ${CMAKE_COMMAND} -S . -B both -DCMAKE_CXX_COMPILER=${CXX_COMPILER})

# As a shared library of CMake's it has the runtime in it too, for its program and others.
file(WRITE ${WORK}/shared/CMakeLists.txt "cmake_minimum_required(VERSION 3.20)
project(Shared LANGUAGES CXX)
find_package(Threads REQUIRED)
add_library(AIMC::aimc_runtime STATIC IMPORTED GLOBAL)
set_target_properties(AIMC::aimc_runtime PROPERTIES IMPORTED_LOCATION \"${WORK}/build/libaimc_runtime.a\"
  INTERFACE_INCLUDE_DIRECTORIES \"${WORK}/model/runtime/include\"
  INTERFACE_LINK_LIBRARIES \"Threads::Threads;\${CMAKE_DL_LIBS}\")
add_subdirectory(\"${WORK}/side, file/model\" model)
")
run(ignored ${tools}/aimcc placed.mlir --emit project --standalone --weights side-file -o model)
file(COPY ${WORK}/model DESTINATION "${WORK}/side, file")
run(ignored ${CMAKE_COMMAND} -S shared -B shared/build -DCMAKE_CXX_COMPILER=${CXX_COMPILER} -DBUILD_SHARED_LIBS=ON)
run(ignored ${CMAKE_COMMAND} --build shared/build)
check_exports(${WORK}/shared/build/model/libmodel.so)
set(shared ${WORK}/shared/build/model/model-run)
run(ignored ${shared} --input x.csv --device simulator --seed 4 --output y.npy)
file(SHA256 ${WORK}/y.npy found)
if(NOT found STREQUAL expected)
  message(FATAL_ERROR "expects the bits of aimc-run from a shared library, but got others")
endif()
file(REMOVE ${WORK}/shared/build/model/model.weights)
execute_process(COMMAND ${shared} --input x.csv WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code
  OUTPUT_QUIET ERROR_VARIABLE text)
if(NOT code EQUAL 1 OR NOT text MATCHES "^model-run: error: expects to read the file of weights [^\n]*\n$")
  message(FATAL_ERROR "expects one sentence on weights that are gone, but got ${code}: ${text}")
endif()

# What it cannot do, and weights that are not the model's, are one sentence.
file(WRITE ${WORK}/x.npz "")
foreach(arguments "--input;x.npz:x" "--input;x.csv;--output;y.npz:y")
  execute_process(COMMAND ${program} ${arguments} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code
    OUTPUT_QUIET ERROR_VARIABLE text)
  if(NOT code EQUAL 1 OR NOT text MATCHES "^model-run: error: [xy].npz: expects a file x.npy or x.csv, since[^\n]*\n$")
    message(FATAL_ERROR "expects one sentence on an archive, but got ${code}: ${text}")
  endif()
endforeach()
file(WRITE ${WORK}/model/model.weights "x")
execute_process(COMMAND sh ${WORK}/model/build.sh ${WORK}/other RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE text)
if(NOT code EQUAL 1 OR NOT text MATCHES "^build.sh: error: expects model.weights with SHA-256 [^\n]*\n$" OR EXISTS ${WORK}/other)
  message(FATAL_ERROR "expects one sentence on altered weights, but got ${code}: ${text}")
endif()
