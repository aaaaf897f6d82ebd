// Attention of queries over keys and values.
#include "ops/attention.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("attention");

DT_OP(scaledDotProductAttention, query, key, value, mask, dropoutP, causal, scale, gqa);

}  // namespace
}  // namespace dtrain::binding
