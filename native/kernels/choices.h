// What NVIDIA's libraries may choose for the sake of speed. All is off until a program asks for it, with
// `backends` (src/cuda/backends.ts); PyTorch: torch.backends. For all devices and threads.
#pragma once

#include <atomic>

namespace dtrain {

struct LibraryChoices {
  std::atomic<bool> matmulTf32{false};  // float32 products of operands rounded to 10 bits of mantissa
  std::atomic<bool> convTf32{false};
  std::atomic<bool> convBenchmark{false};      // the fastest algorithm of cuDNN, whatever it does to NaN and bits
  std::atomic<bool> convDeterministic{false};  // the same bits on every run, which rules out sums by atomics
  std::atomic<bool> deterministic{false};      // the same for all there is, sums of scattered elements too
};
inline LibraryChoices libraryChoices;

}  // namespace dtrain
