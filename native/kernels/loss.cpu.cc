// Negative log likelihood: loss[n, s] = -weight[t] x[n, t, s] with t = target[n, s]; 0 where t is ignoreIndex.
// mean divides the sum by the total weight of the samples that count (0 / 0 = NaN when none does, as in PyTorch).
#include "kernels/loss.h"

#include "kernels/copy.h"
#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

// f(i, position of x[n, t, s], weight of class t) for every sample i that counts.
template <class T, class F>
void forEachSample(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight, int64_t ignoreIndex,
                   F&& f) {
  const int64_t n = x.size(0), classes = x.size(1), spatial = x.size(2);
  for (int64_t i = 0; i < n * spatial; i++) {
    const int64_t t = target.data<int64_t>()[i];
    if (t == ignoreIndex) continue;
    check(t >= 0 && t < classes, Code::index, op, ": target ", t, " is out of range for ", classes, " classes");
    f(i, (i / spatial * classes + t) * spatial + i % spatial,
      weight.defined() ? static_cast<ComputeType<T>>(weight.data<T>()[t]) : 1);
  }
}

void nllLoss(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight, Reduction r,
             int64_t ignoreIndex, const Tensor& out, const Tensor& totalWeight) {
  if (r == Reduction::none) kernels<CopyKernels>(out).fill(out, 0);
  dispatchFloat(op, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = ComputeType<T>;
    double sum = 0, total = 0;
    forEachSample<T>(op, x, target, weight, ignoreIndex, [&](int64_t i, int64_t at, C w) {
      const C loss = -w * x.data<T>()[at];
      if (r == Reduction::none) out.data<T>()[i] = loss;
      sum += loss;
      total += w;
    });
    *totalWeight.data<C>() = static_cast<C>(total);
    if (r != Reduction::none) *out.data<T>() = static_cast<C>(r == Reduction::mean ? sum / total : sum);
  });
}

void nllLossGrad(const char* op, const Tensor& dy, const Tensor& target, const Tensor& weight, Reduction r,
                 int64_t ignoreIndex, const Tensor& totalWeight, const Tensor& dx) {
  kernels<CopyKernels>(dx).fill(dx, 0);
  dispatchFloat(op, dx.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = ComputeType<T>;
    const C scale = r == Reduction::mean ? C(1) / *totalWeight.data<C>() : C(1);
    const int64_t step = r == Reduction::none ? 1 : 0;
    forEachSample<T>(op, dx, target, weight, ignoreIndex,
                     [&](int64_t i, int64_t at, C w) { dx.data<T>()[at] = -w * scale * dy.data<T>()[i * step]; });
  });
}

void pair(PairLoss loss, const Operand& x, const Operand& target, double alpha, DType common, const Tensor& out) {
  map(name(loss), loops().loss.pair[static_cast<int>(loss)], x, target, alpha, common, out);
}
void slope(PairLoss loss, const Operand& x, const Operand& target, double alpha, DType common, const Tensor& out) {
  map(name(loss), loops().loss.slope[static_cast<int>(loss)], x, target, alpha, common, out);
}

}  // namespace

const Fill table(cpuTable<LossKernels>, {.nllLoss = nllLoss, .nllLossGrad = nllLossGrad, .pair = pair, .slope = slope});

}  // namespace dtrain::cpu
