// The [outer, n, inner] picture of a contiguous tensor around `dim`.
#pragma once

#include "core/dims.h"

namespace dtrain {

struct Around {
  Around(const Dims& sizes, int dim) {
    for (int i = 0; i < sizes.size(); i++) (i < dim ? outer : i == dim ? n : inner) *= sizes[i];
  }
  int64_t outer = 1, n = 1, inner = 1;
};

}  // namespace dtrain
