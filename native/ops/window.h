// What convolution and pooling share: checks of their windows, and sizes of their outputs.
#pragma once

#include "core/dims.h"
#include "kernels/window.h"

namespace dtrain {

// A window over the last `dims` dimensions. The kernel may be anything but too large.
Window windowOf(const char* op, int dims, const Dims& kernel, const Dims& stride, const Dims& padding,
                const Dims& dilation);

// The number of windows along dimension i of an input of size `in`; 0 where the first one does not fit. ceilMode counts
// one that passes the end.
int64_t outputSize(const Window& window, int i, int64_t in, bool ceilMode = false);

}  // namespace dtrain
