// Positions that ops are given in tensors, and bringing elements there.
#pragma once

#include "core/tensor.h"
#include "kernels/scatter.h"
#include "ops/record.h"

namespace dtrain {

enum class Negative { refused, fromEnd };

// The positions along dim `dim` of size n as the kernels take them: int64, contiguous, on the device, and none
// negative. On the CPU they are checked here; a device reports what is out of range when it gets there. Of int32 or
// int64.
Tensor positionsIn(const char* op, const Tensor& index, int dim, int64_t n, Device device,
                   Negative negative = Negative::refused);

// Brings the elements of y to an index along dim of x: each its own, or rows where the index has one dimension. Both
// contiguous, of one dtype; where halves are added, x may be float32. In the order of y on the CPU; on CUDA so where
// libraryChoices.deterministic says so, or how asks for what has no atomics.
void bring(const char* op, Combine how, const Tensor& y, int dim, const Tensor& index, const Tensor& x);

// A tensor without dimensions as one of one element.
Tensor atLeast1d(const Tensor& x);

// The form in place of an op that changes a part of x: `into` writes into x where nothing has to be recorded; otherwise
// x becomes the result of the other form.
template <class Op, class Into>
void changePart(const char* op, const Tensor& x, const Tensor& y, const Op& outOfPlace, const Into& into) {
  if (recording(x, y)) return become(op, x, outOfPlace);
  prepareInPlace(op, x);
  const NoGrad guard;
  into(atLeast1d(x));
}

}  // namespace dtrain
