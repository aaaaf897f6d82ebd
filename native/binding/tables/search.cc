// Places in an order, what is there once, and elements several times.
#include "ops/search.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("search");

DT_OP(searchsorted, sorted, values, right, sorter);
DT_OP(unique, x, inverse, counts, dim);
DT_OP(uniqueConsecutive, x, inverse, counts, dim);
DT_OP(repeatInterleave, x, repeats, dim, outputSize);
DT_OP(repeatInterleaveBy, x, repeats, dim, outputSize);
DT_OP(repeatedIndices, repeats, outputSize);

}  // namespace
}  // namespace dtrain::binding
