// Softmax in its logarithmic form, which does not overflow; `dtype` casts first.
#pragma once

#include <optional>

#include "core/tensor.h"

namespace dtrain {

Tensor logSoftmax(const Tensor& x, int64_t dim, std::optional<DType> dtype);

}  // namespace dtrain
