// Tensors from nothing.
#pragma once

#include <initializer_list>

#include "core/tensor.h"

namespace dtrain {

Tensor full(const Dims& sizes, double value, DType dtype, Device device = {});
// Uninitialised and dense, with dimensions in the order in which x walks its memory, as torch.empty_like: so that
// random draws go to the elements that PyTorch gives them to
Tensor emptyLike(const Tensor& x, DType dtype);
// The result of an elementwise op: in the layout of the first operand of its sizes, as in PyTorch, so that memory is
// walked in order where the operands agree. Undefined ones may be among them.
Tensor emptyAmong(const Dims& sizes, std::initializer_list<const Tensor*> operands, DType dtype, Device device);
inline Tensor emptyAmong(const Tensor& x, DType dtype) { return emptyAmong(x.sizes(), {&x}, dtype, x.device()); }
// start, start + step, … < end
Tensor arange(double start, double end, double step, DType dtype, Device device = {});
// `steps` numbers from start to end, both included; and the powers of base with those exponents
Tensor linspace(double start, double end, int64_t steps, DType dtype, Device device = {});
Tensor logspace(double start, double end, int64_t steps, double base, DType dtype, Device device = {});

}  // namespace dtrain
