// The CUDA kernel table.
#include "kernels/cuda.h"

namespace dtrain {

namespace cuda {
static const Backend table{DT_KERNELS(DT_TABLE_ENTRY)};
}
const Backend* cudaBackend() { return &cuda::table; }

}  // namespace dtrain
