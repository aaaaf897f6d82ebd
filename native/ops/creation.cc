// Checks of what is to be made; the kernels fill it in. arange counts its elements first, and has PyTorch's rules for
// fractions.
#include "ops/creation.h"

#include "core/operand.h"
#include "kernels/copy.h"
#include "kernels/creation.h"
#include "ops/record.h"

namespace dtrain {

Tensor full(const Dims& sizes, double value, DType dtype, Device device) {
  Tensor y = empty(sizes, dtype, device);
  kernels<CopyKernels>(y).fill(y, value);
  return y;
}

Tensor arange(double start, double end, double step, DType dtype, Device device) {
  check(dtype != DType::boolean, Code::dtype, "arange: not defined for bool tensors");
  check(std::isfinite(start) && std::isfinite(end) && std::isfinite(step), Code::argument,
        "arange: expected finite numbers, got start ", start, ", end ", end, ", step ", step);
  // PyTorch's integers: int64 cuts the fractions off first, the others when the elements have been counted.
  const auto whole = [&](double v) { return isFloat(dtype) ? v : std::trunc(v); };
  if (dtype == DType::int64) {
    start = whole(start), end = whole(end), step = whole(step);
    check(isIntegral(start) && isIntegral(end) && isIntegral(step), Code::argument, "arange: start ", start, ", end ",
          end, ", step ", step, " do not fit int64");
  }
  check(step != 0, Code::argument, "arange: step must not be 0");
  check((end >= start) == (step > 0) || start == end, Code::argument, "arange: step ", step,
        " leads away from the end: start ", start, ", end ", end);
  const double count = std::ceil((end - start) / step);
  check(count < 0x1p53, Code::argument, "arange: ", count, " elements are too many");
  Tensor y = empty({static_cast<int64_t>(count)}, dtype, device);
  kernels<CreationKernels>(y).arange(y, whole(start), whole(step));
  return y;
}

}  // namespace dtrain
