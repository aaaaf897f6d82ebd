// Negative log likelihood: loss[n, s] = -weight[t] x[n, t, s] with t = target[n, s]; 0 where t is ignoreIndex.
// mean divides the sum by the total weight of the samples that count (0 / 0 = NaN when none does, as in PyTorch).
// A target outside [0, C) counts for nothing and is reported: Note [Device failures] in core/runtime.h.
#include "kernels/copy.h"
#include "kernels/cuda/functions.cuh"
#include "kernels/cuda/map.cuh"
#include "kernels/loss.h"

namespace dtrain::cuda {

namespace {

// Where a sample finds its target and its place in x. sample = n S + s.
struct Samples {
  Samples(const Tensor& x, const Tensor& target, int64_t ignoreIndex)
      : target(target.data<int64_t>()), count(x.size(0) * x.size(2)), classes(x.size(1)), spatial(x.size(2)),
        ignoreIndex(ignoreIndex) {}
  const int64_t* target;
  int64_t count, classes, spatial, ignoreIndex;

  // Element of x for class t of a sample.
  __device__ int64_t place(int64_t sample, int64_t t) const {
    return (sample / spatial * classes + t) * spatial + sample % spatial;
  }
};

struct Sums {
  double loss, weight;
};

template <class T, class C>
__device__ void finish(Sums sums, Reduction r, T* out, C* totalWeight) {
  *totalWeight = static_cast<C>(sums.weight);
  if (r != Reduction::none) *out = static_cast<C>(r == Reduction::mean ? sums.loss / sums.weight : sums.loss);
}

__device__ Sums sumOfBlock(Sums sums) {
  return {combineGroup<kBlock>(sums.loss, Plus()), combineGroup<kBlock>(sums.weight, Plus())};
}

// Thread i has samples i, i + threads, …; a block leaves its sums in partial[block], or finishes when it is alone.
// x [N, C, S], out [N, S] (none) or 0-d, totalWeight 0-d. Bytes moved: per sample its target, one element of x, which
// costs a sector of 32 bytes, and one of out (none).
template <class T, class C = ComputeType<T>>
__global__ void nllLossKernel(Samples s, const T* x, const T* weight, Reduction r, Report report, T* out,
                              C* totalWeight, Sums* partial) {
  Sums sums{0, 0};
  for (int64_t i = thread(); i < s.count; i += threads()) {
    const int64_t t = s.target[i];
    C loss = 0;
    if (t != s.ignoreIndex) {
      if (t >= 0 && t < s.classes) {
        const C w = weight ? static_cast<C>(weight[t]) : C(1);
        loss = -w * x[s.place(i, t)];
        sums.weight += w;
      } else {
        report(t);
      }
    }
    sums.loss += loss;
    if (r == Reduction::none) out[i] = loss;
  }
  sums = sumOfBlock(sums);
  if (threadIdx.x != 0) return;
  if (gridDim.x == 1) finish(sums, r, out, totalWeight);
  else partial[blockIdx.x] = sums;
}

// One block adds up the sums of all.
template <class T, class C = ComputeType<T>>
__global__ void nllLossFinishKernel(int n, const Sums* partial, Reduction r, T* out, C* totalWeight) {
  Sums sums{0, 0};
  for (int i = threadIdx.x; i < n; i += kBlock) {
    sums.loss += partial[i].loss;
    sums.weight += partial[i].weight;
  }
  sums = sumOfBlock(sums);
  if (threadIdx.x == 0) finish(sums, r, out, totalWeight);
}

// dx[n, t, s] = -weight[t] dy / total weight, for dx that is 0 elsewhere: thread i has samples i, i + threads, …
// dy [N, S] with dyStep 1 (none), or 0-d with 0. Bytes moved: per sample its target and a sector of 32 bytes of dx.
template <class T, class C = ComputeType<T>>
__global__ void nllLossGradKernel(Samples s, const T* dy, int dyStep, const T* weight, const C* totalWeight,
                                  Report report, T* dx) {
  const C scale = totalWeight ? C(1) / *totalWeight : C(1);
  for (int64_t i = thread(); i < s.count; i += threads()) {
    const int64_t t = s.target[i];
    if (t == s.ignoreIndex) continue;
    if (t >= 0 && t < s.classes)
      dx[s.place(i, t)] = -(weight ? static_cast<C>(weight[t]) : C(1)) * scale * dy[i * dyStep];
    else report(t);
  }
}

Report reportTarget(const char* op, const Tensor& x) { return {fault(x.device()), op, Fault::target, 0, x.size(1)}; }

template <class T>
T* dataOrNull(const Tensor& x) {
  return x.defined() ? x.data<T>() : nullptr;
}

void nllLoss(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight, Reduction r,
             int64_t ignoreIndex, const Tensor& out, const Tensor& totalWeight) {
  const Samples samples(x, target, ignoreIndex);
  const Device device = x.device();
  // By the shape alone, so that the order of the sum is that on every GPU.
  const int blocks = static_cast<int>(std::clamp<int64_t>(samples.count / (4 * kBlock), 1, 512));
  const Tensor partial =
      blocks > 1 ? empty({blocks * static_cast<int64_t>(sizeof(Sums))}, DType::uint8, device) : Tensor();
  Sums* const sums = dataOrNull<Sums>(partial);
  dispatchFloat(op, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, device, nllLossKernel<T>, blocks, kBlock, samples, x.data<T>(), dataOrNull<T>(weight), r,
           reportTarget(op, x), out.data<T>(), totalWeight.data<ComputeType<T>>(), sums);
    if (blocks > 1)
      launch(op, device, nllLossFinishKernel<T>, 1, kBlock, blocks, sums, r, out.data<T>(),
             totalWeight.data<ComputeType<T>>());
  });
}

void nllLossGrad(const char* op, const Tensor& dy, const Tensor& target, const Tensor& weight, Reduction r,
                 int64_t ignoreIndex, const Tensor& totalWeight, const Tensor& dx) {
  if (dx.numel() == 0) return;
  kernels<CopyKernels>(dx).fill(dx, 0);
  const Samples samples(dx, target, ignoreIndex);
  dispatchFloat(op, dx.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, dx.device(), nllLossGradKernel<T>, blocksFor(dx.device(), samples.count, kBlock), kBlock, samples,
           dy.data<T>(), r == Reduction::none ? 1 : 0, dataOrNull<T>(weight),
           r == Reduction::mean ? totalWeight.data<ComputeType<T>>() : nullptr, reportTarget(op, dx), dx.data<T>());
  });
}

#include "kernels/math/loss.h"

#define DT_MAP_SLOPE(name, F, dtypes, use) DT_MAP_BINARY(name, F##Slope, dtypes, use)
constexpr MapRow<2> pairRows[] = {DT_PAIR_LOSS(DT_MAP_BINARY)};
constexpr MapRow<2> slopeRows[] = {DT_PAIR_LOSS(DT_MAP_SLOPE)};

void pair(PairLoss loss, const Operand& x, const Operand& target, double alpha, DType common, const Tensor& out) {
  map(name(loss), pairRows[static_cast<int>(loss)], x, target, alpha, common, out);
}
void slope(PairLoss loss, const Operand& x, const Operand& target, double alpha, DType common, const Tensor& out) {
  map(name(loss), slopeRows[static_cast<int>(loss)], x, target, alpha, common, out);
}

}  // namespace

const Fill table(cudaTable<LossKernels>,
                 {.nllLoss = nllLoss, .nllLossGrad = nllLossGrad, .pair = pair, .slope = slope});

}  // namespace dtrain::cuda
