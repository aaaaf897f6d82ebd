// The CUDA kernels by name; backend.h says what each computes. All tensors of a call are on one device, where the work
// is queued on the current stream: a kernel has been asked for when its function returns, not computed.
#pragma once

#include "kernels/backend.h"

namespace dtrain::cuda {

DT_KERNELS(DT_DECLARE_KERNEL)

}  // namespace dtrain::cuda
