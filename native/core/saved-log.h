// Which tensors the formulas of a graph ask for, for pictures of it: formulas are closures, so only running them tells.
#pragma once

#include <utility>
#include <vector>

#include "core/autograd.h"

namespace dtrain {

using SavedLog = std::vector<std::pair<Ref<Node>, Tensor>>;

// While there is one in this thread, Saved::get() writes into it what it gives, and to which node.
extern thread_local SavedLog* savedLog;

}  // namespace dtrain
