// The CPU's kernel table, and the choice of the instruction set for its inner loops.
#include "kernels/cpu.h"

#include "kernels/loops.h"

namespace dtrain {

#if defined(__x86_64__)
namespace sse2 {
extern const Loops table;
}
namespace avx2 {
extern const Loops table;
}
namespace avx512 {
extern const Loops table;
}

std::vector<const Loops*> cpu::usableLoops() {
  std::vector<const Loops*> usable{&sse2::table};
  if (__builtin_cpu_supports("x86-64-v3")) usable.push_back(&avx2::table);
  if (__builtin_cpu_supports("x86-64-v4")) usable.push_back(&avx512::table);
  return usable;
}
#else
namespace generic {
extern const Loops table;
}
std::vector<const Loops*> cpu::usableLoops() { return {&generic::table}; }
#endif

const Loops& loops() {
  static const Loops& best = *cpu::usableLoops().back();
  return best;
}

const Backend* cpuBackend() {
  static const Backend table{
      .fill = cpu::fill,
      .copy = cpu::copy,
      .arange = cpu::arange,
      .unary = cpu::unary,
      .binary = cpu::binary,
      .reduce = cpu::reduce,
      .maxDim = cpu::maxDim,
      .gemm = cpu::gemm,
      .conv2d = cpu::conv2d,
      .conv2dGradInput = cpu::conv2dGradInput,
      .conv2dGradWeight = cpu::conv2dGradWeight,
      .maxPool2d = cpu::maxPool2d,
      .logSoftmax = cpu::logSoftmax,
      .logSoftmaxGrad = cpu::logSoftmaxGrad,
      .nllLoss = cpu::nllLoss,
      .nllLossGrad = cpu::nllLossGrad,
      .indexSelect = cpu::indexSelect,
      .indexAdd = cpu::indexAdd,
      .gather = cpu::gather,
      .scatterAdd = cpu::scatterAdd,
      .uniform = cpu::uniform,
      .normal = cpu::normal,
      .randint = cpu::randint,
      .randperm = cpu::randperm,
      .sgd = cpu::sgd,
  };
  return &table;
}

const Backend& backend(Device device) {
  const Backend* found = device.type == Device::cpu ? cpuBackend() : cudaBackend();
  check(found, Code::unsupported, "device ", device, ": this build has no CUDA backend; use the CPU");
  return *found;
}

}  // namespace dtrain
