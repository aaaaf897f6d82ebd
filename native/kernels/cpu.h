// The CPU kernels by name (backend.h says what each computes) and the helpers they share.
#pragma once

#include <omp.h>

#include "kernels/backend.h"

namespace dtrain {
struct Loops;
}

namespace dtrain::cpu {

// All inner loops that this processor can run, the best last.
std::vector<const Loops*> usableLoops();

void fill(const Tensor& out, double value);
void copy(const Tensor& x, const Tensor& out);
void arange(const Tensor& out, double start, double step);
void unary(Unary op, const Tensor& x, const Tensor& out);
void binary(Binary op, const Operand& x, const Operand& y, double alpha, const Tensor& out);
void reduce(Reduce op, const Tensor& x, const Tensor& out);
void maxDim(const Tensor& x, int dim, const Tensor& values, const Tensor& indices);
void gemm(const Tensor& a, const Tensor& b, const Tensor& c, double alpha, double beta);
void conv2d(const Tensor& x, const Tensor& w, const Tensor& bias, const Conv2d& p, const Tensor& y);
void conv2dGradInput(const Tensor& dy, const Tensor& w, const Conv2d& p, const Tensor& dx);
void conv2dGradWeight(const Tensor& dy, const Tensor& x, const Conv2d& p, const Tensor& dw);
void maxPool2d(const Tensor& x, const Pool2d& p, const Tensor& y, const Tensor& indices);
void logSoftmax(const Tensor& x, int dim, const Tensor& y);
void logSoftmaxGrad(const Tensor& dy, const Tensor& y, int dim, const Tensor& dx);
void nllLoss(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight, Reduction r,
             int64_t ignoreIndex, const Tensor& out, const Tensor& totalWeight);
void nllLossGrad(const char* op, const Tensor& dy, const Tensor& target, const Tensor& weight, Reduction r,
                 int64_t ignoreIndex, const Tensor& totalWeight, const Tensor& dx);
void indexSelect(const Tensor& x, int dim, const Tensor& index, const Tensor& out);
void indexAdd(const Tensor& dy, int dim, const Tensor& index, const Tensor& dx);
void gather(const Tensor& x, int dim, const Tensor& index, const Tensor& out);
void scatterAdd(const Tensor& dy, int dim, const Tensor& index, const Tensor& dx);
void uniform(const Tensor& out, double from, double to, Generator& g);
void normal(const Tensor& out, double mean, double std, Generator& g);
void randint(const Tensor& out, int64_t low, uint64_t range, Generator& g);
void randperm(const Tensor& out, Generator& g);
void sgd(const std::vector<Tensor>& params, const std::vector<Tensor>& grads, const std::vector<Tensor>& buffers,
         const Sgd& p);

// Row-major GEMM on raw pointers: c[m, n] = alpha op(a) op(b) + beta c, lda etc. in elements.
template <class T>
void gemmRaw(bool transA, bool transB, int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t lda, const T* b,
             int64_t ldb, T beta, T* c, int64_t ldc);

// Fewer elements than this are not worth waking other threads.
constexpr int64_t kGrain = 32768;

// Calls f(begin, end) on parts of [0, n), in parallel when the whole is at least `grain` units of work.
template <class F>
void parallelFor(int64_t n, int64_t work, F&& f) {
  if (n <= 1 || work < kGrain || omp_get_max_threads() == 1 || omp_in_parallel()) {
    if (n > 0) f(int64_t{0}, n);
    return;
  }
#pragma omp parallel
  {
    const int64_t threads = omp_get_num_threads(), me = omp_get_thread_num();
    const int64_t begin = n * me / threads, end = n * (me + 1) / threads;
    if (begin < end) f(begin, end);
  }
}

// The [outer, n, inner] picture of a contiguous tensor around `dim`.
struct Around {
  Around(const Dims& sizes, int dim) {
    for (int i = 0; i < sizes.size(); i++) (i < dim ? outer : i == dim ? n : inner) *= sizes[i];
  }
  int64_t outer = 1, n = 1, inner = 1;
};

}  // namespace dtrain::cpu
