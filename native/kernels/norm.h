// Normalization of sets of elements by their own mean and variance, and the gradients of it. Float and double.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;

// A contiguous tensor as [runs, outer, groups, channels, inner]. The elements with the same (outer, group) are a set,
// which has a mean and a variance; those with the same (group, channel) have a weight and a bias. For x [N, C, P]:
//   of a batch    runs = N, groups = C, inner = P
//   of G groups   outer = N, groups = G, channels = C / G, inner = P
//   of rows       outer = N, channels = C * P
struct NormSizes {
  int64_t runs = 1, outer = 1, groups = 1, channels = 1, inner = 1;

  int64_t sets() const { return outer * groups; }
  int64_t run() const { return channels * inner; }  // neighbours in memory
  int64_t count() const { return runs * run(); }    // elements of a set
  int64_t weights() const { return groups * channels; }
};

struct NormKernels {
  // y = (x - mean) / sqrt(variance + eps) * weight + bias; mean and variance are [sets], weight and bias [weights] or
  // undefined
  void (&normalize)(const NormSizes& sizes, const Tensor& x, const Tensor& weight, const Tensor& bias, double eps,
                    const Tensor& mean, const Tensor& variance, const Tensor& y);
  // Of xhat = (x - mean) / sqrt(variance + eps), with means over the set:
  //   dx = (w dy - mean(w dy) - xhat mean(w dy xhat)) / sqrt(variance + eps)    dw = sum dy xhat    db = sum dy
  // Any of the three outputs may be undefined.
  void (&normalizeGrad)(const NormSizes& sizes, const Tensor& dy, const Tensor& x, const Tensor& mean,
                        const Tensor& variance, const Tensor& weight, double eps, const Tensor& dx, const Tensor& dw,
                        const Tensor& db);
};

}  // namespace dtrain
