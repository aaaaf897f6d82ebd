// Reading and writing elements along a dimension at an index of their own, and in place.
#pragma once

#include <optional>

#include "core/operand.h"

namespace dtrain {

// out[.., j, ..] = x[.., index[.., j, ..], ..]; index int64, no larger than x outside dim
Tensor gather(const Tensor& x, int64_t dim, const Tensor& index);

// x with out[.., index[.., j, ..], ..] = y[.., j, ..], a number or a tensor that is at least as large as the index; or
// with y added there, or multiplied, which has no gradient.
enum class Merge { add, multiply };
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Operand& y, std::optional<Merge> merge = {});
void scatter_(const Tensor& x, int64_t dim, const Tensor& index, const Operand& y, std::optional<Merge> merge);

Tensor scatterAdd(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y);
void scatterAdd_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y);

// What becomes of all elements that come to one place, and with includeSelf of the one that is there.
enum class Gathering { sum, prod, mean, amax, amin };
Tensor scatterReduce(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, Gathering how,
                     bool includeSelf);
void scatterReduce_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, Gathering how,
                    bool includeSelf);
// The same with one index for all along the other dimensions.
Tensor indexReduce(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, Gathering how, bool includeSelf);
void indexReduce_(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& y, Gathering how, bool includeSelf);

// The transpose of gather, into zeros, for an index that is contiguous and has x's sizes outside dim; -1 is no place.
Tensor addedAt(const Tensor& dy, int dim, const Tensor& index, const Dims& sizes);
// gather for such an index; 0 from no place.
Tensor pick(const Tensor& x, int dim, const Tensor& index);

}  // namespace dtrain
