// Normalization: each thread has sets of its own, and sums of its own for the gradients of weights and biases, which
// are added up in the order of the threads. A set is read twice for its moments and once more for y; a set of some
// thousand elements is still in the cache then.
#include "kernels/norm.h"

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/cpu/loops.h"
#include "kernels/cpu/parallel.h"
#include "kernels/reduce.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

#define DT_HD
#include "kernels/math/reduce.h"

// Weights and biases as elements that are always there.
template <class T>
const T* filled(const Tensor& x, int64_t n, T value, std::vector<T>& kept) {
  if (x.defined()) return x.data<T>();
  kept.assign(static_cast<size_t>(n), value);
  return kept.data();
}

// f(where the neighbours of a set begin, its group) for all runs of set s
template <class F>
void forRuns(const NormSizes& sizes, int64_t s, const F& f) {
  for (int64_t r = 0; r < sizes.runs; r++) f((r * sizes.sets() + s) * sizes.run(), s % sizes.groups);
}

template <class T>
constexpr int kType = std::is_same_v<T, double>;

void normalize(const NormSizes& sizes, const Tensor& x, const Tensor& weight, const Tensor& bias, double eps,
               const Tensor& mean, const Tensor& variance, const Tensor& y) {
  dispatchFull("normalize", x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const NormLoops& loop = loops().norm;
    std::vector<T> ones, zeros;
    const T *w = filled<T>(weight, sizes.weights(), 1, ones), *b = filled<T>(bias, sizes.weights(), 0, zeros);
    const int64_t run = sizes.run(), inner = sizes.inner;
    parallelFor(sizes.sets(), x.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t s = begin; s < end; s++) {
        Moments all{};
        forRuns(sizes, s, [&](int64_t at, int64_t) {
          Moments one{static_cast<double>(run), 0, 0};
          loop.moments[kType<T>](run, x.data<T>() + at, &one.mean, &one.squares);
          all = together(all, one);
        });
        const double var = all.squares / all.count, scale = 1 / std::sqrt(var + eps);
        mean.data<T>()[s] = static_cast<T>(all.mean);
        variance.data<T>()[s] = static_cast<T>(var);
        forRuns(sizes, s, [&](int64_t at, int64_t group) {
          const int64_t first = group * sizes.channels;
          const T* from = x.data<T>() + at;
          T* to = y.data<T>() + at;
          if (inner == 1) return loop.normalizeRow[kType<T>](run, from, all.mean, scale, w + first, b + first, to);
          for (int64_t c = 0; c < sizes.channels; c++)
            loop.normalizeRun[kType<T>](inner, from + c * inner, all.mean, scale * w[first + c], b[first + c],
                                        to + c * inner);
        });
      }
    });
  });
}

void normalizeGrad(const NormSizes& sizes, const Tensor& dy, const Tensor& x, const Tensor& mean,
                   const Tensor& variance, const Tensor& weight, double eps, const Tensor& dx, const Tensor& dw,
                   const Tensor& db) {
  dispatchFull("normalize", x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const NormLoops& loop = loops().norm;
    std::vector<T> ones;
    const T* w = filled<T>(weight, sizes.weights(), 1, ones);
    const int64_t run = sizes.run(), inner = sizes.inner, weights = sizes.weights();
    const double count = static_cast<double>(sizes.count());
    const int threads = omp_get_max_threads();
    std::vector<double> sums(static_cast<size_t>(threads * 2 * weights), 0);
    parallelFor(sizes.sets(), x.numel(), [&](int64_t begin, int64_t end) {
      double* const ofWeights = sums.data() + omp_get_thread_num() % threads * 2 * weights;
      double* const ofBiases = ofWeights + weights;
      for (int64_t s = begin; s < end; s++) {
        const double middle = mean.data<T>()[s], scale = 1 / std::sqrt(variance.data<T>()[s] + eps);
        double total[2] = {};
        forRuns(sizes, s, [&](int64_t at, int64_t group) {
          const int64_t first = group * sizes.channels;
          const T *slope = dy.data<T>() + at, *from = x.data<T>() + at;
          if (inner == 1)
            return loop.sumsOfRow[kType<T>](run, slope, from, middle, scale, w + first, total, ofWeights + first,
                                            ofBiases + first);
          for (int64_t c = 0; c < sizes.channels; c++) {
            double part[2] = {};
            loop.sumsOfRun[kType<T>](inner, slope + c * inner, from + c * inner, middle, scale, part);
            for (int i = 0; i < 2; i++) total[i] += w[first + c] * part[i];
            ofWeights[first + c] += part[1];
            ofBiases[first + c] += part[0];
          }
        });
        if (!dx.defined()) continue;
        const double a = total[0] / count, b = total[1] / count;
        forRuns(sizes, s, [&](int64_t at, int64_t group) {
          const int64_t first = group * sizes.channels;
          const T *slope = dy.data<T>() + at, *from = x.data<T>() + at;
          T* to = dx.data<T>() + at;
          if (inner == 1) return loop.gradRow[kType<T>](run, slope, from, middle, scale, w + first, a, b, to);
          for (int64_t c = 0; c < sizes.channels; c++)
            loop.gradRun[kType<T>](inner, slope + c * inner, from + c * inner, middle, scale, w[first + c], a, b,
                                   to + c * inner);
        });
      }
    });
    const auto add = [&](const Tensor& out, int64_t which) {
      if (!out.defined()) return;
      for (int64_t i = 0; i < weights; i++) {
        double sum = 0;
        for (int t = 0; t < threads; t++) sum += sums[static_cast<size_t>((t * 2 + which) * weights + i)];
        out.data<T>()[i] = static_cast<T>(sum);
      }
    };
    add(dw, 0);
    add(db, 1);
  });
}

}  // namespace

const Fill table(cpuTable<NormKernels>, {.normalize = normalize, .normalizeGrad = normalizeGrad});

}  // namespace dtrain::cpu
