// Elementwise kernels. One is named twice: by a line X(name, Functor, dtypes) in one of the lists below, and by its
// functor in functors.h. The lists make the enumerators, the names in messages, and the rows of all devices.
#pragma once

#include <cstdint>

namespace dtrain {

class Tensor;
struct Operand;

// Of one operand. dtypes: floats, numbers (without bool) or all.
#define DT_UNARY_KERNELS(X) \
  X(neg, Neg, numbers)      \
  X(exp, Exp, floats)       \
  X(log, Log, floats)       \
  X(relu, Relu, numbers)

// Of two operands; a functor with a member alpha gets the caller's.
#define DT_ARITHMETIC_KERNELS(X) \
  X(add, Add, all)               \
  X(sub, Sub, numbers)           \
  X(mul, Mul, all)               \
  X(div, Div, floats)            \
  X(reluGrad, ReluGrad, numbers)

// Of two operands, to bool.
#define DT_COMPARISON_KERNELS(X) \
  X(eq, Eq, all)                 \
  X(ne, Ne, all)                 \
  X(lt, Lt, all)                 \
  X(le, Le, all)                 \
  X(gt, Gt, all)                 \
  X(ge, Ge, all)

#define DT_BINARY_KERNELS(X) DT_ARITHMETIC_KERNELS(X) DT_COMPARISON_KERNELS(X)

// The C functions that functors call as DT_MATH(exp), each with a float variant (expf).
#define DT_MATH_FUNCTIONS(X) \
  X(exp)                     \
  X(log)

// The row of a table for a functor F: f<T, F<T>> per dtype, in the order of core/dtype.h. Null: there is no such
// kernel.
#define DT_ROW_floats(f, F) \
  { f<float, F<float>>, f<double, F<double>> }
#define DT_ROW_numbers(f, F) \
  { f<float, F<float>>, f<double, F<double>>, f<int64_t, F<int64_t>>, f<uint8_t, F<uint8_t>> }
#define DT_ROW_all(f, F) \
  { f<float, F<float>>, f<double, F<double>>, f<int64_t, F<int64_t>>, f<uint8_t, F<uint8_t>>, f<bool, F<bool>> }

#define DT_ENUMERATOR(name, Functor, dtypes) name,
#define DT_NAME(name, Functor, dtypes) #name,
#define DT_ONE(name, Functor, dtypes) +1

enum class Unary { DT_UNARY_KERNELS(DT_ENUMERATOR) };
enum class Binary { DT_BINARY_KERNELS(DT_ENUMERATOR) };

constexpr int kUnaries = DT_UNARY_KERNELS(DT_ONE);
constexpr int kBinaries = DT_BINARY_KERNELS(DT_ONE);

constexpr const char* kUnaryNames[] = {DT_UNARY_KERNELS(DT_NAME)};
constexpr const char* kBinaryNames[] = {DT_BINARY_KERNELS(DT_NAME)};
inline const char* name(Unary op) { return kUnaryNames[static_cast<int>(op)]; }
inline const char* name(Binary op) { return kBinaryNames[static_cast<int>(op)]; }
inline bool isComparison(Binary op) { return static_cast<int>(op) >= DT_ARITHMETIC_KERNELS(DT_ONE); }

#undef DT_ENUMERATOR
#undef DT_NAME
#undef DT_ONE

// Operands are broadcastable to out by stride 0; tensors have the computing dtype; out may alias an operand and have
// any strides.
struct UnaryKernels {
  void (&unary)(Unary op, const Tensor& x, const Tensor& out);
};
struct BinaryKernels {
  void (&binary)(Binary op, const Operand& x, const Operand& y, double alpha, const Tensor& out);
};

}  // namespace dtrain
