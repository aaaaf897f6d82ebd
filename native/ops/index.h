// Reading and writing rows along a dimension by an index tensor, and joining tensors.
#pragma once

#include <vector>

#include "core/operand.h"

namespace dtrain {

Tensor indexSelect(const Tensor& x, int64_t dim, const Tensor& index);  // index int64 [k]
// x with rows y added along dim at an index, alpha times, written, or filled with a number or a tensor without
// dimensions
Tensor indexAdd(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, double alpha);
Tensor indexCopy(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y);
Tensor indexFill(const Tensor& x, int64_t dim, const Tensor& index, const Operand& value);
void indexAdd_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, double alpha);
void indexCopy_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y);
void indexFill_(const Tensor& x, int64_t dim, const Tensor& index, const Operand& value);
// The transpose of indexSelect, into zeros.
Tensor addedRows(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes);

Tensor cat(const std::vector<Tensor>& xs, int64_t dim);

}  // namespace dtrain
