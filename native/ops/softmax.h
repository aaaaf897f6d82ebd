#pragma once

#include <optional>

#include "core/tensor.h"

namespace dtrain {

Tensor logSoftmax(const Tensor& x, int64_t dim, std::optional<DType> dtype);

}  // namespace dtrain
