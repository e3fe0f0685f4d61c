# Emits a project with the tools in PREFIX and builds the programs of EXAMPLE with
# it, by CMake, in a folder that knows nothing of the source tree: they, the
# project's own program, and Python give the results of aimc-run. Weights that are
# not the model's are refused, with nothing built.
file(REMOVE_RECURSE ${WORK})
# Quotes too are characters like others, but not for CMake's own Makefiles.
set(folder "${WORK}/some example")
if("$ENV{CMAKE_GENERATOR}" STREQUAL "Ninja")
  set(folder "${WORK}/some \"odd\" $example")
endif()
file(COPY ${EXAMPLE}/ DESTINATION "${folder}")
set(ENV{PATH} "${PREFIX}/bin:$ENV{PATH}")
unset(ENV{LD_LIBRARY_PATH})
unset(ENV{AIMC_TOOLS_DIR})
file(WRITE ${WORK}/x.csv "1,2,3,4\n0,0,0,1\n")

function(run output)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} OUTPUT_VARIABLE text
    COMMAND_ERROR_IS_FATAL ANY)
  set(${output} "${text}" PARENT_SCOPE)
endfunction()
set(configure ${CMAKE_COMMAND} -S ${folder} "-DCMAKE_PREFIX_PATH=${PREFIX}"
  -DCMAKE_CXX_COMPILER=${CXX_COMPILER} -DCMAKE_C_COMPILER=${C_COMPILER}
  "-DCMAKE_CXX_FLAGS=${FLAGS} -Wall -Wextra -Wpedantic -Werror" "-DCMAKE_C_FLAGS=${FLAGS}")

run(ignored aimcc ${folder}/classifier.mlir --target hermes --emit placed -o placed.mlir)
foreach(weights embed side-file)
  run(ignored aimcc placed.mlir --emit project --weights ${weights} -o "${folder}/classifier")
  run(ignored ${configure} -B ${WORK}/${weights} -DBUILD_SHARED_LIBS=ON)
  run(ignored ${CMAKE_COMMAND} --build ${WORK}/${weights})
  foreach(device exact simulator)
    run(expected aimc-run placed.mlir --input x.csv --device ${device} --seed 1)
    run(text ${WORK}/${weights}/classifier/classifier-run --input x.csv --device ${device} --seed 1)
    if(NOT text STREQUAL expected)
      message(FATAL_ERROR "expects of classifier-run what aimc-run printed, but got: ${text}")
    endif()
    # The lines after the heading.
    string(REGEX REPLACE ".*2 x 2\n" "" scores "${expected}")
    # A side file is found beside the library that has the model.
    foreach(program classify-cpp classify-c)
      run(text ${WORK}/${weights}/${program} ${device})
      string(REGEX REPLACE ": class [01]\n" "\n" text "${text}")
      if(NOT text STREQUAL scores)
        message(FATAL_ERROR "expects of ${program} on ${device} '${scores}', but got '${text}'")
      endif()
    endforeach()
  endforeach()
  execute_process(COMMAND ${WORK}/${weights}/classify-c phone RESULT_VARIABLE code ERROR_VARIABLE text)
  if(NOT code EQUAL 1 OR NOT text MATCHES "^classify-c: error: [^\n]*'phone'[^\n]*\n$")
    message(FATAL_ERROR "expects one sentence on a device, but got ${code}: ${text}")
  endif()
endforeach()

if(NOT FLAGS) # Python has no sanitizer in it
  set(ENV{PYTHONPATH} "${PREFIX}/lib/python3/dist-packages")
  run(text ${PYTHON} -c "import aimc\nm = aimc.load('embed/classifier/libclassifier.so', classes=['a', 'b'])\nprint(m.predict([[1, 2, 3, 4], [0, 0, 0, 1]]))")
  if(NOT text STREQUAL "['a' 'a']\n")
    message(FATAL_ERROR "expects classes from Python, but got: ${text}")
  endif()
endif()

# The program finds its side file altered, truncated, gone.
set(side "${WORK}/side-file/classifier/classifier.weights")
set(command ${WORK}/side-file/classifier/classifier-run --input x.csv --output y.npy)
file(SIZE ${side} size)
foreach(change altered short gone)
  if(change STREQUAL altered)
    string(REPEAT x ${size} bytes)
    file(WRITE ${side} ${bytes})
    set(message "with SHA-256")
  elseif(change STREQUAL short)
    file(WRITE ${side} xyz)
    set(message "expects ${size} bytes in the file of weights")
  else()
    file(REMOVE ${side})
    set(message "expects to read the file of weights")
  endif()
  execute_process(COMMAND ${command} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code
    OUTPUT_VARIABLE out ERROR_VARIABLE text)
  if(NOT code EQUAL 1 OR NOT out STREQUAL "" OR NOT text MATCHES "^classifier-run: error: [^\n]*${message}[^\n]*\n$"
     OR EXISTS ${WORK}/y.npy)
    message(FATAL_ERROR "expects one sentence on weights that are ${change}, but got ${code}: ${text}")
  endif()
endforeach()

# So does the build where they are linked in.
run(ignored aimcc placed.mlir --emit project -o "${folder}/classifier")
file(WRITE "${folder}/classifier/classifier.weights" xyz)
execute_process(COMMAND ${configure} -B ${WORK}/altered RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE text)
if(code EQUAL 0 OR NOT text MATCHES "with[ \n]+SHA-256")
  message(FATAL_ERROR "expects an error on altered weights, but got ${code}: ${text}")
endif()
