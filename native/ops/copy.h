// Copies and casts.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor clone(const Tensor& x, bool keepsLayout = false);  // contiguous, or dense in the layout of x
Tensor contiguous(const Tensor& x);                       // x itself when it already is
Tensor cast(const Tensor& x, DType dtype);
// x on another device; x itself when it is there. Blocks the host while memory of the host takes part, unless
// nonBlocking and that memory is pinned; then the caller leaves it unchanged until the device has got there.
Tensor to(const Tensor& x, Device device, bool nonBlocking = false);
void copy_(const Tensor& x, const Tensor& source, bool nonBlocking = false);
Tensor pinMemory(const Tensor& x);  // a copy in memory of the host that devices can reach by themselves
void fill_(const Tensor& x, double value);
void zero_(const Tensor& x);
bool isPinned(const Tensor& x);

}  // namespace dtrain
