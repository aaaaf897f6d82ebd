// Loops of the formulas of kernels/math/optim.h.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

#include "kernels/math/optim.h"

template <class T, template <class> class Step, int kLeast, int kMost>
void updateLoop(int64_t n, void* const* arrays, int states, const double* scalars) {
  const Step<T> step(scalars);
  withStates<kLeast, kMost>(states, [&]<int kStates>(States<kStates>) {
    T* at[2 + kStates];
    for (int a = 0; a < 2 + kStates; a++) at[a] = static_cast<T*>(arrays[a]);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) updateElement(step, at, i);
  });
}

#define DT_UPDATE(name, F, least, most, scalars) \
  {updateLoop<float, F, least, most>, updateLoop<double, F, least, most>},

}  // namespace

extern const OptimLoops optimLoops;
const OptimLoops optimLoops = {{DT_OPTIMIZERS(DT_UPDATE)}};

}  // namespace dtrain::DT_ISA
