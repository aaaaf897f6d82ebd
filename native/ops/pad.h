// More elements around a tensor, or fewer.
#pragma once

#include <vector>

#include "core/tensor.h"

namespace dtrain {

// numbers: how many elements come before and behind the last dim, then the one before it, and so on; where negative, so
// many are cut off. What comes in is the value, or elements mirrored at the last one, the last one, or those of the
// other end.
enum class PadMode { constant, reflect, replicate, circular };
Tensor pad(const Tensor& x, const std::vector<int64_t>& numbers, PadMode mode, double value);
Tensor constantPadNd(const Tensor& x, const std::vector<int64_t>& numbers, double value);

}  // namespace dtrain
