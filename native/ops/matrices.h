// What ops of linear algebra share: how batches of matrices get to LAPACK and back, and what its info says.
#pragma once

#include "core/tensor.h"

namespace dtrain {

Tensor turned(const Tensor& x);  // rows and columns swapped
Dims batchOf(const Tensor& x);   // all sizes but the last two
Dims joined(Dims batch, int64_t last);
Dims joined(Dims batch, int64_t rows, int64_t columns);
inline int64_t rowsOf(const Tensor& x) { return x.size(x.dim() - 2); }
inline int64_t columnsOf(const Tensor& x) { return x.size(x.dim() - 1); }

void checkMatrices(const char* op, const Tensor& x);
void checkSquare(const char* op, const Tensor& x);
void checkSameKind(const char* op, const Tensor& a, const Tensor& b);  // dtype and device
// Whether A x = b is about vectors b: one, or one for each matrix.
bool isVector(const Tensor& a, const Tensor& b);

// The matrices of x, broadcast to a batch, as LAPACK has them: [count, columns, rows], contiguous. Those of `own` may
// be written to. And back to [batch.., rows, columns].
Tensor columnMajor(const Tensor& x, const Dims& batch);
Tensor ownColumnMajor(const Tensor& x, const Dims& batch);
Tensor rowMajor(const Tensor& y, const Dims& batch);
// An int32 for each matrix of a batch, 0.
Tensor zeroInfo(const Tensor& x);
// Ones on the diagonal of matrices of the batch, dtype and device of x.
Tensor identityLike(const Tensor& x, int64_t rows, int64_t columns);

// Throws for the first matrix of which info is not 0: "op: (Batch element 1): what(info)".
void checkInfo(const char* op, const Tensor& info, const std::function<std::string(int32_t)>& what);

// Outputs whose gradients nobody has worked out: asking for them is an error.
void recordUnknown(const char* op, const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs);

}  // namespace dtrain
