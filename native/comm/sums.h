// The arithmetic of reductions between ranks on the CPU, for all dtypes.
#pragma once

#include <cstdint>

#include "core/dtype.h"

namespace dtrain {

// out[i] = sum over ranks of weights[r] from[r][i], always in the order of ranks; out may be one of the inputs. Floats
// of 16 bits are added as floats and rounded once. Of the others all weights are 1: integers wrap around, and a boolean
// is whether any is true.
void sumOfRanks(DType dtype, int64_t n, int ranks, const void* const* from, const double* weights, void* out);

}  // namespace dtrain
