// Running results along a dimension.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

enum class Scan { sum, prod, logSumExp };

// Results are contiguous, and so is what `recurrence` takes; any other x may have any strides. Reversed, a scan runs
// from the last element to the first.
struct ScanKernels {
  // out[i] = x[0], …, x[i] together; out has x's float or is int64. Floats accumulate in double; logSumExp is for
  // floats
  void (&scan)(Scan op, const Tensor& x, int dim, bool reverse, const Tensor& out);
  // the largest (or smallest) so far, and where it was last; the last NaN wins over all
  void (&extreme)(bool largest, const Tensor& x, int dim, const Tensor& values, const Tensor& indices);
  // out[i] = a[i] out[i - 1] + b[i], of equal sizes, all of one float; out[-1] is 0
  void (&recurrence)(const Tensor& a, const Tensor& b, int dim, bool reverse, const Tensor& out);
};

}  // namespace dtrain
