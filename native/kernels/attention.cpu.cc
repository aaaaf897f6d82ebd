// Attention by blocks of queries and of keys, so that a block of scores stays in the cache: a product with the keys,
// the exponentials, relative to the largest score so far (https://arxiv.org/abs/1805.02867), a product with the values.
// The gradient computes the scores anew. A thread has matrices of its own, and where there are few also queries of its
// own; a product by itself would not be worth several threads.
//
// Floor: 4 L S E flops forward and 10 backward, of each matrix; an exponential per score, twice. Bytes moved: those of
// q, k, v and y.
#include "kernels/attention.h"

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/cpu/gemm.h"
#include "kernels/cpu/loops.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

constexpr int64_t kQueries = 128, kKeys = 512;

template <class T>
constexpr int kType = std::is_same_v<T, double>;

int64_t matrices(const Tensor& x) { return x.numel() / (x.size(x.dim() - 2) * x.size(x.dim() - 1)); }

// Rows of the n-th matrix.
template <class T>
struct Rows {
  // The stride of a single row may be anything.
  Rows(const Tensor& x, int64_t n) : ld(std::max(x.stride(x.dim() - 2), x.size(x.dim() - 1))), data(x.data<T>()) {
    for (int d = x.dim() - 3; d >= 0; d--) {
      data += n % x.size(d) * x.stride(d);
      n /= x.size(d);
    }
  }
  T* at(int64_t row) const { return data + row * ld; }
  int64_t ld;
  T* data;
};

// The block of scores [l, l + rows) x [s, s + columns) of the n-th matrix.
template <class T>
class Scores {
 public:
  Scores(const Tensor& q, const Tensor& k, const AttentionHow& how, int64_t n)
      : q_(q, n), k_(k, n), how_(how), width_(q.size(q.dim() - 1)) {
    const Tensor& mask = how.mask;
    if (!mask.defined()) return;
    row_ = mask.stride(mask.dim() - 2), column_ = mask.stride(mask.dim() - 1);
    for (int d = mask.dim() - 3; d >= 0; d--) {
      first_ += n % mask.size(d) * mask.stride(d);
      n /= mask.size(d);
    }
  }

  void operator()(int64_t l, int64_t rows, int64_t s, int64_t columns, T* to) const {
    gemmRaw<T>(false, true, rows, columns, width_, static_cast<T>(how_.scale), q_.at(l), q_.ld, k_.at(s), k_.ld, 0, to,
               columns);
    constexpr T none = -std::numeric_limits<T>::infinity();
    for (int64_t i = 0; i < rows; i++) {
      T* const row = to + i * columns;
      if (how_.causal)
        for (int64_t j = std::max<int64_t>(0, l + i + 1 - s); j < columns; j++) row[j] = none;
      if (!how_.mask.defined()) continue;
      const int64_t at = first_ + (l + i) * row_ + s * column_;
      if (how_.mask.dtype() == DType::boolean) {
        const bool* open = how_.mask.data<bool>() + at;
        for (int64_t j = 0; j < columns; j++) row[j] = open[j * column_] ? row[j] : none;
      } else {
        const T* add = how_.mask.data<T>() + at;
        for (int64_t j = 0; j < columns; j++) row[j] += add[j * column_];
      }
    }
  }

  // How many keys queries up to `l`, without it, may look at.
  int64_t keys(int64_t all, int64_t l) const { return how_.causal ? std::min(all, l) : all; }

 private:
  Rows<T> q_, k_;
  const AttentionHow& how_;
  int64_t width_, first_ = 0, row_ = 0, column_ = 0;
};

