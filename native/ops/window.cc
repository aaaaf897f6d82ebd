// See window.h.
#include "ops/window.h"

#include <cstdint>

namespace dtrain {

Window windowOf(const char* op, int dims, const Dims& kernel, const Dims& stride, const Dims& padding,
                const Dims& dilation) {
  Window window{};
  window.dims = dims;
  for (const Dims* each : {&kernel, &stride, &padding, &dilation}) {
    check(each->size() == dims, Code::argument, op, ": expected windows of ", dims, " dimensions, got ", *each);
    for (const int64_t value : *each)
      check(value <= INT32_MAX, Code::argument, op, ": windows must be smaller than 2^31, got ", *each);
  }
  for (int i = 0; i < window.dims; i++) {
    check(stride[i] > 0, Code::argument, op, ": stride must be positive, got ", stride);
    check(padding[i] >= 0, Code::argument, op, ": padding must not be negative, got ", padding);
    check(dilation[i] > 0, Code::argument, op, ": dilation must be positive, got ", dilation);
    window.kernel[i] = kernel[i];
    window.stride[i] = stride[i];
    window.padding[i] = padding[i];
    window.dilation[i] = dilation[i];
  }
  return window;
}

int64_t outputSize(const Window& window, int i, int64_t in, bool ceilMode) {
  const int64_t rest = in + 2 * window.padding[i] - window.span(i), stride = window.stride[i];
  if (rest < 0) return 0;
  const int64_t out = (rest + (ceilMode ? stride - 1 : 0)) / stride + 1;
  // The last window of ceil mode must start inside the input or its left padding.
  return ceilMode && (out - 1) * stride >= in + window.padding[i] ? out - 1 : out;
}

}  // namespace dtrain
