// Chosen by CMake instead of runtime.cuda.cc when there is no CUDA backend in the build.
#include "core/runtime.h"

const dtrain::Runtime* dtrain::cudaRuntime() { return nullptr; }
