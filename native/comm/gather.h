// DataParallel's way into the replicas and out of it: rows are handed out, outputs are put together, and gradients go
// the same ways back. The reducer averages the parameters' gradients beside it.
//
// Note [Exact sums]
// Outside the replicas all ranks compute the same, so a gradient there is the whole one, equal on all ranks. Inside, a
// rank holds the gradients of its rows, times the number of ranks. Then whatever leaves the replicas is exact:
//
//   scatter    own rows of x             its adjoint: the parts of all ranks joined, divided by the number of ranks
//   gather     the parts of all ranks    its adjoint: own rows of dy, times the number of ranks
//   parameter  the same on all ranks     its adjoint: the mean over the ranks
//
// The mean is the sum of what the rows gave, and leaves alone what a use outside the wrapper gave (a penalty on the
// weights), which is the same on all ranks. scatter and gather are each other's adjoint up to that number, and the
// mean's is the identity, so second derivatives are made of the same three.
//
// Replicas need not take the same path: one may leave out an input or a parameter. So the node of gather points to that
// of scatter (by a token without elements) and to all parameters: who reaches the outputs reaches them on every rank.
// And a replica must get everything that requires a gradient in one of these ways, or its gradient would be that of
// some rows.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "comm/reducer.h"

namespace dtrain {

// One call of the wrapped module. scatter() comes first, and one of the others ends it; after that nothing of the batch
// is held here.
class Gather : public RefCounted {
 public:
  explicit Gather(Ref<Reducer> reducer) : reducer_(std::move(reducer)) {}

  // This rank's rows of tensors that all ranks hold, all with the same number of rows. A rank for which there are none
  // is idle, and gets those of another one to find out what the module returns. `call` is a text that says how the
  // module is called.
  std::vector<Tensor> scatter(const std::vector<Tensor>& xs, const std::string& call);
  bool idle() const { return idle_; }

  // The ranks' ys, which all have rows, joined along dim 0. `structure` says in which structure the module returned
  // them. Throws on all ranks when anything differs that must not: what was given to scatter(), structures, dtypes,
  // sizes beyond dim 0.
  std::vector<Tensor> gather(const std::vector<Tensor>& ys, const std::string& structure);
  // The same for an idle rank, with the structure that the others say.
  std::pair<std::string, std::vector<Tensor>> gatherNothing();
  // When the module has thrown: throws on all ranks.
  [[noreturn]] void gatherFailure(const std::string& reason);

 private:
  const Ref<Reducer> reducer_;
  std::string batch_;
  std::vector<std::pair<Tensor, uint32_t>> versions_;  // of the inputs
  Tensor token_;                                       // undefined when no input requires a gradient
  bool idle_ = false;
};

}  // namespace dtrain
