// Elements in another order, or several times: copies.
#pragma once

#include <vector>

#include "core/tensor.h"

namespace dtrain {

Tensor flip(const Tensor& x, const Dims& dims);
// By so many places along each dim; what goes over the end comes in at the start. Without dims, of all elements in a
// row.
Tensor roll(const Tensor& x, const Dims& shifts, const Dims& dims);
Tensor rot90(const Tensor& x, int64_t k, const Dims& dims);  // k times from the first of two dims to the second
// So many times along each dim, of which the last are x's.
Tensor repeat(const Tensor& x, const Dims& repeats);
Tensor tile(const Tensor& x, const Dims& dims);  // the same, but there may be fewer

// [.., c r², h, w] -> [.., c, h r, w r], and back.
Tensor pixelShuffle(const Tensor& x, int64_t upscaleFactor);
Tensor pixelUnshuffle(const Tensor& x, int64_t downscaleFactor);
// Channels, dim 1, of each group in turn.
Tensor channelShuffle(const Tensor& x, int64_t groups);

}  // namespace dtrain
