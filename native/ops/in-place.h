// What an op that changes a tensor in place does to the graph: see Note [Recorded changes in place] in core/autograd.h.
#pragma once

#include "core/autograd.h"

namespace dtrain {

// The node becomes that of its i-th output, which is a new tensor or one that has been changed in place. A view or a
// tensor that has been made by another node has been changed; of any other `changed` says it.
void produce(Node& node, const Tensor& output, int i, bool changed);

// The node becomes that of its i-th output, whose elements it has not changed.
void lead(Node& node, const Tensor& output, int i);

// y, a view of x, follows the tensor whose elements both show, if autograd may watch that.
void markView(const Tensor& y, const Tensor& x);

}  // namespace dtrain
