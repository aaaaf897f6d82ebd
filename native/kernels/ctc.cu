// See ctc.h. A block for each sample, its threads at the places of a step: the steps follow each other. Thread l of
// backward then has classes l, l + kBlock, …, and adds up the shares of their places in order. Bytes moved: logProbs of
// the places and alpha once forward; all of both and dx backward. A label that is no class is reported: Note [Device
// failures] in core/runtime.h.
#include <cmath>

#include "kernels/ctc.h"
#include "kernels/device.cuh"

namespace dtrain::cuda {

namespace {

#include "kernels/math/ctc.h"

template <class T>
__global__ void ctcForward(int64_t samples, int64_t classes, const T* logProbs, const int64_t* labels,
                           const int64_t* plan, int64_t blank, int64_t most, int64_t width, Report report,
                           double* alpha, double* loss) {
  const int64_t n = blockIdx.x;
  const CtcSample<T> one = ctcSample(n, samples, classes, logProbs, labels, plan, blank);
  double* const rows = alpha + n * most * width;
  for (int64_t s = threadIdx.x; s < one.labelCount; s += kBlock)
    if (one.labels[s] < 0 || one.labels[s] >= classes) report(one.labels[s]);
  for (int64_t t = 0; t < one.steps; t++) {
    for (int64_t s = threadIdx.x; s < one.places(); s += kBlock)
      rows[t * width + s] = one.alpha(t, s, rows + (t - 1) * width);
    __syncthreads();
  }
  if (threadIdx.x == 0) loss[n] = one.loss(rows + (one.steps - 1) * width);
}

template <class T>
__global__ void ctcBackward(const double* dy, int64_t samples, int64_t classes, const T* logProbs,
                            const int64_t* labels, const int64_t* plan, int64_t blank, int64_t most, int64_t width,
                            const double* alpha, const double* loss, int zeroInfinity, double* scratch, T* dx) {
  const int64_t n = blockIdx.x;
  const CtcSample<T> one = ctcSample(n, samples, classes, logProbs, labels, plan, blank);
  const double scale = dy[n], cost = loss[n];
  double *const own = scratch + n * 3 * width, *const shares = own + 2 * width;
  for (int64_t t = most - 1; t >= 0; t--) {
    T* const to = dx + (t * samples + n) * classes;
    if (t >= one.steps || cost == HUGE_VAL) {
      const double all = t < one.steps && !zeroInfinity ? NAN : 0;
      for (int64_t c = threadIdx.x; c < classes; c += kBlock) to[c] = static_cast<T>(all);
      continue;
    }
    double* const now = own + t % 2 * width;
    for (int64_t s = threadIdx.x; s < one.places(); s += kBlock) {
      now[s] = one.beta(t, s, own + (t + 1) % 2 * width);
      shares[s] = exp(alpha[(n * most + t) * width + s] + now[s] - one.at(t, s) + cost);
    }
    __syncthreads();
    for (int64_t c = threadIdx.x; c < classes; c += kBlock) {
      double share = 0;
      for (int64_t s = 0; s < one.places(); s++)
        if (one.classAt(s) == c) share += shares[s];
      to[c] = static_cast<T>(scale * (exp(static_cast<double>(one.logProbs[t * one.stride + c])) - share));
    }
    __syncthreads();
  }
}

void forward(const Tensor& logProbs, const Tensor& labels, const Tensor& plan, int64_t blank, const Tensor& alpha,
             const Tensor& loss) {
  if (loss.numel() == 0) return;
  const Device device = loss.device();
  const Report report{fault(device), "ctcLoss", Fault::target, 0, logProbs.size(2)};
  dispatchFull("ctcLoss", logProbs.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch("ctcLoss", device, ctcForward<T>, static_cast<unsigned>(loss.numel()), kBlock, logProbs.size(1),
           logProbs.size(2), logProbs.data<T>(), labels.data<int64_t>(), plan.data<int64_t>(), blank, alpha.size(1),
           alpha.size(2), report, alpha.data<double>(), loss.data<double>());
  });
}

void backward(const Tensor& dy, const Tensor& logProbs, const Tensor& labels, const Tensor& plan, int64_t blank,
              const Tensor& alpha, const Tensor& loss, bool zeroInfinity, const Tensor& scratch, const Tensor& dx) {
  if (dx.numel() == 0) return;
  dispatchFull("ctcLoss", logProbs.dtype(), [&](auto zero) {
    using T = decltype(zero);
    launch("ctcLoss", dx.device(), ctcBackward<T>, static_cast<unsigned>(loss.numel()), kBlock, dy.data<double>(),
           logProbs.size(1), logProbs.size(2), logProbs.data<T>(), labels.data<int64_t>(), plan.data<int64_t>(), blank,
           alpha.size(1), alpha.size(2), alpha.data<double>(), loss.data<double>(), zeroInfinity ? 1 : 0,
           scratch.data<double>(), dx.data<T>());
  });
}

}  // namespace

const Fill ctcKernels(cudaTable<CtcKernels>, {.forward = forward, .backward = backward});

}  // namespace dtrain::cuda
