// Attention: softmax(scale q k^T + mask) v.
#pragma once

#include <optional>

#include "core/operand.h"

namespace dtrain {

// q [.., L, E], k [.., S, E], v [.., S, V]: [.., L, V]. A mask is bool, true where a query may look at a key, or is
// added to the scores; `causal` is one that hides keys behind the query's place. Weights are dropped with probability
// dropoutP. scale is 1 / sqrt(E) by default. With `gqa` several heads, dim -3, of queries share one of keys and values.
Tensor scaledDotProductAttention(const Tensor& query, const Tensor& key, const Tensor& value, const MaybeTensor& mask,
                                 double dropoutP, bool causal, std::optional<double> scale, bool gqa);

}  // namespace dtrain
