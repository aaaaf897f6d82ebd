// In blocks that stay in the first-level cache, in the order of ranks.
#include "comm/sums.h"

#include <algorithm>
#include <cstring>

#include "kernels/cpu/source.h"

namespace dtrain {

void sumOfRanks(DType dtype, int64_t n, int ranks, const void* const* from, const double* weights, void* out) {
  using namespace cpu;
  const Compute compute = computeOf(dtype);
  if (typeOf(compute) == dtype && isFloat(dtype))
    return loops().reduce.weightedSum[indexOf(compute)](n, ranks, from, weights, out);

  const UnaryLoop load = loops().convert.load[indexOf(dtype)][indexOf(compute)],
                  store = loops().convert.store[indexOf(compute)][indexOf(dtype)];
  const BinaryLoop add = loops().arithmetic.of[static_cast<int>(Arithmetic::add)][indexOf(compute)];
  const int64_t item = itemSize(dtype), size = itemSize(typeOf(compute));
  Block sum, x;
  for (int64_t start = 0; start < n; start += kBlock) {
    const int64_t length = std::min(kBlock, n - start);
    std::memset(sum.bytes, 0, static_cast<size_t>(length * size));
    for (int r = 0; r < ranks; r++) {
      load(length, static_cast<const char*>(from[r]) + start * item, item, x.bytes, size);
      add(length, sum.bytes, size, x.bytes, size, weights[r], sum.bytes, size);
    }
    store(length, sum.bytes, size, static_cast<char*>(out) + start * item, item);
  }
}

}  // namespace dtrain
