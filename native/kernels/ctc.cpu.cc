// See ctc.h. A sample is one thread's; the sums of a step are those of the step before.
#include "kernels/ctc.h"

#include <cmath>
#include <vector>

#include "kernels/copy.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

#define DT_HD
#include "kernels/math/ctc.h"

// f(n, sample n) for all samples.
template <class T, class F>
void forEachCtcSample(const Tensor& logProbs, const Tensor& labels, const Tensor& plan, int64_t blank, const F& f) {
  const int64_t samples = logProbs.size(1), classes = logProbs.size(2);
  parallelFor(samples, logProbs.numel() * 8, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; n++)
      f(n, ctcSample(n, samples, classes, logProbs.data<T>(), labels.data<int64_t>(), plan.data<int64_t>(), blank));
  });
}

void forward(const Tensor& logProbs, const Tensor& labels, const Tensor& plan, int64_t blank, const Tensor& alpha,
             const Tensor& loss) {
  dispatchFull("ctcLoss", logProbs.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const int64_t width = alpha.size(2);
    forEachCtcSample<T>(logProbs, labels, plan, blank, [&](int64_t n, const CtcSample<T>& one) {
      double* row = alpha.data<double>() + n * alpha.size(1) * width;
      for (int64_t t = 0; t < one.steps; t++, row += width)
        for (int64_t s = 0; s < one.places(); s++) row[s] = one.alpha(t, s, row - width);
      loss.data<double>()[n] = one.loss(row - width);
    });
  });
}

void backward(const Tensor& dy, const Tensor& logProbs, const Tensor& labels, const Tensor& plan, int64_t blank,
              const Tensor& alpha, const Tensor& loss, bool zeroInfinity, const Tensor& scratch, const Tensor& dx) {
  kernels<CopyKernels>(dx).fill(dx, 0);
  dispatchFull("ctcLoss", logProbs.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const int64_t width = alpha.size(2);
    forEachCtcSample<T>(logProbs, labels, plan, blank, [&](int64_t n, const CtcSample<T>& one) {
      const double scale = dy.data<double>()[n], cost = loss.data<double>()[n];
      if (cost == HUGE_VAL && zeroInfinity) return;
      double *now = scratch.data<double>() + n * 3 * width, *behind = now + width;
      std::vector<double> shares(one.classes);
      for (int64_t t = one.steps - 1; t >= 0; t--, std::swap(now, behind)) {
        const double* const before = alpha.data<double>() + (n * alpha.size(1) + t) * width;
        const T* const logs = one.logProbs + t * one.stride;
        T* const to = dx.data<T>() + t * one.stride + n * one.classes;
        std::fill(shares.begin(), shares.end(), cost == HUGE_VAL ? NAN : 0.0);
        for (int64_t s = 0; s < one.places(); s++) {
          now[s] = one.beta(t, s, behind);
          shares[one.classAt(s)] += std::exp(before[s] + now[s] - one.at(t, s) + cost);
        }
        for (int64_t c = 0; c < one.classes; c++)
          to[c] = static_cast<T>(scale * (std::exp(static_cast<double>(logs[c])) - shares[c]));
      }
    });
  });
}

}  // namespace

const Fill ctcKernels(cpuTable<CtcKernels>, {.forward = forward, .backward = backward});

}  // namespace dtrain::cpu
