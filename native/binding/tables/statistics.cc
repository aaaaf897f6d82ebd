// Statistics, differences, integrals and histograms; null dims means all.
#include "ops/statistics.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("statistics");

DT_OP(aminmax, x, dim, keepdim);
DT_OP(logsumexp, x, dims, keepdim);
DT_OP(nansum, x, dims, keepdim, dtype);
DT_OP(nanmean, x, dims, keepdim, dtype);
DT_OP(countNonzero, x, dims);
DT_OP(dist, x, y, p);
DT_OP(renorm, x, p, dim, maxnorm);
DT_OP(renorm_, x, p, dim, maxnorm);
DT_OP(diff, x, n, dim, prepend, append);
DT_OP(trapezoid, y, x, dx, dim);
DT_OP(cumulativeTrapezoid, y, x, dx, dim);
DT_OP(gradient, x, spacing, places, dims, edgeOrder);
DT_OP(cov, x, correction, fweights, aweights);
DT_OP(corrcoef, x);
DT_OP(bincount, x, weights, minlength);
DT_OP(histc, x, bins, min, max);
DT_OP(histogram, x, bins, range, weight, density);
DT_OP(histogramAt, x, edges, weight, density);
DT_OP(histogramdd, x, bins, range, weight, density);
DT_OP(histogramddAt, x, edges, weight, density);

}  // namespace
}  // namespace dtrain::binding
