// The kernel table of a device.
#include "kernels/backend.h"

#include "core/runtime.h"

namespace dtrain {

const Backend& backend(Device device) {
  if (device.isCpu()) return *cpuBackend();
  runtime(device);  // throws where there is none
  return *cudaBackend();
}

}  // namespace dtrain
