// Selecting by tensors of indices.
#include "ops/index.h"

#include "binding/table.h"
#include "ops/brackets.h"
#include "ops/embedding.h"
#include "ops/scatter.h"
#include "ops/take.h"

namespace dtrain::binding {

namespace {

Group group("index");

DT_OP(indexSelect, x, dim, index);
DT_OP(indexAdd, x, dim, index, y, alpha);
DT_OP(indexAdd_, x, dim, index, y, alpha);
DT_OP(indexCopy, x, dim, index, y);
DT_OP(indexCopy_, x, dim, index, y);
DT_OP(indexFill, x, dim, index, value);
DT_OP(indexFill_, x, dim, index, value);
DT_OP(indexReduce, x, dim, index, y, how, includeSelf);
DT_OP(indexReduce_, x, dim, index, y, how, includeSelf);
DT_OP(gather, x, dim, index);
DT_OP(scatter, x, dim, index, y, merge);
DT_OP(scatter_, x, dim, index, y, merge);
DT_OP(scatterAdd, x, dim, index, y);
DT_OP(scatterAdd_, x, dim, index, y);
DT_OP(scatterReduce, x, dim, index, y, how, includeSelf);
DT_OP(scatterReduce_, x, dim, index, y, how, includeSelf);
DT_OP(index, x, at);
DT_OP(indexPut, x, at, values, accumulate);
DT_OP(indexPut_, x, at, values, accumulate);
DT_OP(nonzero, x);
DT_OP(nonzeroStatic, x, size, fillValue);
DT_OP(embedding, weight, index, paddingIdx, byFrequency);
DT_OP(embeddingBag, weight, index, offsets, how, byFrequency, perSampleWeights, lastOffset, paddingIdx);
DT_OP(take, x, index);
DT_OP(put, x, index, y, accumulate);
DT_OP(put_, x, index, y, accumulate);
DT_OP(takeAlongDim, x, index, dim);
DT_OP(maskedSelect, x, mask);
DT_OP(maskedScatter, x, mask, y);
DT_OP(maskedScatter_, x, mask, y);

}  // namespace
}  // namespace dtrain::binding
