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

// PyTorch's order of dimensions: sorted by their strides, as far as these tell, from the innermost.
Tensor emptyLike(const Tensor& x, DType dtype) {
  int order[kMaxDims];  // from the innermost
  const int dims = x.dim();
  for (int i = 0; i < dims; i++) order[i] = dims - 1 - i;
  const auto precedes = [&](int a, int b) {  // negative, positive, or 0 where strides do not tell
    const int64_t sa = x.stride(a), sb = x.stride(b);
    if (sa == 0 || sb == 0) return 0;
    if (sa != sb) return sa < sb ? -1 : 1;
    return x.size(a) > x.size(b) ? 1 : 0;
  };
  for (int i = 1; i < dims; i++)
    for (int at = i, before = i - 1; before >= 0; before--) {
      const int found = precedes(order[before], order[at]);
      if (found < 0) break;
      if (found == 0) continue;
      std::swap(order[before], order[at]);
      at = before;
    }
  Dims strides = x.sizes();
  int64_t step = 1;
  for (int i = 0; i < dims; i++) {
    strides[order[i]] = step;
    step *= std::max<int64_t>(x.size(order[i]), 1);
  }
  return alias(empty(x.sizes(), dtype, x.device()), x.sizes(), strides, 0);
}

Tensor emptyAmong(const Dims& sizes, std::initializer_list<const Tensor*> operands, DType dtype, Device device) {
  for (const Tensor* x : operands) {
    if (!x->defined() || !(x->sizes() == sizes) || !(x->device() == device)) continue;
    return x->isContiguous() ? empty(sizes, dtype, device) : emptyLike(*x, dtype);
  }
  return empty(sizes, dtype, device);
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

namespace {
Tensor spaced(const char* op, double start, double end, int64_t steps, double base, DType dtype, Device device) {
  check(dtype != DType::boolean, Code::dtype, op, ": not defined for bool tensors");
  check(steps >= 0, Code::argument, op, ": steps must not be negative, got ", steps);
  Tensor y = empty({steps}, dtype, device);
  if (steps > 1 && (!isFloat(dtype) || isHalf(dtype))) {  // the ends are numbers of the dtype
    const auto rounded = [&](double v) {
      double element;
      storeNumber(v, dtype, &element);
      return loadNumber(&element, dtype);
    };
    start = rounded(start), end = rounded(end);
  }
  kernels<CreationKernels>(y).linspace(y, start, end, base);
  return y;
}
}  // namespace

Tensor linspace(double start, double end, int64_t steps, DType dtype, Device device) {
  return spaced("linspace", start, end, steps, 0, dtype, device);
}

Tensor logspace(double start, double end, int64_t steps, double base, DType dtype, Device device) {
  check(base > 0, Code::argument, "logspace: base must be positive, got ", base);
  return spaced("logspace", start, end, steps, base, dtype, device);
}

}  // namespace dtrain
