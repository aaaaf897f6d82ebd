// Elementwise kernels on the CPU: an inner loop of cpu/loops/ along the nest of its operands, on several threads.
#pragma once

#include "core/operand.h"
#include "kernels/cpu/loops.h"

namespace dtrain::cpu {

// kernels/elementwise.h says what `common` is. `predicate`: the loop's results are bool, and so is `out`.
void map(const char* what, const UnaryRow& row, const Tensor& x, DType common, const Tensor& out);
void map(const char* what, const BinaryRow& row, const Operand& x, const Operand& y, double alpha, DType common,
         const Tensor& out, bool predicate = false);
void map(const char* what, const TernaryRow& row, const Operand& x, const Operand& y, const Operand& z, DType common,
         const Tensor& out);

// Every element of out becomes the number.
void fill(const Tensor& out, double value);
// Elements of x as those of another dtype, each rounded once.
void convert(const Tensor& x, const Tensor& out);

}  // namespace dtrain::cpu
