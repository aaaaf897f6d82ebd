// backward(): walks the graph from the outputs, newest op first, and frees it on the way.
#pragma once

#include <functional>
#include <string>

#include "core/autograd.h"
#include "core/operand.h"

namespace dtrain {

// Accumulates d roots / d leaf into every leaf's gradient. An undefined gradient means 1 and needs a one-element root.
// The graph can be walked again after retainGraph or createGraph; the latter records the walk itself.
// With `inputs`, only into theirs.
void backward(const std::vector<Tensor>& roots, const std::vector<MaybeTensor>& gradients = {},
              bool retainGraph = false, bool createGraph = false, const std::vector<Tensor>& inputs = {});

// Keeps the gradient of x as its `grad`, as that of a leaf is kept.
void retainGrad(const Tensor& x);

// In anomaly mode: where the nodes have been made whose backward failed last in this thread, for a message. Told once.
std::string takeFailedTrace();

// Returns d outputs / d inputs and touches no leaf. Unreached inputs are undefined, or an error unless allowUnused.
std::vector<MaybeTensor> gradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                                   const std::vector<MaybeTensor>& gradOutputs, bool retainGraph, bool createGraph,
                                   bool allowUnused);

// One of the gradients that gradients() returns; undefined while nothing has reached the input.
struct Captured {
  Tensor input, gradient;
};

// Called when a pass has ended: completed, or left by an exception, when it must not throw. It may change what the pass
// has captured, which is nothing in a pass of backward().
using AfterBackward = std::function<void(bool completed, std::vector<Captured>& captured)>;

// About the pass that is running in this thread. Only valid from inside Node::apply.
void afterBackward(AfterBackward f);  // calls f once
bool capturing();                     // it is one of gradients(), which touches no leaf
int collectivesAhead();               // how many of its nodes that wait for other ranks are still to come

}  // namespace dtrain
