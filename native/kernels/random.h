// Random numbers. out may have any strides; elements are drawn in the order of memory. uniform and normal take floats,
// of which halves are drawn as float32 and rounded; randint and randperm any dtype.
#pragma once

#include <cstdint>

namespace dtrain {

class Generator;
class Tensor;

// Distributions that are a function of one uniform or normal number u, and their two parameters:
//   exponential  -log(1 - u) / a
//   geometric    how many trials it takes until the first success, each with probability a; any dtype
//   cauchy       a + b tan(pi (u - 1/2))
//   logNormal    exp(a + b u)
// As wide as a number, so that what a kernel takes has no padding.
enum class Distribution : int64_t { exponential, geometric, cauchy, logNormal };

struct RandomKernels {
  void (&uniform)(const Tensor& out, double from, double to, Generator& g);  // `to` itself becomes `from`
  void (&normal)(const Tensor& out, double mean, double std, Generator& g);
  void (&bernoulli)(const Tensor& out, double p, Generator& g);  // any dtype; 1 with probability p, else 0
  // low + draw % range; wide: of draws of 64 bits rather than 32
  void (&randint)(const Tensor& out, int64_t low, uint64_t range, bool wide, Generator& g);
  void (&randperm)(const Tensor& out, Generator& g);  // contiguous
  void (&drawn)(const Tensor& out, Distribution distribution, double a, double b, Generator& g);
};

}  // namespace dtrain
