// Reductions over any dimensions.
#pragma once

namespace dtrain {

class Tensor;

enum class Reduce { sum, max };
constexpr int kReduceCount = 2;

struct ReduceKernels {
  // reduced dimensions of x have size 1 in out (keepdim form); sums of floats accumulate in double and are rounded to
  // the float that out is, those of integers are int64; a maximum has the dtype of x
  void (&reduce)(Reduce op, const Tensor& x, const Tensor& out);
  // x [outer, n, inner] by strides of `dim`; first of equal values wins, NaN is the largest
  void (&maxDim)(const Tensor& x, int dim, const Tensor& values, const Tensor& indices);
};

}  // namespace dtrain
