// Bringing elements to places where others are, in their order: so the result is the same on every run, whatever the
// number of threads, also where several meet. index.h has faster ways for what CUDA can do by writes and atomics, whose
// order is nobody's.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

// What becomes of an element x where y is brought: y, x + y, x y, the larger one, the smaller one; NaN is both.
enum class Combine { assign, sum, prod, amax, amin };

struct ScatterKernels {
  // x [outer, n, inner] and y [outer, k, inner] of one dtype, contiguous. index int64, contiguous, each of y's
  // elements' own, [outer, k, inner], or one for all of [k]: x[o, index, i] = combined with y[o, j, i] for j = 0, 1, …;
  // -1 is no place. op names it in reports.
  void (&scatter)(const char* op, Combine how, const Tensor& y, int dim, const Tensor& index, const Tensor& x);
};

}  // namespace dtrain
