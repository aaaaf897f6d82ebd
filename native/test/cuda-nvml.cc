// What the driver's library says of the GPUs that CUDA sees: the same text for emulated and for real ones.
#include "test/nvml.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

bool within(const std::optional<double>& value, double least, double most) {
  return !value || (*value >= least && *value <= most);
}

CUDA_TEST("cuda: NVML knows every device, with its memory in use and sensible values") {
  EXPECT(nvmlUnavailable().empty());
  constexpr int64_t kBytes = int64_t{64} << 20;
  const Tensor kept = empty({kBytes}, DType::uint8, kCuda);
  for (int i = 0; i < cudaRuntime()->deviceCount(); i++) {
    const GpuState gpu = gpuWith(cudaRuntime()->uuid(i));
    expect(gpu.problem.empty(), gpu.problem);
    EXPECT(gpu.uuid.starts_with("GPU-") || gpu.uuid.starts_with("MIG-"));
    EXPECT(!gpu.name.empty() && !gpu.busId.empty() && gpu.memoryTotal && gpu.memoryUsed);
    // What the driver keeps for itself is a part of it.
    const auto memory = static_cast<double>(cudaRuntime()->info(i).memory);
    EXPECT(*gpu.memoryTotal >= memory && *gpu.memoryTotal <= 1.2 * memory);
    EXPECT(*gpu.memoryUsed <= *gpu.memoryTotal && (i != kCuda.index || *gpu.memoryUsed >= kBytes));
    EXPECT(within(gpu.utilization, 0, 100) && within(gpu.memoryUtilization, 0, 100));
    EXPECT(within(gpu.temperature, 1, 120) && within(gpu.power, 1, 2000) && within(gpu.powerLimit, 1, 2000));
    EXPECT(within(gpu.multiprocessorClock, 1, 5000) && within(gpu.memoryClock, 1, 20000));
  }
}

}  // namespace
}  // namespace dtrain::test
