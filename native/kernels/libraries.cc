// Each library is asked for its version here, so that nobody else includes its header for that.
#include "kernels/libraries.h"

#include <oneapi/dnnl/dnnl.h>

#include "core/error.h"
#include "kernels/cpu/loops.h"

extern "C" char* openblas_get_config();

namespace dtrain {

std::string openblasConfig() { return openblas_get_config(); }

std::string onednnVersion() {
  const dnnl_version_t* v = dnnl_version();
  return str(v->major, ".", v->minor, ".", v->patch);
}

std::string loopsName() { return loops().name; }

}  // namespace dtrain
