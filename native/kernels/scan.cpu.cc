// Running results along a dimension of contiguous tensors seen as [outer, n, inner]. Neighbours along `inner` go on
// together, so memory is read in order. Bytes moved: the inputs once, the outputs once.
#include "kernels/scan.h"

#include <algorithm>
#include <cmath>

#include "kernels/around.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

using std::exp, std::log1p;
#define DT_HD
#include "kernels/math/scan.h"

constexpr int64_t kColumns = 512;  // accumulators of a block of neighbours

// load(i, j) is element i, the j-th of its scan, and store(i, result) takes what they are together.
template <class A, class Load, class Store>
void scanAs(const Tensor& x, int dim, bool reverse, Load&& load, Store&& store) {
  if (x.numel() == 0) return;
  const Around s(x.sizes(), dim);
  if (s.inner == 1) {
    const int64_t step = reverse ? -1 : 1;
    parallelFor(s.outer, x.numel(), [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; o++) {
        int64_t at = o * s.n + (reverse ? s.n - 1 : 0);
        A acc = load(at, reverse ? s.n - 1 : 0);
        store(at, acc);
        for (int64_t j = 1; j < s.n; j++) {
          at += step;
          acc = together(acc, load(at, reverse ? s.n - 1 - j : j));
          store(at, acc);
        }
      }
    });
    return;
  }
  const int64_t blocks = (s.inner + kColumns - 1) / kColumns;
  parallelFor(s.outer * blocks, x.numel(), [&](int64_t begin, int64_t end) {
    A acc[kColumns];
    for (int64_t b = begin; b < end; b++) {
      const int64_t first = b % blocks * kColumns, width = std::min(kColumns, s.inner - first);
      for (int64_t turn = 0; turn < s.n; turn++) {
        const int64_t j = reverse ? s.n - 1 - turn : turn, at = (b / blocks * s.n + j) * s.inner + first;
        for (int64_t i = 0; i < width; i++) {
          const A next = load(at + i, j);
          acc[i] = turn == 0 ? next : together(acc[i], next);
          store(at + i, acc[i]);
        }
      }
    }
  });
}

void scan(Scan op, const Tensor& x, int dim, bool reverse, const Tensor& out) {
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using A = Running<ComputeType<T>>;
    using R = std::conditional_t<isFloat(dtypeOf<T>()), T, int64_t>;
    const T* from = x.data<T>();
    R* to = out.data<R>();
    const auto run = [&](auto start) {
      using E = decltype(start);
      scanAs<E>(
          x, dim, reverse, [=](int64_t i, int64_t) { return E{static_cast<decltype(start.value)>(from[i])}; },
          [=](int64_t i, E result) { to[i] = static_cast<R>(result.value); });
    };
    if (op == Scan::sum) run(RunningSum<A>());
    else if (op == Scan::prod) run(RunningProduct<A>());
    else run(RunningLogarithm());
  });
}

void extreme(bool largest, const Tensor& x, int dim, const Tensor& values, const Tensor& indices) {
  dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* from = x.data<T>();
    T* to = values.data<T>();
    int64_t* places = indices.data<int64_t>();
    const auto run = [&](auto start) {
      using E = decltype(start);
      scanAs<E>(
          x, dim, false,
          [=](int64_t i, int64_t j) {
            return E{from[i], j};
          },
          [=](int64_t i, E result) {
            to[i] = result.value;
            places[i] = result.index;
          });
    };
    if (largest) run(RunningExtreme<T, true>());
    else run(RunningExtreme<T, false>());
  });
}

void recurrence(const Tensor& a, const Tensor& b, int dim, bool reverse, const Tensor& out) {
  dispatchFloat("recurrence", b.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T *factors = a.data<T>(), *terms = b.data<T>();
    T* to = out.data<T>();
    scanAs<RunningLine>(
        b, dim, reverse,
        [=](int64_t i, int64_t) {
          return RunningLine{static_cast<double>(factors[i]), static_cast<double>(terms[i])};
        },
        [=](int64_t i, RunningLine result) { to[i] = static_cast<T>(result.b); });
  });
}

}  // namespace

const Fill table(cpuTable<ScanKernels>, {.scan = scan, .extreme = extreme, .recurrence = recurrence});

}  // namespace dtrain::cpu
