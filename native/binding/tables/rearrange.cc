// Elements in another order, or several times.
#include "ops/rearrange.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("rearrange");

DT_OP(flip, x, dims);
DT_OP(roll, x, shifts, dims);
DT_OP(rot90, x, k, dims);
DT_OP(repeat, x, repeats);
DT_OP(tile, x, dims);
DT_OP(pixelShuffle, x, upscaleFactor);
DT_OP(pixelUnshuffle, x, downscaleFactor);
DT_OP(channelShuffle, x, groups);

}  // namespace
}  // namespace dtrain::binding
