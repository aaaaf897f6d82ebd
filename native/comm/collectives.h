// Collectives of tensors as programs call them: what they ask of their arguments, what they make, and what autograd
// sees of it, which is nothing but the change of a tensor. The engines below (comm/communicator.h) trust their
// arguments.
#pragma once

#include <vector>

#include "comm/group.h"

namespace dtrain {

// A collective under way. Until the work is done, nobody may touch what was given.
struct Started {
  Ref<Work> work;  // null when there is nothing to do
  Tensor out{};    // what the collective makes, if it makes something: ready when the work is done
  // As PyTorch without async_op: see Work::wait().
  Tensor wait() const {
    if (work) work->wait();
    return out;
  }
};

// In place: x, contiguous, of any shape, becomes the sum of all ranks' x, or their mean if they are floats. Sums of
// halves are taken in float and rounded once on the CPU, and rounded after each step by NCCL. Those of integers wrap
// around, and that of booleans is whether any is true.
Started allReduce(Group& group, const Tensor& x, ReduceOp op);
// In place: every x, contiguous, becomes rank root's. They may be on both devices, and those of one go together.
// Any dtype.
Started broadcast(Group& group, const std::vector<Tensor>& xs, int root);
// Makes [worldSize, ...x], by rank. Any dtype.
Started allGather(Group& group, const Tensor& x);
// Makes this rank's part, the rank-th of equal ones along dim 0, of the sum or mean that allReduce makes.
Started reduceScatter(Group& group, const Tensor& x, ReduceOp op);

}  // namespace dtrain
