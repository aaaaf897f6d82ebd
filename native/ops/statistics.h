// Statistics, differences, integrals and histograms: made of other ops. Dims may be negative; none means all.
#pragma once

#include <optional>
#include <vector>

#include "core/operand.h"

namespace dtrain {

std::pair<Tensor, Tensor> aminmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim);  // smallest, largest
Tensor logsumexp(const Tensor& x, const Dims& dims, bool keepdim);
// Without the NaN
Tensor nansum(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype);
Tensor nanmean(const Tensor& x, std::optional<Dims> dims, bool keepdim, std::optional<DType> dtype);
Tensor countNonzero(const Tensor& x, std::optional<Dims> dims);  // int64
Tensor dist(const Tensor& x, const Tensor& y, double p);         // the p-norm of the difference
// x whose slices along dim have a p-norm of at most maxnorm
Tensor renorm(const Tensor& x, double p, int64_t dim, double maxnorm);
void renorm_(const Tensor& x, double p, int64_t dim, double maxnorm);

// n times x[i + 1] - x[i]
Tensor diff(const Tensor& x, int64_t n, int64_t dim, const MaybeTensor& prepend, const MaybeTensor& append);
// By trapezoids at places x, or dx apart
Tensor trapezoid(const Tensor& y, const MaybeTensor& x, double dx, int64_t dim);
Tensor cumulativeTrapezoid(const Tensor& y, const MaybeTensor& x, double dx, int64_t dim);
// Of each dim: by differences of second order, at the ends of first or second; neighbours are `spacing` apart, one
// number or one for each dim, or stand at `places`
std::vector<Tensor> gradient(const Tensor& x, const std::vector<double>& spacing, const std::vector<Tensor>& places,
                             std::optional<Dims> dims, int64_t edgeOrder);

// Of variables in rows, observations in columns; how often each was seen, and its weight
Tensor cov(const Tensor& x, double correction, const MaybeTensor& fweights, const MaybeTensor& aweights);
Tensor corrcoef(const Tensor& x);

// How many of the numbers 0, 1, … there are, or their weights added up
Tensor bincount(const Tensor& x, const MaybeTensor& weights, int64_t minlength);
// How many elements are in each of `bins` parts of min to max; of x's own range if these are equal
Tensor histc(const Tensor& x, int64_t bins, double min, double max);
// The same, or of weights, and the edges: of `bins` parts of a range, or at the numbers of a tensor
std::pair<Tensor, Tensor> histogram(const Tensor& x, int64_t bins, const std::vector<double>& range,
                                    const MaybeTensor& weight, bool density);
std::pair<Tensor, Tensor> histogramAt(const Tensor& x, const Tensor& edges, const MaybeTensor& weight, bool density);
// The same of rows [.., D] in cells of D dims: the counts and the edges of each dim, or the counts between given ones
std::vector<Tensor> histogramdd(const Tensor& x, const Dims& bins, const std::vector<double>& range,
                                const MaybeTensor& weight, bool density);
Tensor histogramddAt(const Tensor& x, const std::vector<Tensor>& edges, const MaybeTensor& weight, bool density);

}  // namespace dtrain
