// See lapack.h. OpenBLAS has LAPACK's functions, but Debian no header of them beside it. A batch of small matrices is
// shared among threads, where OpenBLAS then has one each; a large matrix is left to its own threads.
#include "kernels/lapack.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/tensor.h"
#include "kernels/cpu/parallel.h"
#include "kernels/table.h"

#define DT_LAPACK(X)                                                                                                   \
  X(getrf, const int* m, const int* n, T* a, const int* lda, int* pivots, int* info)                                   \
  X(getrs, const char* trans, const int* n, const int* nrhs, const T* a, const int* lda, const int* pivots, T* b,      \
    const int* ldb, int* info)                                                                                         \
  X(geqrf, const int* m, const int* n, T* a, const int* lda, T* tau, T* work, const int* lwork, int* info)             \
  X(orgqr, const int* m, const int* n, const int* k, T* a, const int* lda, const T* tau, T* work, const int* lwork,    \
    int* info)                                                                                                         \
  X(ormqr, const char* side, const char* trans, const int* m, const int* n, const int* k, const T* a, const int* lda,  \
    const T* tau, T* c, const int* ldc, T* work, const int* lwork, int* info)                                          \
  X(syevd, const char* job, const char* triangle, const int* n, T* a, const int* lda, T* w, T* work, const int* lwork, \
    int* iwork, const int* liwork, int* info)                                                                          \
  X(gesdd, const char* job, const int* m, const int* n, T* a, const int* lda, T* s, T* u, const int* ldu, T* vt,       \
    const int* ldvt, T* work, const int* lwork, int* iwork, int* info)                                                 \
  X(sytrf, const char* triangle, const int* n, T* a, const int* lda, int* pivots, T* work, const int* lwork,           \
    int* info)                                                                                                         \
  X(sytrs, const char* triangle, const int* n, const int* nrhs, const T* a, const int* lda, const int* pivots, T* b,   \
    const int* ldb, int* info)

// sgetrf_ and the like of float, dgetrf_ of double; Lapack<float>::getrf and Lapack<double>::getrf.
#define DT_SINGLE(name, ...) void s##name##_(__VA_ARGS__);
#define DT_DOUBLE(name, ...) void d##name##_(__VA_ARGS__);
namespace dtrain::cpu {
namespace {

namespace single {
using T = float;
extern "C" {
DT_LAPACK(DT_SINGLE)
}
}  // namespace single
namespace twice {
using T = double;
extern "C" {
DT_LAPACK(DT_DOUBLE)
}
}  // namespace twice

template <class T>
struct Lapack;
#define DT_MEMBER(name, ...) static constexpr auto& name = single::s##name##_;
template <>
struct Lapack<float> {
  DT_LAPACK(DT_MEMBER)
};
#undef DT_MEMBER
#define DT_MEMBER(name, ...) static constexpr auto& name = twice::d##name##_;
template <>
struct Lapack<double> {
  DT_LAPACK(DT_MEMBER)
};

int rowsOf(const Tensor& x) { return static_cast<int>(x.size(2)); }
int columnsOf(const Tensor& x) { return static_cast<int>(x.size(1)); }

// The i-th matrix, or vector, of a batch; null of an undefined one.
template <class T>
T* at(const Tensor& x, int64_t i) {
  return x.defined() ? x.data<T>() + i * (x.numel() / x.size(0)) : nullptr;
}

// info = f(zero of the type, i) for each matrix of the batch x. What takes every matrix has no info, and then only a
// mistake of ours can make LAPACK refuse.
template <class F>
void eachMatrix(const char* name, const Tensor& x, const Tensor& info, F&& f) {
  const auto run = [&](auto zero) {
    constexpr int64_t kLarge = 64;  // rows or columns from which one matrix is worth several threads
    const int64_t n = x.size(0), rows = x.size(2), columns = x.size(1);
    const int64_t work = std::max(rows, columns) < kLarge ? n * rows * columns * std::min(rows, columns) : 0;
    std::vector<int> said(static_cast<size_t>(n));
    parallelFor(n, work, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) said[i] = f(zero, i);
    });
    if (info.defined()) return void(std::copy_n(said.data(), n, info.data<int32_t>()));
    for (const int one : said) check(one == 0, Code::internal, "linalg: ", name, " refused its argument ", -one);
  };
  if (x.dtype() == DType::float32) run(float());
  else run(double());
}

// Memory for a call that says how much it wants when it is asked with a length of -1, which a float may round down.
template <class T, class F>
void withWork(F&& call) {
  T wanted = 0;
  call(&wanted, -1);
  std::vector<T> work(static_cast<size_t>(std::ceil(std::nextafter(std::max<T>(1, wanted), INFINITY))));
  call(work.data(), static_cast<int>(work.size()));
}

void lu(const Tensor& a, const Tensor& pivots, const Tensor& info) {
  const int m = rowsOf(a), n = columnsOf(a);
  eachMatrix("getrf", a, info, [&](auto zero, int64_t i) {
    using T = decltype(zero);
    int said = 0;
    Lapack<T>::getrf(&m, &n, at<T>(a, i), &m, at<int32_t>(pivots, i), &said);
    return said;
  });
}

void luSolve(const Tensor& lu, const Tensor& pivots, bool transposed, const Tensor& b) {
  const int n = rowsOf(b), count = columnsOf(b);
  eachMatrix("getrs", b, Tensor(), [&](auto zero, int64_t i) {
    using T = decltype(zero);
    int said = 0;
    Lapack<T>::getrs(transposed ? "T" : "N", &n, &count, at<T>(lu, i), &n, at<int32_t>(pivots, i), at<T>(b, i), &n,
                     &said);
    return said;
  });
}

