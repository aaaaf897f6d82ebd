// The limits of CUDA that launches are checked against and that devices report.
#pragma once

#include "vector_types.h"

namespace emulation {

inline constexpr int kWarpThreads = 32, kMaxBlockThreads = 1024;
inline constexpr dim3 kMaxBlock{1024, 1024, 64};
inline constexpr dim3 kMaxGrid{2147483647, 65535, 65535};
inline constexpr int kSharedBytesPerBlock = 48 << 10;

}  // namespace emulation
