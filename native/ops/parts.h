// Matrices by some of their rows at a time, where what is made of all of them would be too large.
#pragma once

#include <algorithm>
#include <vector>

#include "ops/index.h"
#include "ops/view.h"

namespace dtrain {

// f(from, to) for parts of at most so many rows, one below the other; for no rows once too.
template <class F>
void forParts(int64_t rows, int64_t most, const F& f) {
  const int64_t part = std::max<int64_t>(1, most);
  for (int64_t from = 0; from == 0 || from < rows; from += part) f(from, std::min(rows, from + part));
}

inline Tensor someRows(const Tensor& x, int64_t from, int64_t to) { return slice(x, -2, from, to, 1); }

inline Tensor below(const std::vector<Tensor>& parts) { return parts.size() == 1 ? parts[0] : cat(parts, -2); }

}  // namespace dtrain
