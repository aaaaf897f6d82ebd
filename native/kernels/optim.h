// Optimizers. One is a line in the list, a functor in math/optim.h and a class in src/optim:
// docs/adding-an-optimizer.md shows all places.
#pragma once

#include <vector>

namespace dtrain {

class Tensor;

// X(name, Functor, least, most, scalars): how many tensors of state a parameter has, which tells the variants of an
// optimizer apart, and how many numbers a step is given.
#define DT_OPTIMIZERS(X)                       \
  X(sgd, Sgd, 0, 1, 6)                         \
  X(adam, Adam, 2, 3, 8)                       \
  X(rmsprop, Rmsprop, 1, 2, 6)                 \
  X(centeredRmsprop, CenteredRmsprop, 2, 3, 6) \
  X(adagrad, Adagrad, 1, 1, 4)                 \
  X(adadelta, Adadelta, 2, 2, 5)               \
  X(adamax, Adamax, 2, 2, 6)                   \
  X(asgd, Asgd, 1, 1, 5)                       \
  X(nadam, Nadam, 2, 2, 9)                     \
  X(radam, Radam, 2, 2, 9)                     \
  X(rprop, Rprop, 2, 2, 5)

#define DT_OPTIMIZER(name, Functor, least, most, scalars) name,
#define DT_OPTIMIZER_ROW(name, Functor, least, most, scalars) {#name, least, most, scalars},

enum class Optimizer { DT_OPTIMIZERS(DT_OPTIMIZER) };

struct OptimizerRow {
  const char* name;
  int leastStates, mostStates, scalars;
};
constexpr OptimizerRow kOptimizers[] = {DT_OPTIMIZERS(DT_OPTIMIZER_ROW)};
constexpr int kMostStates = 3;

#undef DT_OPTIMIZER
#undef DT_OPTIMIZER_ROW

struct OptimKernels {
  // lists[0] are parameters, [1] their gradients, [2…] their states, one list each; all contiguous and of one dtype.
  // Halves are computed with as float, and each is rounded once
  void (&update)(Optimizer kind, const std::vector<std::vector<Tensor>>& lists, const std::vector<double>& scalars);
};

}  // namespace dtrain
