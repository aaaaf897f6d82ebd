// Rows of a table by their numbers, one for each or a sum, mean or maximum of several: bags. Their gradients are added
// up in the order of the numbers, so a repeated run agrees.
#pragma once

#include <optional>

#include "core/operand.h"

namespace dtrain {

// weight [V, D], index of any shape: [.., D]. The row at paddingIdx gets no gradient; byFrequency divides that of each
// row by how often the index has it.
Tensor embedding(const Tensor& weight, const Tensor& index, std::optional<int64_t> paddingIdx, bool byFrequency);

enum class Bag { sum, mean, max };
// Of index [B, L] each row is a bag; of [k] bag b begins at offsets[b], and with lastOffset the last number is where
// the last one ends. Each row times its weight, if they are given, for sums. Rows of paddingIdx are in no bag.
Tensor embeddingBag(const Tensor& weight, const Tensor& index, const MaybeTensor& offsets, Bag how, bool byFrequency,
                    const MaybeTensor& perSampleWeights, bool lastOffset, std::optional<int64_t> paddingIdx);

}  // namespace dtrain
