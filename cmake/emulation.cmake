# The CUDA backend on the emulation (emulation/README.md): the same sources by the host compiler, with our headers in
# front, and the emulated libraries under the real ones' file names. Result: target dtrain_emulated_cuda in
# `emulation_objects`.
set(emulation ${CMAKE_SOURCE_DIR}/emulation)
set(emulated ${CMAKE_BINARY_DIR}/Emulated)

add_library(dtrain_emulation INTERFACE)
target_include_directories(dtrain_emulation BEFORE INTERFACE ${emulation}/include)
target_link_libraries(dtrain_emulation INTERFACE dtrain_options)

# name of the target, file name, sources…
function(add_emulated_library target file)
  add_library(${target} SHARED ${ARGN})
  set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX "" OUTPUT_NAME ${file} LIBRARY_OUTPUT_DIRECTORY ${emulated}
    BUILD_RPATH "$ORIGIN")
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE dtrain_emulation)
  target_link_options(${target} PRIVATE -Wl,-z,nodelete)  # its threads run until the process ends
endfunction()

set(emulated_libraries cublaslt cudnn cusolver nccl nvml)
file(GLOB runtime_sources CONFIGURE_DEPENDS ${emulation}/cuda/*.cc)
add_emulated_library(dtrain_cudart libdtrain_cudart.so ${runtime_sources})
add_emulated_library(emulated_cublaslt libcublasLt.so.13 ${emulation}/libraries/cublaslt.cc)
add_emulated_library(emulated_cudnn libcudnn.so.9 ${emulation}/libraries/cudnn.cc)
add_emulated_library(emulated_cusolver libcusolver.so.12 ${emulation}/libraries/cusolver.cc)
add_emulated_library(emulated_nccl libnccl.so.2 ${emulation}/libraries/nccl.cc)
add_emulated_library(emulated_nvml libnvidia-ml.so.1 ${emulation}/libraries/nvml.cc)

# A .cu file is C++ to the host compiler, but CMake gives a file one language in all targets: hence a file that includes it.
foreach(source ${cuda_sources})
  file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR}/native ${source})
  set(wrapper ${CMAKE_BINARY_DIR}/emulated-sources/${name}.cc)
  file(CONFIGURE OUTPUT ${wrapper} CONTENT "#include \"${source}\"\n")
  list(APPEND wrappers ${wrapper})
endforeach()
# Emulated kernels are for correctness, so compiling them fast counts more than their speed.
set_source_files_properties(${wrappers} PROPERTIES COMPILE_OPTIONS -O1)
add_library(dtrain_emulated_cuda OBJECT ${wrappers})
precompile(dtrain_emulated_cuda REUSE_FROM dtrain_core)
target_link_libraries(dtrain_emulated_cuda PUBLIC dtrain_emulation dtrain_cudart)
target_compile_options(dtrain_emulated_cuda PRIVATE -Wno-unknown-pragmas)  # nvcc's `unroll`
foreach(library ${emulated_libraries})
  target_link_libraries(emulated_${library} PRIVATE dtrain_cudart)
endforeach()
if(DTRAIN_COVERAGE)
  target_compile_options(dtrain_emulated_cuda PRIVATE --coverage)
  target_link_options(dtrain_emulated_cuda PUBLIC --coverage)
endif()
set(emulation_objects dtrain_emulated_cuda)
