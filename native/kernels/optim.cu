// Optimizer steps: functors.h has the formula. One launch for up to kTensors parameters, whose pointers travel with the
// launch; a block takes kChunk consecutive elements of one of them, 16 bytes at a time where all three arrays start on
// 16 bytes. Bytes moved: reads p, grad, b and writes p, b.
#include "kernels/device.cuh"
#include "kernels/optim.h"

namespace dtrain::cuda {

namespace {

#include "kernels/math/optim.h"

constexpr int kTensors = 96;  // as many as fit into the 4 KiB of a kernel's arguments
constexpr int64_t kChunk = 4096;

template <class T>
struct Group {
  int count = 0;
  unsigned first[kTensors + 1] = {};  // block with which a tensor starts
  T* param[kTensors] = {};
  const T* grad[kTensors] = {};
  T* buffer[kTensors] = {};
  int64_t size[kTensors] = {};
  bool wide[kTensors] = {};  // all three start on 16 bytes
};

// Block b has chunk b - first[i] of the tensor i with first[i] <= b < first[i + 1].
template <class T, bool kMomentum, bool kFresh>
__global__ void sgdKernel(SgdStep<T, kMomentum, kFresh> step, Group<T> group) {
  int i = 0;
  for (int above = group.count; above - i > 1;) {
    const int middle = (i + above) / 2;
    (group.first[middle] <= blockIdx.x ? i : above) = middle;
  }
  T* const param = group.param[i];
  const T* const grad = group.grad[i];
  T* const buffer = group.buffer[i];
  const int64_t begin = (blockIdx.x - group.first[i]) * kChunk, end = min(group.size[i], begin + kChunk);
  constexpr int V = kWide<T>;
  int64_t done = begin;
  if (group.wide[i]) {
    done = begin + (end - begin) / V * V;
    for (int64_t j = begin + threadIdx.x * V; j < done; j += kBlock * V) {
      WidePack<T> p = loadPack(param + j, true), b;
      const WidePack<T> g = loadPack(grad + j, true);
      if constexpr (kMomentum && !kFresh) b = loadPack(buffer + j, true);
      for (int v = 0; v < V; v++) step(p.at[v], g.at[v], &b.at[v]);
      storePack(param + j, p, true);
      if constexpr (kMomentum) storePack(buffer + j, b, true);
    }
  }
  for (int64_t j = done + threadIdx.x; j < end; j += kBlock) step(param[j], grad[j], kMomentum ? buffer + j : nullptr);
}

template <class T>
void run(Device device, const Group<T>& group, const Sgd& p, bool momentum) {
  const auto launchWith = [&](auto kernel, auto step) {
    launch("sgd", device, kernel, group.first[group.count], kBlock, step, group);
  };
  if (!momentum) launchWith(sgdKernel<T, false, false>, SgdStep<T, false, false>(p));
  else if (p.fresh) launchWith(sgdKernel<T, true, true>, SgdStep<T, true, true>(p));
  else launchWith(sgdKernel<T, true, false>, SgdStep<T, true, false>(p));
}

void sgd(const std::vector<Tensor>& params, const std::vector<Tensor>& grads, const std::vector<Tensor>& buffers,
         const Sgd& p) {
  dispatchFull("sgd", params[0].dtype(), [&](auto zero) {
    using T = decltype(zero);
    Group<T> group;
    const Device device = params[0].device();
    for (size_t i = 0; i < params.size(); i++) {
      const int64_t n = params[i].numel();
      if (n == 0) continue;
      const int at = group.count++;
      group.param[at] = params[i].data<T>();
      group.grad[at] = grads[i].data<T>();
      group.buffer[at] = buffers.empty() ? nullptr : buffers[i].data<T>();
      group.size[at] = n;
      group.wide[at] = isWide(group.param[at]) && isWide(group.grad[at]) && isWide(group.buffer[at]);
      group.first[at + 1] = group.first[at] + static_cast<unsigned>((n + kChunk - 1) / kChunk);
      if (group.count < kTensors) continue;
      run(device, group, p, !buffers.empty());
      group = {};
    }
    if (group.count > 0) run(device, group, p, !buffers.empty());
  });
}

}  // namespace

const Fill table(cudaTable<OptimKernels>, {.sgd = sgd});

}  // namespace dtrain::cuda
