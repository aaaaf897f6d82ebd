// Which algorithm of the emulated cuDNN can do what, what it needs for it, and in which order they are recommended.
// Algorithms differ in this only, in whether sums begin at the same place every time, and in whether they transform.
#pragma once

#include <optional>

#include "cudnn.h"
#include "emulation/libraries/convolution.h"
#include "emulation/libraries/halves.h"

namespace emulation {

struct Convolution : Geometry {
  cudnnDataType_t type;
};

// f(zero of the type of elements), for the types that are computed with.
template <class F>
auto withType(cudnnDataType_t type, F&& f) {
  switch (type) {
    case CUDNN_DATA_DOUBLE: return f(0.0);
    case CUDNN_DATA_HALF: return f(Float16());
    case CUDNN_DATA_BFLOAT16: return f(BFloat16());
    default: return f(0.0F);
  }
}
inline size_t itemSize(cudnnDataType_t type) {
  return withType(type, [](auto zero) { return sizeof zero; });
}

// What an algorithm needs; absent where the emulation has no such algorithm for the problem.
struct Needs {
  size_t workspace;
  bool deterministic;
  bool transforms = false;  // FFT and Winograd: see `transformed`
};

inline size_t rounded(int64_t bytes) { return static_cast<size_t>((bytes + 255) / 256 * 256); }
inline bool dilated(const Geometry& p) { return p.dilation != Triple{1, 1, 1}; }

// FFT takes any filter, Winograd those of 3 x 3; both float32 only, every pixel, and no volumes.
inline std::optional<Needs> fft(const Convolution& p) {
  if (p.type != CUDNN_DATA_FLOAT || p.dims == 3 || dilated(p) || p.stride != Triple{1, 1, 1}) return {};
  return Needs{rounded(2 * (p.xCount() + p.wCount() + p.yCount()) * static_cast<int64_t>(sizeof(float))), true, true};
}
inline std::optional<Needs> winograd(const Convolution& p) {
  return p.filter == Triple{1, 3, 3} ? fft(p) : std::nullopt;
}

inline std::optional<Needs> needs(const Convolution& p, cudnnConvolutionFwdAlgo_t algo) {
  switch (algo) {
    case CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM: return Needs{0, true};
    case CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM:
      return Needs{rounded((p.patch() + p.pixels()) * static_cast<int64_t>(sizeof(int))), true};
    case CUDNN_CONVOLUTION_FWD_ALGO_GEMM:
      if (dilated(p) || p.dims == 3) return {};
      return Needs{rounded(p.patch() * p.pixels() * static_cast<int64_t>(itemSize(p.type))), true};
    case CUDNN_CONVOLUTION_FWD_ALGO_FFT: return fft(p);
    case CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED: return winograd(p);
    default: return {};
  }
}

inline std::optional<Needs> needs(const Convolution& p, cudnnConvolutionBwdDataAlgo_t algo) {
  switch (algo) {
    case CUDNN_CONVOLUTION_BWD_DATA_ALGO_0: return Needs{0, false};
    case CUDNN_CONVOLUTION_BWD_DATA_ALGO_1:
      return Needs{rounded((p.patch() + p.plane()) * static_cast<int64_t>(sizeof(int))), true};
    case CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT: return fft(p);
    case CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD_NONFUSED: return winograd(p);
    default: return {};
  }
}

inline std::optional<Needs> needs(const Convolution& p, cudnnConvolutionBwdFilterAlgo_t algo) {
  const int64_t filter = p.wCount() * static_cast<int64_t>(itemSize(p.type));
  switch (algo) {
    case CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0: return Needs{0, false};
    case CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1: return Needs{rounded(filter), true};
    case CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3:
      if (dilated(p)) return {};
      return Needs{rounded(2 * filter), false};
    case CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT: return fft(p);
    case CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED: return winograd(p);
    default: return {};
  }
}

// The order in which the heuristics recommend. What transforms and what is not deterministic comes first, where it does
// for NVIDIA too.
inline constexpr std::array forwardOrder{CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED,
                                         CUDNN_CONVOLUTION_FWD_ALGO_FFT,
                                         CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
                                         CUDNN_CONVOLUTION_FWD_ALGO_GEMM,
                                         CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM,
                                         CUDNN_CONVOLUTION_FWD_ALGO_FFT_TILING,
                                         CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD,
                                         CUDNN_CONVOLUTION_FWD_ALGO_DIRECT};
inline constexpr std::array dataOrder{CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD_NONFUSED,
                                      CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT,
                                      CUDNN_CONVOLUTION_BWD_DATA_ALGO_0,
                                      CUDNN_CONVOLUTION_BWD_DATA_ALGO_1,
                                      CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT_TILING,
                                      CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD};
inline constexpr std::array filterOrder{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED,
                                        CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT,
                                        CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3,
                                        CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0,
                                        CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1,
                                        CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT_TILING,
                                        CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD};

}  // namespace emulation
