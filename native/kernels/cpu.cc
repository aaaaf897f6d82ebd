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

namespace cpu {
static const Backend table{DT_KERNELS(DT_TABLE_ENTRY)};
}
const Backend* cpuBackend() { return &cpu::table; }

}  // namespace dtrain
