// Names of elementwise and reducing kernels and the parameter blocks of the others: plain data that every backend and
// every instruction set may include.
#pragma once

#include <cstdint>

namespace dtrain {

enum class Unary { neg, exp, log, relu };
enum class Binary { add, sub, mul, div, reluGrad, eq, ne, lt, le, gt, ge };
enum class Reduce { sum, max };
enum class Reduction { none, mean, sum };

constexpr int kUnaries = 4;
constexpr int kBinaries = 11;
constexpr int kReduces = 2;
inline bool isComparison(Binary op) { return op >= Binary::eq; }

struct Conv2d {
  int64_t stride[2], padding[2], dilation[2], groups;
};

struct Pool2d {
  int64_t kernel[2], stride[2], padding[2], dilation[2];
};

struct Sgd {
  double lr, momentum, dampening, weightDecay;
  bool nesterov, maximize, fresh;  // fresh: the momentum buffer holds nothing yet
};

}  // namespace dtrain
