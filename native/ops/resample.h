// Images, and sequences and volumes, in another size.
#pragma once

#include <vector>

#include "core/tensor.h"

namespace dtrain {

enum class Interpolation { nearest, nearestExact, linear, cubic, area };

// x [N, C, …] with `size` in place of its last dims. scales: how much larger each dim is meant to be, where that is not
// the quotient of the sizes; else none. alignCorners: the centres of the corner elements coincide, not the corners.
// antialias: where it gets smaller, all elements under an output take part.
Tensor interpolate(const Tensor& x, const Dims& size, const std::vector<double>& scales, Interpolation mode,
                   bool alignCorners, bool antialias);

}  // namespace dtrain
