// Random numbers. out may have any strides; elements are drawn in the order of memory. uniform and normal take floats,
// of which halves are drawn as float32 and rounded; randint and randperm any dtype.
#pragma once

#include <cstdint>

namespace dtrain {

class Generator;
class Tensor;

struct RandomKernels {
  void (&uniform)(const Tensor& out, double from, double to, Generator& g);  // `to` itself becomes `from`
  void (&normal)(const Tensor& out, double mean, double std, Generator& g);
  void (&bernoulli)(const Tensor& out, double p, Generator& g);  // any dtype; 1 with probability p, else 0
  void (&randint)(const Tensor& out, int64_t low, uint64_t range, Generator& g);
  void (&randperm)(const Tensor& out, Generator& g);  // contiguous
};

}  // namespace dtrain
