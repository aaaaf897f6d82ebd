// Optimizer steps: math/optim.h has the formulas. One launch for up to kTensors parameters, whose pointers travel with
// the launch, in 4 KiB or, where that is too little, in 32; a block takes kChunk consecutive elements of one of them,
// 16 bytes at a time where all its arrays start on 16 bytes. Bytes moved: reads parameter, gradient and states, and
// writes all but the gradient.
#include "kernels/cuda/functions.cuh"
#include "kernels/optim.h"
#include "kernels/table.h"

namespace dtrain::cuda {

namespace {

#include "kernels/math/optim.h"

constexpr int64_t kChunk = 4096;
constexpr size_t kFewBytes = 4096, kManyBytes = 32760;  // of arguments of a launch
constexpr size_t kStepBytes = 192;                      // of these, kept for the step itself

template <class T, int kStates, size_t kBytes>
struct Batch {
  static constexpr int kArrays = 2 + kStates;
  static constexpr int kTensors = (kBytes - kStepBytes - 16) / (sizeof(unsigned) + 8 * (kArrays + 1) + 1);
  int count = 0;
  unsigned first[kTensors + 1] = {};  // block with which a tensor starts
  T* at[kTensors][kArrays] = {};      // parameter, gradient, states
  int64_t size[kTensors] = {};
  bool wide[kTensors] = {};  // all arrays start on 16 bytes
};

// Element i of the arrays. Halves are computed with as float, and rounded when all is computed.
template <class Step, class T, int kArrays>
__device__ void update(const Step& step, T* const (&at)[kArrays], int64_t i) {
  using C = ComputeType<T>;
  if constexpr (std::is_same_v<T, C>) {
    updateElement(step, at, i);
  } else {
    C values[kArrays];
    C* wide[kArrays];
    for (int a = 0; a < kArrays; a++) {
      values[a] = at[a][i];
      wide[a] = &values[a];
    }
    updateElement(step, wide, 0);
    for (int a = 0; a < kArrays; a++)
      if (a != 1) at[a][i] = values[a];
  }
}

// Block b has chunk b - first[i] of the tensor i with first[i] <= b < first[i + 1].
template <class Step, class T, int kStates, size_t kBytes>
__global__ void updateKernel(Step step, Batch<T, kStates, kBytes> batch) {
  constexpr int kArrays = 2 + kStates, V = kWide<T>;
  int i = 0;
  for (int above = batch.count; above - i > 1;) {
    const int middle = (i + above) / 2;
    (batch.first[middle] <= blockIdx.x ? i : above) = middle;
  }
  T* at[kArrays];
  for (int a = 0; a < kArrays; a++) at[a] = batch.at[i][a];
  const int64_t begin = (blockIdx.x - batch.first[i]) * kChunk, end = min(batch.size[i], begin + kChunk);
  int64_t done = begin;
  if (batch.wide[i]) {
    done = begin + (end - begin) / V * V;
    for (int64_t j = begin + threadIdx.x * V; j < done; j += kBlock * V) {
      WidePack<T> packs[kArrays];
      T* elements[kArrays];
      for (int a = 0; a < kArrays; a++) {
        packs[a] = loadPack(at[a] + j, true);
        elements[a] = packs[a].at;
      }
      for (int v = 0; v < V; v++) update(step, elements, v);
      for (int a = 0; a < kArrays; a++)
        if (a != 1) storePack(at[a] + j, packs[a], true);
    }
  }
  for (int64_t j = done + threadIdx.x; j < end; j += kBlock) update(step, at, j);
}

template <size_t kBytes, int kStates, class T, class Step>
void updateBatches(const char* name, const Step& step, const std::vector<std::vector<Tensor>>& lists) {
  using Arguments = Batch<T, kStates, kBytes>;
  static_assert(sizeof(Step) <= kStepBytes && sizeof(Arguments) <= kBytes - kStepBytes);
  Arguments batch;
  const auto run = [&] {
    launch(name, lists[0][0].device(), updateKernel<Step, T, kStates, kBytes>, batch.first[batch.count], kBlock, step,
           batch);
    batch = {};
  };
  for (size_t i = 0; i < lists[0].size(); i++) {
    const int64_t n = lists[0][i].numel();
    if (n == 0) continue;
    const int at = batch.count++;
    batch.size[at] = n;
    batch.wide[at] = true;
    for (size_t a = 0; a < lists.size(); a++) {
      batch.at[at][a] = lists[a][i].data<T>();
      batch.wide[at] = batch.wide[at] && isWide(batch.at[at][a]);
    }
    batch.first[at + 1] = batch.first[at] + static_cast<unsigned>((n + kChunk - 1) / kChunk);
    if (batch.count == Arguments::kTensors) run();
  }
  if (batch.count > 0) run();
}

template <class T, template <class> class Step, int kLeast, int kMost>
void updateAll(const char* name, const std::vector<std::vector<Tensor>>& lists, const std::vector<double>& scalars) {
  withStates<kLeast, kMost>(static_cast<int>(lists.size()) - 2, [&]<int kStates>(States<kStates>) {
    const Step<ComputeType<T>> step(scalars.data());
    if (lists[0].size() <= static_cast<size_t>(Batch<T, kStates, kFewBytes>::kTensors))
      updateBatches<kFewBytes, kStates, T>(name, step, lists);
    else updateBatches<kManyBytes, kStates, T>(name, step, lists);
  });
}

#define DT_ROW(name, Functor, least, most, scalars) updateAll<T, Functor, least, most>,
template <class T>
constexpr decltype(&updateAll<T, Sgd, 0, 1>) kUpdates[] = {DT_OPTIMIZERS(DT_ROW)};
#undef DT_ROW

void updateLists(Optimizer kind, const std::vector<std::vector<Tensor>>& lists, const std::vector<double>& scalars) {
  const int which = static_cast<int>(kind);
  const char* const name = kOptimizers[which].name;
  dispatchFloat(name, lists[0][0].dtype(), [&](auto zero) { kUpdates<decltype(zero)>[which](name, lists, scalars); });
}

}  // namespace

const Fill table(cudaTable<OptimKernels>, {.update = updateLists});

}  // namespace dtrain::cuda
