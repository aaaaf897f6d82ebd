// The CUDA backend where NVIDIA's libraries refuse: its own tests (native/test) once more, with settings.
#include <cstdlib>

#include "emulation/test/support.h"
#include "test/conv.h"

namespace dtrain::test {
namespace {

// Tests whose names contain `filter` pass with these settings.
void pass(const std::string& filter, const Environment& settings) {
  const Ended ended = runSelf(filter, settings);
  expect(ended.status == 0 && ended.output.find("0 passed") == std::string::npos, filter, " with ", settings.front(),
         ":\n", ended.output);
}

TEST("backend on the emulation: matrix products where cuBLASLt has no algorithm, or refuses the one it had") {
  for (const char* kind : {"heuristic", "algorithm", "matmul"}) {
    const auto fault = [&](const char* when) { return Environment{str("DTRAIN_EMULATION_FAULT=", kind, when)}; };
    pass("cuda: gemm", fault(" times=60"));
    pass("cuda: gemm with a bias", fault(" after=1 times=1"));  // once: the bias is added afterwards
    pass("cuda: batches", fault(" times=8"));
  }
}

TEST("backend on the emulation: a convolution whose first algorithms are refused") {
  for (const char* when : {"times=1", "times=2", "after=2 times=1", "after=3 times=1"})
    pass("cuda: convolution, and", {str("DTRAIN_EMULATION_FAULT=convolution ", when)});
}

// Ones convolved with a filter of 3 x 3 ones.
std::vector<float> nines() {
  const Tensor x = toDevice(std::vector<float>(36, 1), {1, 1, 6, 6}),
               w = toDevice(std::vector<float>(9, 1), {1, 1, 3, 3}),
               y = toDevice(std::vector<float>(16, 0), {1, 1, 4, 4});
  CachingAllocator& memory = allocator(kCuda);
  const int64_t budget = memory.stats().budget;
  if (std::getenv("NO_WORKSPACE")) memory.setBudget(memory.stats().live);
  cudaTable<ConvKernels>->conv(x, w, {}, Convolution{x.sizes(), w.sizes()}.window(), y);
  memory.setBudget(budget);
  return toHost<float>(y);
}

TEST("backend on the emulation: a convolution without memory for the workspace of its first algorithms") {
  isolated("backend on the emulation: a convolution without", {"NO_WORKSPACE=1"}, [] {
    for (int i = 0; i < 2; i++) EXPECT(nines() == std::vector<float>(16, 9));
  });
}

TEST("backend on the emulation: a convolution that every algorithm refuses says so, every time") {
  isolated("backend on the emulation: a convolution that", {"DTRAIN_EMULATION_FAULT=convolution"}, [] {
    for (int i = 0; i < 2; i++)
      EXPECT(thrownBy(nines).message == "convolution: cudnnConvolutionForward failed: CUDNN_STATUS_NOT_SUPPORTED");
  });
}

TEST("backend on the emulation: memory of devices without pools") {
  for (const char* filter : {"cuda: memory", "cuda: a small copy", "cuda: pinned", "cuda: emptyCache", "cuda: devices"})
    pass(filter, {"DTRAIN_EMULATION=pools=0"});
  // So little that what is released must have been freed.
  pass("cuda: memory that is given back", {"DTRAIN_EMULATION=pools=0,memory=160KiB"});
}

TEST("backend on the emulation: an error that does not stick hides no later one, and a sticky one is told once") {
  isolated("backend on the emulation: an error that", {"DTRAIN_EMULATION_FAULT=launch"}, [] {
    const Runtime& cuda = runtime(kCuda);
    const Tensor x = empty({8}, DType::float32, kCuda);
    const dtrain::Event never(kCuda, true);
    thrownBy([&] { cuda.elapsedMs(never.handle, never.handle); });  // it was not recorded
    cudaTable<CopyKernels>->fill(x, 1);
    const Error lost = thrownBy([&] { cuda.synchronizeAll(); });
    EXPECT(lost.message.find("synchronize: CUDA: unspecified launch failure") == 0);
    cuda.synchronizeAll();
    EXPECT(thrownBy([&] { cuda.allocatePinned(8); }).message.find("pinMemory: CUDA: unspecified launch failure") == 0);
  });
}

TEST("backend on the emulation: copies between devices that do not reach each other, and that have no pools") {
  for (const char* setting : {"peers=0", "pools=0", "peers=0,pools=0"})
    pass("cuda: devices copy", {str("DTRAIN_EMULATION=", setting)});
}

}  // namespace
}  // namespace dtrain::test
