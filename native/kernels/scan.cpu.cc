// Running results along a dimension of tensors seen as [outer, n, inner]. Neighbours along `inner` go on together, so
// memory is read in order. Bytes moved: the inputs once, the outputs once.
#include "kernels/scan.h"

#include <algorithm>
#include <cmath>

#include "kernels/around.h"
#include "kernels/copy.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

using std::exp, std::log1p;
#define DT_HD
#include "kernels/math/scan.h"

constexpr int64_t kColumns = 512;  // accumulators of a block of neighbours
constexpr int64_t kTogether = 4;   // scans that go on side by side, since each element of one waits for the one before

// x seen as [outer, n, inner], with the distances of its elements along the three.
struct Lines {
  Lines(const Tensor& x, int dim) : of(x.sizes(), dim), along(of.n > 1 ? x.stride(dim) : 0) {
    fits = collapse(x, 0, dim, outer) && collapse(x, dim + 1, x.dim(), inner);
  }
  // The distance along dimensions that lie in each other as in a contiguous tensor; false where they do not.
  static bool collapse(const Tensor& x, int from, int to, int64_t& stride) {
    int64_t wanted = -1;
    for (int d = to - 1; d >= from; d--) {
      if (x.size(d) == 1) continue;
      if (wanted < 0) stride = x.stride(d);
      else if (x.stride(d) != wanted) return false;
      wanted = x.stride(d) * x.size(d);
    }
    return true;
  }
  Around of;
  int64_t outer = 0, along, inner = 0;
  bool fits;
};

// load(i, j) is the element at i in x's memory, the j-th of its scan, and store(i, result) takes what they are
// together, the i-th of the results.
template <class A, class Load, class Store>
void scanAs(const Tensor& x, const Lines& lines, bool reverse, Load&& load, Store&& store) {
  if (x.numel() == 0) return;
  const auto& [s, outer, along, inner, fits] = lines;
  const int64_t n = s.n;
  const auto place = [=](int64_t turn) { return reverse ? n - 1 - turn : turn; };
  if (s.inner == 1) {
    const auto rows = [&, outer = outer, along = along](int64_t o, auto count) {
      A acc[count];
      for (int64_t turn = 0; turn < n; turn++) {
        const int64_t j = place(turn);
        for (int64_t r = 0; r < count; r++) {
          const A next = load((o + r) * outer + j * along, j);
          acc[r] = turn == 0 ? next : together(acc[r], next);
          store((o + r) * n + j, acc[r]);
        }
      }
    };
    return parallelFor(s.outer, x.numel(), [&](int64_t begin, int64_t end) {
      int64_t o = begin;
      for (; o + kTogether <= end; o += kTogether) rows(o, std::integral_constant<int64_t, kTogether>());
      for (; o < end; o++) rows(o, std::integral_constant<int64_t, 1>());
    });
  }
  const int64_t blocks = (s.inner + kColumns - 1) / kColumns;
  const auto columns = [&, outer = outer, along = along, inner = inner](auto neighbours) {
    const int64_t apart = neighbours ? 1 : inner;
    parallelFor(s.outer * blocks, x.numel(), [&](int64_t begin, int64_t end) {
      A acc[kColumns];
      for (int64_t b = begin; b < end; b++) {
        const int64_t first = b % blocks * kColumns, width = std::min(kColumns, s.inner - first), o = b / blocks;
        for (int64_t turn = 0; turn < n; turn++) {
          const int64_t j = place(turn), at = o * outer + j * along + first * apart, to = (o * n + j) * s.inner + first;
          for (int64_t i = 0; i < width; i++) {
            const A next = load(at + i * apart, j);
            acc[i] = turn == 0 ? next : together(acc[i], next);
            store(to + i, acc[i]);
          }
        }
      }
    });
  };
  if (inner == 1) columns(std::true_type());
  else columns(std::false_type());
}

// f(x, its lines), of a copy where its dimensions do not lie in each other.
template <class F>
void withLines(const Tensor& x, int dim, F&& f) {
  const Lines lines(x, dim);
  if (lines.fits) return f(x, lines);
  const Tensor dense = empty(x.sizes(), x.dtype());
  kernels<CopyKernels>(x).copy(x, dense);
  f(dense, Lines(dense, dim));
}

void scan(Scan op, const Tensor& given, int dim, bool reverse, const Tensor& out) {
  withLines(given, dim, [&](const Tensor& x, const Lines& lines) {
    dispatch(x.dtype(), [&](auto zero) {
      using T = decltype(zero);
      using A = Running<ComputeType<T>>;
      using R = std::conditional_t<isFloat(dtypeOf<T>()), T, int64_t>;
      const T* from = x.data<T>();
      R* to = out.data<R>();
      const auto run = [&](auto start) {
        using E = decltype(start);
        scanAs<E>(
            x, lines, reverse, [=](int64_t i, int64_t) { return E{static_cast<decltype(start.value)>(from[i])}; },
            [=](int64_t i, E result) { to[i] = static_cast<R>(result.value); });
      };
      if (op == Scan::sum) run(RunningSum<A>());
      else if (op == Scan::prod) run(RunningProduct<A>());
      else run(RunningLogarithm());
    });
  });
}

void extreme(bool largest, const Tensor& given, int dim, const Tensor& values, const Tensor& indices) {
  withLines(given, dim, [&](const Tensor& x, const Lines& lines) {
    dispatch(x.dtype(), [&](auto zero) {
      using T = decltype(zero);
      const T* from = x.data<T>();
      T* to = values.data<T>();
      int64_t* places = indices.data<int64_t>();
      const auto run = [&](auto start) {
        using E = decltype(start);
        scanAs<E>(
            x, lines, false,
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
  });
}

void recurrence(const Tensor& a, const Tensor& b, int dim, bool reverse, const Tensor& out) {
  dispatchFloat("recurrence", b.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T *factors = a.data<T>(), *terms = b.data<T>();
    T* to = out.data<T>();
    scanAs<RunningLine>(
        b, Lines(b, dim), reverse,
        [=](int64_t i, int64_t) {
          return RunningLine{static_cast<double>(factors[i]), static_cast<double>(terms[i])};
        },
        [=](int64_t i, RunningLine result) { to[i] = static_cast<T>(result.b); });
  });
}

}  // namespace

const Fill table(cpuTable<ScanKernels>, {.scan = scan, .extreme = extreme, .recurrence = recurrence});

}  // namespace dtrain::cpu
