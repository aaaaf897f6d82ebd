// Loops of the formulas of kernels/math/optim.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

#include "kernels/math/optim.h"

// One pass: reads p, grad, b and writes p, b.
template <class T, bool kMomentum, bool kFresh>
inline void sgdLoopOf(int64_t n, T* param, const T* grad, T* buffer, const Sgd& p) {
  const SgdStep<T, kMomentum, kFresh> step(p);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) step(param[i], grad[i], kMomentum ? buffer + i : nullptr);
}

template <class T>
void sgdLoop(int64_t n, void* param, const void* grad, void* buffer, const Sgd& p) {
  T* w = static_cast<T*>(param);
  const T* g = static_cast<const T*>(grad);
  T* b = static_cast<T*>(buffer);
  if (!b) return sgdLoopOf<T, false, false>(n, w, g, b, p);
  return p.fresh ? sgdLoopOf<T, true, true>(n, w, g, b, p) : sgdLoopOf<T, true, false>(n, w, g, b, p);
}

}  // namespace

extern const OptimLoops optimLoops;
const OptimLoops optimLoops = {{sgdLoop<float>, sgdLoop<double>}};

}  // namespace dtrain::DT_ISA
