// Chosen by CMake instead of nccl.cuda.cc when there is no CUDA backend in the build.
#include "comm/group.h"

const dtrain::NcclEngine* dtrain::ncclEngine() { return nullptr; }
