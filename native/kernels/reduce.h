// Reductions over any dimensions.
#pragma once

namespace dtrain {

class Tensor;

enum class Reduce { sum, max, min, prod };
constexpr int kReduceCount = 4;

// Norms by their p: how many elements are not 0, the sum of |x|, the root of the sum of squares, the largest and the
// smallest |x|, and any other power. Beside them the sum of what is not NaN, which is no norm but is taken in their
// way.
enum class Norm { zero, one, two, present, largest, smallest, power };
constexpr int kNormCount = 7;

// What the loops and kernels of a norm accumulate in: the sum (or the extreme) so far, and p.
struct Powers {
  double sum, p;
};
// Those of a variance: the count of elements, their mean, and the sum of their squared distances from it.
struct Moments {
  double count, mean, squares;
};

struct ReduceKernels {
  // reduced dimensions of x have size 1 in out (keepdim form); sums and products of floats accumulate in double and are
  // rounded to the float that out is, those of integers are int64; an extreme has the dtype of x
  void (&reduce)(Reduce op, const Tensor& x, const Tensor& out);
  // max or min: x [outer, n, inner] by strides of `dim`; first of equal values wins, NaN wins over all
  void (&locate)(Reduce op, const Tensor& x, int dim, const Tensor& values, const Tensor& indices);
  // (sum |x|^p)^(1/p); floats, keepdim form, accumulated in double; out may have another dtype
  void (&norm)(Norm norm, double p, const Tensor& x, const Tensor& out);
  // sum (x - mean)^2 / max(0, n - correction), or its root; floats, keepdim form, accumulated in double
  void (&variance)(const Tensor& x, double correction, bool root, const Tensor& out);
};

}  // namespace dtrain
