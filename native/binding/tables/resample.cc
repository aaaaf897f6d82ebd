// Images in another size.
#include "ops/resample.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("resample");

DT_OP(gridSampler, x, grid, mode, padding, alignCorners);
DT_OP(interpolate, x, size, scales, mode, alignCorners, antialias);

}  // namespace
}  // namespace dtrain::binding
