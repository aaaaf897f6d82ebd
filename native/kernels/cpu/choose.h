// The tables of inner loops that there are.
#pragma once

#include <vector>

#include "kernels/cpu/loops.h"

namespace dtrain::cpu {

// All that this processor can run, the best last.
std::vector<const Loops*> usableLoops();
// The table of that name; null or empty: the best. Throws if this processor cannot run it.
const Loops& chooseLoops(const char* name);

}  // namespace dtrain::cpu
