// What the emulated cuDNN's descriptors hold, and what is computed from tensors by their descriptors alone.
#pragma once

#include <optional>
#include <vector>

#include "cudnn.h"
#include "emulation/libraries/cudnn-algorithms.h"

// Descriptors are unusable until their Set function has succeeded.
struct cudnnTensorStruct {
  bool ready = false;
  cudnnDataType_t type;
  std::vector<int> sizes, strides;
};

struct cudnnFilterStruct {
  bool ready = false;
  cudnnDataType_t type;
  cudnnTensorFormat_t format;
  std::vector<int> sizes;
};

struct cudnnConvolutionStruct {
  bool ready = false;
  std::vector<int> pad, stride, dilation;
  cudnnConvolutionMode_t mode;
  cudnnDataType_t compute;
  cudnnMathType_t math = CUDNN_DEFAULT_MATH;
  int groups = 1;
};

namespace emulation {

inline std::vector<int> packed(const std::vector<int>& sizes) {
  std::vector<int> strides(sizes.size(), 1);
  for (size_t i = sizes.size() - 1; i > 0; i--) strides[i - 1] = strides[i] * sizes[i];
  return strides;
}

// The size of an output, where x and w fit each other and the convolution.
inline std::optional<std::vector<int>> outputSizes(const cudnnTensorStruct& x, const cudnnFilterStruct& w,
                                                   const cudnnConvolutionStruct& conv) {
  const size_t dims = conv.pad.size();
  if (x.sizes.size() != dims + 2 || w.sizes.size() != dims + 2) return {};
  if (w.sizes[0] % conv.groups != 0 || x.sizes[1] != w.sizes[1] * conv.groups) return {};
  std::vector<int> out{x.sizes[0], w.sizes[0]};
  for (size_t i = 0; i < dims; i++)
    out.push_back(1 +
                  (x.sizes[2 + i] + 2 * conv.pad[i] - ((w.sizes[2 + i] - 1) * conv.dilation[i] + 1)) / conv.stride[i]);
  return out;
}

inline size_t extent(const cudnnTensorStruct& x) {
  int64_t last = 0;
  for (size_t d = 0; d < x.sizes.size(); d++) last += int64_t{x.sizes[d] - 1} * x.strides[d];
  return static_cast<size_t>(last + 1) * itemSize(x.type);
}

// c = alpha a + beta c, a broadcast.
template <class S, class T = Computed<S>>
void addTensor(const cudnnTensorStruct& a, const cudnnTensorStruct& c, T alpha, const S* from, T beta, S* to) {
  int64_t count = 1;
  for (const int size : c.sizes) count *= size;
  for (int64_t i = 0; i < count; i++) {
    int64_t atA = 0, atC = 0, rest = i;
    for (size_t d = c.sizes.size(); d-- > 0; rest /= c.sizes[d]) {
      atA += a.sizes[d] == 1 ? 0 : rest % c.sizes[d] * a.strides[d];
      atC += rest % c.sizes[d] * c.strides[d];
    }
    to[atC] = alpha * from[atA] + (beta == T(0) ? T(0) : beta * to[atC]);
  }
}

// db[c] = alpha sum over all but c of dy + beta db[c]
template <class S, class T = Computed<S>>
void biasGradient(const cudnnTensorStruct& dy, const cudnnTensorStruct&, T alpha, const S* from, T beta, S* to) {
  const int64_t plane = dy.strides[1];
  for (int64_t c = 0; c < dy.sizes[1]; c++) {
    double sum = 0;
    for (int64_t n = 0; n < dy.sizes[0]; n++)
      for (int64_t i = 0; i < plane; i++) sum += from[(n * dy.sizes[1] + c) * plane + i];
    to[c] = alpha * static_cast<T>(sum) + (beta == T(0) ? T(0) : beta * to[c]);
  }
}

}  // namespace emulation
