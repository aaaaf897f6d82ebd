// See creation.h.
#include "kernels/creation.h"

#include <algorithm>
#include <cmath>

#include "kernels/cpu/loops.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/source.h"
#include "kernels/table.h"

namespace dtrain::cpu {
namespace {

#define DT_HD
#include "kernels/math/creation.h"

void arange(const Tensor& out, double start, double step) {
  const int64_t item = itemSize(out.dtype());
  const UnaryLoop store = loops().convert.store[static_cast<int>(Compute::float64)][static_cast<int>(out.dtype())];
  parallelFor(out.numel(), out.numel(), [&](int64_t begin, int64_t end) {
    double block[kBlock];
    for (int64_t at = begin; at < end; at += kBlock) {
      const int64_t n = std::min(kBlock, end - at);
      const auto first = static_cast<double>(at);
#pragma omp simd
      for (int32_t i = 0; i < static_cast<int32_t>(n); i++) block[i] = start + step * (first + i);
      store(n, reinterpret_cast<const char*>(block), sizeof(double), out.bytes() + at * item, item);
    }
  });
}

template <class T>
void linspaceIn(const Tensor& out, T start, T end, double base) {
  const int64_t item = itemSize(out.dtype()), n = out.numel();
  const Rounds rounds = !isHalf(out.dtype()) ? Rounds::nothing : base == 0 ? Rounds::all : Rounds::range;
  const auto round = [&](T value) {
    char element[sizeof(double)];
    storeNumber(value, out.dtype(), element);
    return static_cast<T>(loadNumber(element, out.dtype()));
  };
  const T step = stepOf(n, start, end, rounds, round);
  for (int64_t i = 0; i < n; i++) {
    const double value = spacedAt(i, n, start, end, step, rounds, round);
    storeNumber(base == 0 ? value : std::pow(base, value), out.dtype(), out.bytes() + i * item);
  }
}

void linspace(const Tensor& out, double start, double end, double base) {
  if (computeOf(out.dtype()) == Compute::float32)
    linspaceIn(out, static_cast<float>(start), static_cast<float>(end), base);
  else linspaceIn(out, start, end, base);
}

}  // namespace

const Fill creationKernels(cpuTable<CreationKernels>, {.arange = arange, .linspace = linspace});

}  // namespace dtrain::cpu