void attend(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionHow& how, const Tensor& y,
            const Tensor& logs) {
  const int64_t count = matrices(q), L = q.size(q.dim() - 2), S = k.size(k.dim() - 2), V = v.size(v.dim() - 1);
  const int64_t blocks = (L + kQueries - 1) / kQueries;
  dispatchFull("attention", q.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const AttentionLoops& loop = loops().attention;
    parallelFor(count * blocks, count * L * S, [&](int64_t begin, int64_t end) {
      std::vector<T> block(static_cast<size_t>(std::min(L, kQueries) * std::min(S, kKeys)));
      for (int64_t b = begin; b < end; b++) {
        const int64_t n = b / blocks, l = b % blocks * kQueries, rows = std::min(kQueries, L - l);
        const Scores<T> scores(q, k, how, n);
        const Rows<T> values(v, n), out(y, n);
        double tops[kQueries], sums[kQueries] = {};
        std::fill_n(tops, rows, -std::numeric_limits<double>::infinity());
        const int64_t keys = scores.keys(S, l + rows);
        for (int64_t s = 0; s < keys; s += kKeys) {
          const int64_t columns = std::min(kKeys, keys - s);
          scores(l, rows, s, columns, block.data());
          for (int64_t i = 0; i < rows; i++) {
            const double shrunk = loop.powers[kType<T>](columns, block.data() + i * columns, tops + i, sums + i);
            if (s > 0 && shrunk != 1) loop.times[kType<T>](V, out.at(l + i), shrunk);
          }
          gemmRaw<T>(false, false, rows, V, columns, 1, block.data(), columns, values.at(s), values.ld,
                     s == 0 ? T(0) : T(1), out.at(l), out.ld);
        }
        for (int64_t i = 0; i < rows; i++) {
          const bool any = sums[i] != 0;
          loop.times[kType<T>](V, out.at(l + i), any ? 1 / sums[i] : 0);
          logs.data<T>()[n * L + l + i] =
              any ? static_cast<T>(tops[i] + std::log(sums[i])) : std::numeric_limits<T>::infinity();
        }
      }
    });
  });
}

void attendGrad(const Tensor& dy, const Tensor& q, const Tensor& k, const Tensor& v, const AttentionHow& how,
                const Tensor& y, const Tensor& logs, const Tensor& dq, const Tensor& dk, const Tensor& dv) {
  const int64_t count = matrices(q), L = q.size(q.dim() - 2), S = k.size(k.dim() - 2);
  const int64_t E = q.size(q.dim() - 1), V = v.size(v.dim() - 1);
  dispatchFull("attention", q.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const AttentionLoops& loop = loops().attention;
    parallelFor(count, count * L * S, [&](int64_t begin, int64_t end) {
      const auto size = static_cast<size_t>(std::min(L, kQueries) * std::min(S, kKeys));
      std::vector<T> block(size), slopes(size);
      const T scale = static_cast<T>(how.scale);
      for (int64_t n = begin; n < end; n++) {
        const Scores<T> scores(q, k, how, n);
        const Rows<T> queries(q, n), keys(k, n), values(v, n), out(y, n), grad(dy, n), toQ(dq, n), toK(dk, n),
            toV(dv, n);
        for (int64_t s = 0; s < S; s++) {
          std::fill_n(toK.at(s), E, T(0));
          std::fill_n(toV.at(s), V, T(0));
        }
        for (int64_t l = 0; l < L; l += kQueries) {
          const int64_t rows = std::min(kQueries, L - l), seen = scores.keys(S, l + rows);
          double means[kQueries];
          for (int64_t i = 0; i < rows; i++) means[i] = loop.dot[kType<T>](V, grad.at(l + i), out.at(l + i));
          for (int64_t s = 0; s < seen; s += kKeys) {
            const int64_t columns = std::min(kKeys, seen - s);
            scores(l, rows, s, columns, block.data());
            gemmRaw<T>(false, true, rows, columns, V, 1, grad.at(l), grad.ld, values.at(s), values.ld, 0, slopes.data(),
                       columns);
            for (int64_t i = 0; i < rows; i++)
              loop.slopes[kType<T>](columns, block.data() + i * columns, logs.data<T>()[n * L + l + i], means[i],
                                    slopes.data() + i * columns);
            gemmRaw<T>(true, false, columns, V, rows, 1, block.data(), columns, grad.at(l), grad.ld, 1, toV.at(s),
                       toV.ld);
            gemmRaw<T>(true, false, columns, E, rows, scale, slopes.data(), columns, queries.at(l), queries.ld, 1,
                       toK.at(s), toK.ld);
            gemmRaw<T>(false, false, rows, E, columns, scale, slopes.data(), columns, keys.at(s), keys.ld,
                       s == 0 ? T(0) : T(1), toQ.at(l), toQ.ld);
          }
        }
      }
    });
  });
}

}  // namespace

const Fill table(cpuTable<AttentionKernels>, {.attend = attend, .attendGrad = attendGrad});

}  // namespace dtrain::cpu
