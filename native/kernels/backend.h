// The kernel table: what a device must be able to compute. An op (native/ops) checks shapes and dtypes, allocates the
// output and calls one entry; a kernel trusts its arguments. Outputs are contiguous unless an entry says otherwise.
// A backend that is not in the build is a null pointer from a two-line file, so callers hold no #ifdef.
//
// A class or an index out of range is an Error{index}: of the call on the CPU, of the next wait on a device that
// computes later (Note [Device failures] in core/runtime.h), where it reads 0 and writes nothing.
#pragma once

#include <type_traits>
#include <vector>

#include "core/generator.h"
#include "core/operand.h"
#include "core/tensor.h"
#include "kernels/params.h"

namespace dtrain {

struct Backend {
  // out may have any strides
  void (*fill)(const Tensor& out, double value);
  void (*copy)(const Tensor& x, const Tensor& out);  // casts; any strides on both sides
  void (*arange)(const Tensor& out, double start, double step);

  // x, y broadcastable to out by stride 0; tensors have the computing dtype; out may alias an input and have any
  // strides
  void (*unary)(Unary op, const Tensor& x, const Tensor& out);
  void (*binary)(Binary op, const Operand& x, const Operand& y, double alpha, const Tensor& out);

  // reduced dimensions of x have size 1 in out (keepdim form); sum of floats accumulates in double
  void (*reduce)(Reduce op, const Tensor& x, const Tensor& out);
  // x [outer, n, inner] by strides of `dim`; first of equal values wins, NaN is the largest
  void (*maxDim)(const Tensor& x, int dim, const Tensor& values, const Tensor& indices);

  // c [m, n] = alpha a [m, k] b [k, n] + beta c + bias [n]; a and b need one unit stride each, c is row major, bias is
  // contiguous or undefined
  void (*gemm)(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& c, double alpha, double beta);
  // c [batch, m, n] = a [batch, m, k] b [batch, k, n]; the matrices as above, any distance apart; c is contiguous
  void (*bmm)(const Tensor& a, const Tensor& b, const Tensor& c);

  // x [N, C, H, W], w [F, C / groups, R, S], y [N, F, P, Q], all contiguous; bias may be undefined
  void (*conv2d)(const Tensor& x, const Tensor& w, const Tensor& bias, const Conv2d& p, const Tensor& y);
  void (*conv2dGradInput)(const Tensor& dy, const Tensor& w, const Conv2d& p, const Tensor& dx);
  void (*conv2dGradWeight)(const Tensor& dy, const Tensor& x, const Conv2d& p, const Tensor& dw);

  // indices (int64) are positions in the H x W plane, -1 for a window that misses the image
  void (*maxPool2d)(const Tensor& x, const Pool2d& p, const Tensor& y, const Tensor& indices);

  // contiguous, along dim: y = x - max - log sum exp(x - max);  dx = dy - exp(y) sum dy
  void (*logSoftmax)(const Tensor& x, int dim, const Tensor& y);
  void (*logSoftmaxGrad)(const Tensor& dy, const Tensor& y, int dim, const Tensor& dx);

  // op names the caller in errors; x [N, C, S], target int64 [N, S], weight [C] or undefined; out [N, S] (none) or 0-d;
  // totalWeight 0-d
  void (*nllLoss)(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight, Reduction r,
                  int64_t ignoreIndex, const Tensor& out, const Tensor& totalWeight);
  void (*nllLossGrad)(const char* op, const Tensor& dy, const Tensor& target, const Tensor& weight, Reduction r,
                      int64_t ignoreIndex, const Tensor& totalWeight, const Tensor& dx);

  // x [outer, n, inner] contiguous, index int64 [k], checked against n; out [outer, k, inner]
  void (*indexSelect)(const Tensor& x, int dim, const Tensor& index, const Tensor& out);
  void (*indexAdd)(const Tensor& dy, int dim, const Tensor& index, const Tensor& dx);  // dx += scattered dy
  // index [outer, k, inner]: out[o, j, i] = x[o, index[o, j, i], i], and its transpose, which adds into dx; -1 reads 0
  // and writes nothing
  void (*gather)(const Tensor& x, int dim, const Tensor& index, const Tensor& out);
  void (*scatterAdd)(const Tensor& dy, int dim, const Tensor& index, const Tensor& dx);

  void (*uniform)(const Tensor& out, double from, double to, Generator& g);
  void (*normal)(const Tensor& out, double mean, double std, Generator& g);
  void (*randint)(const Tensor& out, int64_t low, uint64_t range, Generator& g);
  void (*randperm)(const Tensor& out, Generator& g);

  // all contiguous and of one dtype; buffers may be empty (no momentum)
  void (*sgd)(const std::vector<Tensor>& params, const std::vector<Tensor>& grads, const std::vector<Tensor>& buffers,
              const Sgd& p);
};

// All entries once more, so that a backend declares its functions and fills its table without a list of its own. One
// that it lacks is an undefined reference.
// clang-format off
#define DT_KERNELS(X)                                                                        \
  X(fill) X(copy) X(arange) X(unary) X(binary) X(reduce) X(maxDim) X(gemm) X(bmm)            \
  X(conv2d) X(conv2dGradInput) X(conv2dGradWeight) X(maxPool2d) X(logSoftmax)                \
  X(logSoftmaxGrad) X(nllLoss) X(nllLossGrad) X(indexSelect) X(indexAdd) X(gather)           \
  X(scatterAdd) X(uniform) X(normal) X(randint) X(randperm) X(sgd)
// clang-format on
#define DT_DECLARE_KERNEL(entry) std::remove_pointer_t<decltype(Backend::entry)> entry;
#define DT_TABLE_ENTRY(entry) .entry = entry,
#define DT_ONE_KERNEL(entry) +1
static_assert(sizeof(Backend) == sizeof(&Backend::fill) * (DT_KERNELS(DT_ONE_KERNEL)), "DT_KERNELS lacks an entry");
#undef DT_ONE_KERNEL

const Backend* cpuBackend();
const Backend* cudaBackend();

// The [outer, n, inner] picture of a contiguous tensor around `dim`.
struct Around {
  Around(const Dims& sizes, int dim) {
    for (int i = 0; i < sizes.size(); i++) (i < dim ? outer : i == dim ? n : inner) *= sizes[i];
  }
  int64_t outer = 1, n = 1, inner = 1;
};

// The table of a device, or Error{unsupported} saying how to get it.
const Backend& backend(Device device);

}  // namespace dtrain
