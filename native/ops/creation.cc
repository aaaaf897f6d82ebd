#include "ops/creation.h"

#include "ops/record.h"

namespace dtrain {

Tensor full(const Dims& sizes, double value, DType dtype, Device device) {
  Tensor y = empty(sizes, dtype, device);
  kernels(y).fill(y, value);
  return y;
}

Tensor arange(double start, double end, double step, DType dtype, Device device) {
  check(step != 0, Code::argument, "arange: step must not be 0");
  check((end >= start) == (step > 0) || start == end, Code::argument, "arange: step ", step,
        " leads away from the end: start ", start, ", end ", end);
  Tensor y = empty({static_cast<int64_t>(std::ceil((end - start) / step))}, dtype, device);
  kernels(y).arange(y, start, step);
  return y;
}

}  // namespace dtrain
