// See copy.h; the kernels are those of cuda/map.cuh.
#include "kernels/copy.h"
#include "kernels/cuda/map.cuh"

namespace dtrain::cuda {
namespace {

// An element as it is; what loads and stores it converts.
template <class T>
struct Same {
  DT_HD T operator()(T x) const { return x; }
};

constexpr MapRow<1> rows[] = {DT_MAP_numbers(Same, 1, Use::hot)};

void fill(const Tensor& out, double value) { map("fill", rows[0], value, out.dtype(), out); }

void copy(const Tensor& x, const Tensor& out) { map("copy", rows[0], x, x.dtype(), out); }

}  // namespace

const Fill copyKernels(cudaTable<CopyKernels>, {.fill = fill, .copy = copy});

}  // namespace dtrain::cuda
