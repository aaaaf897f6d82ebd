// Optimizer steps: one call for all parameters, one pass over each (functors.h has the formula).
#include "kernels/optim.h"

#include "kernels/cpu/loops.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

void sgd(const std::vector<Tensor>& params, const std::vector<Tensor>& grads, const std::vector<Tensor>& buffers,
         const Sgd& p) {
  for (size_t i = 0; i < params.size(); i++) {
    const int64_t item = itemSize(params[i].dtype());
    const auto loop = loops().optim.sgd[static_cast<int>(params[i].dtype())];
    char* const buffer = buffers.empty() ? nullptr : buffers[i].bytes();
    parallelFor(params[i].numel(), params[i].numel(), [&](int64_t begin, int64_t end) {
      loop(end - begin, params[i].bytes() + begin * item, grads[i].bytes() + begin * item,
           buffer ? buffer + begin * item : nullptr, p);
    });
  }
}

}  // namespace

const Fill table(cpuTable<OptimKernels>, {.sgd = sgd});

}  // namespace dtrain::cpu
