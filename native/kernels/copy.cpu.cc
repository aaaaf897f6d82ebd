// See copy.h.
#include "kernels/copy.h"

#include "kernels/cpu/map.h"
#include "kernels/table.h"

namespace dtrain::cpu {

const Fill copyKernels(cpuTable<CopyKernels>, {.fill = fill, .copy = convert});

}  // namespace dtrain::cpu
