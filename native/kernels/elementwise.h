// What the families of elementwise kernels have in common. A family (arithmetic.h, compare.h, unary.h, activation.h)
// is a list of lines X(name, Functor, dtypes, use); the functors, one formula each for all devices, are in
// math/<family>.h.
//
// Elements of any dtype are loaded as those of `common`, the promoted dtype; the formula is computed in
// computeOf(common), and the result is rounded once, to the dtype of `out`. So there are three instances of a formula
// (float, double, int64), and no temporary tensors for casts. A number is not rounded to a `common` that is a half, nor
// is a tensor without dimensions among others, as in PyTorch on GPUs; comparisons round both.
//
// dtypes says which instances there are: `floats` float and double, `numbers` int64 too, `integers` int64 alone. use:
// on CUDA, `hot` formulas, of which a step of training has many, get a kernel of their own for contiguous float16,
// bfloat16, float64 and int64 too; `rare` ones only for float32; `cold` ones have one kernel for all layouts.
//
// Tensors are broadcastable to `out`, which may have any strides and be one of them.
//
// Plain data, so that the inner loops (cpu/loops/<family>.cc) may include it.
#pragma once

#include "core/dtypes.h"

namespace dtrain {

class Tensor;
struct Operand;

#define DT_ENUMERATOR(name, Functor, dtypes, use) name,
#define DT_NAME(name, Functor, dtypes, use) #name,
#define DT_ONE(name, Functor, dtypes, use) +1

// Of a list: `enum class Op`, the number of its enumerators, and their names.
#define DT_ELEMENTWISE(Op, LIST)                        \
  enum class Op { LIST(DT_ENUMERATOR) };                \
  constexpr int k##Op##Count = LIST(DT_ONE);            \
  inline const char* name(Op op) {                      \
    static const char* const names[] = {LIST(DT_NAME)}; \
    return names[static_cast<int>(op)];                 \
  }

// The row of a table for a functor F: f<F<T>, T> for float, double and int64. Null: there is no such kernel.
#define DT_ROW_floats(f, F) \
  { f<F<float>, float>, f<F<double>, double>, nullptr }
#define DT_ROW_numbers(f, F) \
  { f<F<float>, float>, f<F<double>, double>, f<F<int64_t>, int64_t> }
#define DT_ROW_integers(f, F) \
  { nullptr, nullptr, f<F<int64_t>, int64_t> }

}  // namespace dtrain
