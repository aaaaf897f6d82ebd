// The choice of the instruction set for the inner loops: the best that the processor has, or the one that DTRAIN_LOOPS
// names, for tests of the others.
#include <cstdlib>
#include <string_view>

#include "core/error.h"
#include "kernels/cpu/choose.h"

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

const Loops& cpu::chooseLoops(const char* name) {
  const std::vector<const Loops*> usable = usableLoops();
  if (!name || !*name) return *usable.back();
  std::string names;
  for (const Loops* table : usable) {
    if (std::string_view(name) == table->name) return *table;
    names += str(names.empty() ? "" : ", ", table->name);
  }
  fail(Code::argument, "DTRAIN_LOOPS: this processor has ", names, ": ", name);
}

const Loops& loops() {
  static const Loops& chosen = cpu::chooseLoops(std::getenv("DTRAIN_LOOPS"));
  return chosen;
}

}  // namespace dtrain
