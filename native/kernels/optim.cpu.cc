// Optimizer steps: one call for all parameters, one pass over each (math/optim.h has the formulas).
#include "kernels/optim.h"

#include "kernels/cpu/loops.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

void update(Optimizer kind, const std::vector<std::vector<Tensor>>& lists, const std::vector<double>& scalars) {
  const DType dtype = lists[0][0].dtype();
  const int64_t item = itemSize(dtype);
  const auto loop = loops().optim.update[static_cast<int>(kind)][static_cast<int>(dtype)];
  for (size_t i = 0; i < lists[0].size(); i++) {
    const int64_t n = lists[0][i].numel();
    parallelFor(n, n, [&](int64_t begin, int64_t end) {
      void* at[2 + kMostStates];
      for (size_t a = 0; a < lists.size(); a++) at[a] = lists[a][i].bytes() + begin * item;
      loop(end - begin, at, static_cast<int>(lists.size()) - 2, scalars.data());
    });
  }
}

}  // namespace

const Fill table(cpuTable<OptimKernels>, {.update = update});

}  // namespace dtrain::cpu
