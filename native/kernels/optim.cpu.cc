// Optimizer steps: one call for all parameters, one pass over each (math/optim.h has the formulas). Threads share the
// elements of all tensors evenly, as if they were one. Halves pass through blocks of float that stay in the first-level
// cache.
#include "kernels/optim.h"

#include "kernels/cpu/loops.h"
#include "kernels/cpu/parallel.h"
#include "kernels/cpu/source.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

void update(Optimizer kind, const std::vector<std::vector<Tensor>>& lists, const std::vector<double>& scalars) {
  const DType dtype = lists[0][0].dtype();
  const int64_t item = itemSize(dtype);
  const auto loop = loops().optim.update[static_cast<int>(kind)][dtype == DType::float64];
  const size_t arrays = lists.size();
  const int states = static_cast<int>(arrays) - 2;
  const UnaryLoop load = loops().convert.load[indexOf(dtype)][indexOf(Compute::float32)];
  const UnaryLoop store = loops().convert.store[indexOf(Compute::float32)][indexOf(dtype)];
  // Elements begin to end of tensor i.
  const auto part = [&](size_t i, int64_t begin, int64_t end) {
    void* at[2 + kMostStates];
    if (!isHalf(dtype)) {
      for (size_t a = 0; a < arrays; a++) at[a] = lists[a][i].bytes() + begin * item;
      return loop(end - begin, at, states, scalars.data());
    }
    Block blocks[2 + kMostStates];
    for (size_t a = 0; a < arrays; a++) at[a] = blocks[a].bytes;
    for (int64_t j = begin; j < end; j += kBlock) {
      const int64_t count = std::min(kBlock, end - j);
      for (size_t a = 0; a < arrays; a++)
        load(count, lists[a][i].bytes() + j * item, item, blocks[a].bytes, sizeof(float));
      loop(count, at, states, scalars.data());
      for (size_t a = 0; a < arrays; a++)
        if (a != 1) store(count, blocks[a].bytes, sizeof(float), lists[a][i].bytes() + j * item, item);
    }
  };
  int64_t total = 0;
  for (const Tensor& param : lists[0]) total += param.numel();
  parallelFor(total, total, [&](int64_t begin, int64_t end) {
    int64_t first = 0;  // where tensor i begins among the elements of all
    for (size_t i = 0; first < end; i++) {
      const int64_t n = lists[0][i].numel();
      if (begin < first + n) part(i, std::max(begin - first, int64_t{0}), std::min(end - first, n));
      first += n;
    }
  });
}

}  // namespace

const Fill table(cpuTable<OptimKernels>, {.update = update});

}  // namespace dtrain::cpu