void qr(const Tensor& a, const Tensor& tau) {
  const int m = rowsOf(a), n = columnsOf(a);
  eachMatrix("geqrf", a, Tensor(), [&](auto zero, int64_t i) {
    using T = decltype(zero);
    int said = 0;
    withWork<T>(
        [&](T* work, int length) { Lapack<T>::geqrf(&m, &n, at<T>(a, i), &m, at<T>(tau, i), work, &length, &said); });
    return said;
  });
}

void householder(const Tensor& a, const Tensor& tau) {
  const int m = rowsOf(a), n = columnsOf(a), k = static_cast<int>(tau.size(1));
  eachMatrix("orgqr", a, Tensor(), [&](auto zero, int64_t i) {
    using T = decltype(zero);
    int said = 0;
    withWork<T>([&](T* work, int length) {
      Lapack<T>::orgqr(&m, &n, &k, at<T>(a, i), &m, at<T>(tau, i), work, &length, &said);
    });
    return said;
  });
}

void multiplyByQ(const Tensor& a, const Tensor& tau, bool left, bool transposed, const Tensor& c) {
  const int m = rowsOf(c), n = columnsOf(c), k = static_cast<int>(tau.size(1)), lda = rowsOf(a);
  eachMatrix("ormqr", c, Tensor(), [&](auto zero, int64_t i) {
    using T = decltype(zero);
    int said = 0;
    withWork<T>([&](T* work, int length) {
      Lapack<T>::ormqr(left ? "L" : "R", transposed ? "T" : "N", &m, &n, &k, at<T>(a, i), &lda, at<T>(tau, i),
                       at<T>(c, i), &m, work, &length, &said);
    });
    return said;
  });
}

// LAPACK's iterations need not end for infinities. -1 is what it would say of NaN.
constexpr int kNotFinite = -1;

// Whether elements are finite of an m x n matrix; of a triangle, where the iterations end for NaN, whether none is
// infinite.
template <class T>
bool finite(const T* a, int m, int n, char part) {
  for (int j = 0; j < n; j++) {
    const int from = part == 'L' ? j : 0, to = part == 'U' ? std::min(m, j + 1) : m;
    for (int i = from; i < to; i++)
      if (const T x = a[static_cast<int64_t>(j) * m + i]; part == 'A' ? !std::isfinite(x) : std::isinf(x)) return false;
  }
  return true;
}

void eigh(const Tensor& a, bool upper, bool vectors, const Tensor& values, const Tensor& info) {
  const int n = rowsOf(a);
  eachMatrix("syevd", a, info, [&](auto zero, int64_t i) {
    using T = decltype(zero);
    if (!finite(at<T>(a, i), n, n, upper ? 'U' : 'L')) return kNotFinite;
    int said = 0;
    std::vector<int> whole(vectors ? 3 + 5 * static_cast<size_t>(n) : 1);
    const int length = static_cast<int>(whole.size());
    withWork<T>([&](T* work, int lengthOfWork) {
      Lapack<T>::syevd(vectors ? "V" : "N", upper ? "U" : "L", &n, at<T>(a, i), &n, at<T>(values, i), work,
                       &lengthOfWork, whole.data(), &length, &said);
    });
    return said;
  });
}

void svd(const Tensor& a, const Tensor& u, const Tensor& s, const Tensor& vt, const Tensor& info) {
  const int m = rowsOf(a), n = columnsOf(a), k = static_cast<int>(s.size(1));
  const char* const job = !u.defined() ? "N" : columnsOf(u) > k || rowsOf(vt) > k ? "A" : "S";
  const int ldvt = u.defined() ? rowsOf(vt) : 1;
  eachMatrix("gesdd", a, info, [&](auto zero, int64_t i) {
    using T = decltype(zero);
    if (!finite(at<T>(a, i), m, n, 'A')) return kNotFinite;
    int said = 0;
    std::vector<int> whole(8 * static_cast<size_t>(k));
    withWork<T>([&](T* work, int length) {
      Lapack<T>::gesdd(job, &m, &n, at<T>(a, i), &m, at<T>(s, i), at<T>(u, i), &m, at<T>(vt, i), &ldvt, work, &length,
                       whole.data(), &said);
    });
    return said;
  });
}

void ldl(const Tensor& a, const Tensor& pivots, const Tensor& info) {
  const int n = rowsOf(a);
  eachMatrix("sytrf", a, info, [&](auto zero, int64_t i) {
    using T = decltype(zero);
    int said = 0;
    withWork<T>([&](T* work, int length) {
      Lapack<T>::sytrf("L", &n, at<T>(a, i), &n, at<int32_t>(pivots, i), work, &length, &said);
    });
    return said;
  });
}

void ldlSolve(const Tensor& ldl, const Tensor& pivots, const Tensor& b) {
  const int n = rowsOf(b), count = columnsOf(b);
  eachMatrix("sytrs", b, Tensor(), [&](auto zero, int64_t i) {
    using T = decltype(zero);
    int said = 0;
    Lapack<T>::sytrs("L", &n, &count, at<T>(ldl, i), &n, at<int32_t>(pivots, i), at<T>(b, i), &n, &said);
    return said;
  });
}

const Fill table(cpuTable<LapackKernels>, {.lu = lu,
                                           .luSolve = luSolve,
                                           .qr = qr,
                                           .householder = householder,
                                           .multiplyByQ = multiplyByQ,
                                           .eigh = eigh,
                                           .svd = svd,
                                           .ldl = ldl,
                                           .ldlSolve = ldlSolve});

}  // namespace
}  // namespace dtrain::cpu
