// Places in an order; what is there once; and elements several times, which is such a search too.
#pragma once

#include <optional>
#include <vector>

#include "core/operand.h"

namespace dtrain {

// How many elements of the last dim of `sorted`, which is ascending, or in the order of `sorter`, are less than each of
// the values, or with `right` at most that: int64, in the shape of the values. Of one dimension, sorted is for all
// values; else for those at the same place in the other dims.
Tensor searchsorted(const Tensor& sorted, const Operand& values, bool right, const MaybeTensor& sorter);

// The different elements in ascending order, or the different slices of a dim; then, if wanted, where each element is
// among them, and how often it is there. NaN is different from all.
std::vector<Tensor> unique(const Tensor& x, bool inverse, bool counts, std::optional<int64_t> dim);
// The same of neighbours only, which stay in their order.
std::vector<Tensor> uniqueConsecutive(const Tensor& x, bool inverse, bool counts, std::optional<int64_t> dim);

// Each element so many times, along a dim or of all in a row; outputSize is how many there will be.
Tensor repeatInterleave(const Tensor& x, int64_t repeats, std::optional<int64_t> dim,
                        std::optional<int64_t> outputSize);
// The same with a number for each; with outputSize the host need not wait for a device.
Tensor repeatInterleaveBy(const Tensor& x, const Tensor& repeats, std::optional<int64_t> dim,
                          std::optional<int64_t> outputSize);
// 0, 1, …, each so many times.
Tensor repeatedIndices(const Tensor& repeats, std::optional<int64_t> outputSize);

}  // namespace dtrain
