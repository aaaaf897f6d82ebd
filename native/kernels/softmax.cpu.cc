// softmax and log-softmax along one dimension of a contiguous tensor seen as [outer, n, inner]:
//   y = exp(x - max) / sum exp(x - max)       dx = y (dy - sum dy y)
//   y = x - max - log sum exp(x - max)        dx = dy - exp(y) sum dy
// Rows (inner = 1) use the vector loops; otherwise `inner` neighbours are handled together, so memory is read in order.
// Halves are computed with as float and rounded once.
#include "kernels/softmax.h"

#include <cmath>
#include <vector>

#include "kernels/around.h"
#include "kernels/cpu/loops.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

// loop(row of a, row of b, row of out), each of n contiguous elements, of the loop that suits the dtype.
void rows(const Around& s, const SoftmaxLoops::Row (&loopsOf)[2], const Tensor& a, const Tensor& b, const Tensor& out) {
  const DType dtype = out.dtype();
  const int64_t item = itemSize(dtype), step = s.n * item;
  const SoftmaxLoops::Row loop = loopsOf[dtype == DType::float64];
  if (isHalf(dtype)) {
    const auto load = loops().convert.load[static_cast<int>(dtype)][static_cast<int>(Compute::float32)];
    const auto store = loops().convert.store[static_cast<int>(Compute::float32)][static_cast<int>(dtype)];
    return parallelFor(s.outer, a.numel(), [&](int64_t begin, int64_t end) {
      std::vector<float> wide(3 * s.n);
      char* at[3];
      for (int i = 0; i < 3; i++) at[i] = reinterpret_cast<char*>(wide.data() + i * s.n);
      for (int64_t i = begin; i < end; i++) {
        load(s.n, a.bytes() + i * step, item, at[0], sizeof(float));
        if (b.bytes() != a.bytes()) load(s.n, b.bytes() + i * step, item, at[1], sizeof(float));
        loop(s.n, at[0], at[1], at[2]);
        store(s.n, at[2], sizeof(float), out.bytes() + i * step, item);
      }
    });
  }
  parallelFor(s.outer, a.numel(), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) loop(s.n, a.bytes() + i * step, b.bytes() + i * step, out.bytes() + i * step);
  });
}

constexpr int64_t kBlock = 128;  // neighbours handled together

// f(first element, width) for blocks of neighbours along `inner`, for each outer index.
template <class F>
void forEachBlock(const Around& s, int64_t work, F&& f) {
  const int64_t blocks = (s.inner + kBlock - 1) / kBlock;
  parallelFor(s.outer * blocks, work, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; b++) {
      const int64_t first = b % blocks * kBlock;
      f(b / blocks * s.n * s.inner + first, std::min(kBlock, s.inner - first));
    }
  });
}

template <bool kLog>
void softmaxOf(const Tensor& x, int dim, const Tensor& y) {
  if (x.numel() == 0) return;
  const Around s(x.sizes(), dim);
  if (s.inner == 1) return rows(s, kLog ? loops().softmax.logSoftmax : loops().softmax.softmax, x, x, y);
  dispatchFloat("softmax", x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = ComputeType<T>;
    const UnaryLoop exp = loops().unary.of[static_cast<int>(Unary::exp)][static_cast<int>(computeOf(dtypeOf<T>()))];
    forEachBlock(s, x.numel(), [&](int64_t at, int64_t width) {
      const T* from = x.data<T>() + at;
      T* to = y.data<T>() + at;
      C top[kBlock];
      double sum[kBlock] = {};
      C below[kBlock], power[kBlock];
      const auto powers = [&](int64_t j) {  // of the j-th neighbours' distance below the largest
        for (int64_t i = 0; i < width; i++) below[i] = from[j * s.inner + i] - top[i];
        exp(width, reinterpret_cast<const char*>(below), sizeof(C), reinterpret_cast<char*>(power), sizeof(C));
      };
      std::copy_n(from, width, top);
      for (int64_t j = 1; j < s.n; j++)
        for (int64_t i = 0; i < width; i++) top[i] = std::max<C>(top[i], from[j * s.inner + i]);
      for (int64_t j = 0; j < s.n; j++) {
        powers(j);
        for (int64_t i = 0; i < width; i++) sum[i] += power[i];
        if constexpr (!kLog && std::is_same_v<T, C>) std::copy_n(power, width, to + j * s.inner);
      }
      if (kLog)
        for (int64_t i = 0; i < width; i++) sum[i] = std::log(sum[i]);
      for (int64_t j = 0; j < s.n; j++) {
        T* const row = to + j * s.inner;
        if constexpr (!kLog && std::is_same_v<T, C>) {
          for (int64_t i = 0; i < width; i++) row[i] /= static_cast<C>(sum[i]);
        } else if constexpr (kLog) {
          for (int64_t i = 0; i < width; i++) row[i] = from[j * s.inner + i] - top[i] - static_cast<C>(sum[i]);
        } else {
          powers(j);
          for (int64_t i = 0; i < width; i++) row[i] = power[i] / static_cast<C>(sum[i]);
        }
      }
    });
  });
}

template <bool kLog>
void softmaxGradOf(const Tensor& dy, const Tensor& y, int dim, const Tensor& dx) {
  if (dy.numel() == 0) return;
  const Around s(y.sizes(), dim);
  if (s.inner == 1) return rows(s, kLog ? loops().softmax.logSoftmaxGrad : loops().softmax.softmaxGrad, dy, y, dx);
  dispatchFloat("softmax", y.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = ComputeType<T>;
    forEachBlock(s, y.numel(), [&](int64_t at, int64_t width) {
      double sum[kBlock] = {};
      for (int64_t j = 0; j < s.n; j++)
        for (int64_t i = 0; i < width; i++) {
          const int64_t k = at + j * s.inner + i;
          sum[i] += static_cast<double>(dy.data<T>()[k]) * (kLog ? 1 : static_cast<double>(y.data<T>()[k]));
        }
      for (int64_t j = 0; j < s.n; j++)
        for (int64_t i = 0; i < width; i++) {
          const int64_t k = at + j * s.inner + i;
          const C slope = dy.data<T>()[k], value = y.data<T>()[k], total = static_cast<C>(sum[i]);
          dx.data<T>()[k] = kLog ? slope - std::exp(value) * total : value * (slope - total);
        }
    });
  });
}

}  // namespace

const Fill table(cpuTable<SoftmaxKernels>, {.softmax = softmaxOf<false>,
                                            .softmaxGrad = softmaxGradOf<false>,
                                            .logSoftmax = softmaxOf<true>,
                                            .logSoftmaxGrad = softmaxGradOf<true>});

}  // namespace dtrain::cpu
