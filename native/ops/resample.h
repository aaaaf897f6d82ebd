// Images, and sequences and volumes, in another size, or at any places.
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

// x [N, C, …] at the places that grid [N, …, 2 or 3] has for each output: from -1 to 1 along each dim, the last one
// first; -1 is the centre of the first element if alignCorners, else its outer edge. Beyond them are zeros, the nearest
// element, or the elements in reverse.
enum class GridMode { bilinear, nearest, bicubic };
enum class GridPadding { zeros, border, reflection };
Tensor gridSampler(const Tensor& x, const Tensor& grid, GridMode mode, GridPadding padding, bool alignCorners);

}  // namespace dtrain
