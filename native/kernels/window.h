// A window that slides over the last dimensions of a tensor, as in convolution and pooling.
#pragma once

#include <compare>
#include <cstdint>

namespace dtrain {

struct Window {
  int dims;  // 1 to 3; the arrays hold as many, the outermost first, and 0 behind them
  int64_t kernel[3], stride[3], padding[3], dilation[3];

  // Elements of the input from the first of a window to its last.
  int64_t span(int i) const { return dilation[i] * (kernel[i] - 1) + 1; }
  auto operator<=>(const Window&) const = default;
};

}  // namespace dtrain
