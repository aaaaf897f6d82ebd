// backward(): walks the graph from the outputs, newest op first, and frees it on the way.
#pragma once

#include <functional>

#include "core/autograd.h"

namespace dtrain {

struct BackwardOptions {
  bool retainGraph = false;
  bool createGraph = false;
};

// Accumulates d root / d leaf into every leaf's gradient. An undefined gradient means 1 and needs a one-element root.
void backward(const Tensor& root, const Tensor& gradient, BackwardOptions options);

// Returns d outputs / d inputs and touches no leaf. Unreached inputs are undefined, or an error unless allowUnused.
std::vector<Tensor> gradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                              const std::vector<Tensor>& gradOutputs, BackwardOptions options, bool allowUnused);

// Runs f once when the backward pass that is running now has ended: f(true) when it went through, f(false) when it is
// being left by an exception, in which case f must not throw. Only valid from inside Node::apply.
void afterBackward(std::function<void(bool completed)> f);

}  // namespace dtrain
