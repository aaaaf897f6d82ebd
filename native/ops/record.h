// How an op joins the autograd graph. An op checks its arguments, computes its output with one kernel, and if
// recording() says so, record()s the formula of its gradient as a closure. The formula calls recorded ops again, so
// second derivatives follow from first ones wherever it is made of ops.
#pragma once

#include "core/autograd.h"
#include "core/saved-log.h"
#include "kernels/table.h"
#include "ops/copy.h"

namespace dtrain {

// A node whose formula is a closure from output gradients to input gradients.
class FunctionNode : public Node {
 public:
  using Formula = std::function<Grads(const Grads&)>;
  FunctionNode(const char* name, Formula formula) : Node(name), formula_(std::move(formula)) {}
  Grads apply(const Grads& dy) override { return formula_(dy); }
  void releaseSaved() override { formula_ = nullptr; }

 private:
  Formula formula_;
};

// Whether a formula holds tensors that backward() must free. One that holds none (views, sums) can run any number of
// times, as in PyTorch.
enum class Keeps { tensors, nothing };

// Attaches outputs to a new node. The formula sees one gradient per output (undefined = zero; the last ones may be
// left out) and returns one per input.
Node& recordMany(const char* name, const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                 FunctionNode::Formula formula, Keeps keeps = Keeps::tensors);

// One output, one input: formula(dy) -> dx.
template <class F>
void record(const char* name, const Tensor& y, const Tensor& x, F formula, Keeps keeps = Keeps::tensors) {
  recordMany(
      name, {y}, {x}, [formula = std::move(formula)](const Grads& dy) { return Grads{formula(dy[0])}; }, keeps);
}

// One output, several inputs: formula(dy) -> Grads.
template <class F>
void record(const char* name, const Tensor& y, const std::vector<Tensor>& inputs, F formula,
            Keeps keeps = Keeps::tensors) {
  recordMany(
      name, {y}, inputs, [formula = std::move(formula)](const Grads& dy) { return formula(dy[0]); }, keeps);
}

// y = f(x) with a gradient that needs dy alone, dy and y, or dy and x: y itself, recorded where that is wanted.
template <class F>
Tensor fromGradient(const char* name, const Tensor& y, const Tensor& x, F dx) {
  if (recording(x)) record(name, y, x, std::move(dx), Keeps::nothing);
  return y;
}
template <class F>
Tensor fromOutput(const char* name, const Tensor& y, const Tensor& x, F dx) {
  if (recording(x))
    record(name, y, x, [y = Saved::output(y), dx](const Tensor& dy) {
      note("result", y);
      return dx(dy, y.get());
    });
  return y;
}
template <class F>
Tensor fromInput(const char* name, const Tensor& y, const Tensor& x, F dx) {
  if (recording(x))
    record(name, y, x, [x = Saved(x), dx](const Tensor& dy) {
      note("self", x);
      return dx(dy, x.get());
    });
  return y;
}

// Where an op of one tensor writes its result of that dtype: into a new tensor or, in place, over x itself, which is
// marked as changed. Such an op is recorded as any other: see Note [Recorded changes in place] in core/autograd.h. It
// must not keep x for its gradient, but may keep a clone() or the result.
Tensor destination(const char* op, const Tensor& x, DType dtype, bool inPlace);

// x becomes f(x), the result of an op that is not in place: it takes its elements, and its place in the graph. f gets a
// copy of x, which may be kept for a gradient, or x itself if the gradient needs no tensors.
void become(const char* op, const Tensor& x, const std::function<Tensor(const Tensor&)>& f,
            Keeps keeps = Keeps::tensors);

// For an op that writes x anew, from no other tensor: checks that it may, marks x as changed, and records the node,
// whose gradient is 0.
void overwrite(const char* op, const char* node, const Tensor& x);

// x itself takes the shape, and the place in the graph, of a view of it that `make` returns. Its elements stay as they
// are, so other tensors on its storage may go on; what has been kept of x for a gradient may not.
void becomeView(const char* op, const Tensor& x, const std::function<Tensor()>& make);

// Other in-place ops are for data that autograd does not watch. Checks that, and marks x as changed.
void prepareInPlace(const char* op, const Tensor& x, const Tensor& other = {});

// Sums dy down to the sizes it was broadcast from, and casts it to the input's dtype.
Tensor sumTo(const Tensor& dy, const Dims& sizes, DType dtype);

// A formula of dy and x. For halves it is computed as float32 and rounded once, as PyTorch does: the roundings of all
// its ops would add up.
template <class F>
Tensor roundedOnce(const F& formula, const Tensor& dy, const Tensor& x) {
  if (!isHalf(x.dtype())) return formula(dy, x);
  const Tensor wideDy = cast(dy, DType::float32), wideX = cast(x, DType::float32);
  return cast(formula(wideDy, wideX), x.dtype());
}

void requireFloat(const char* op, const Tensor& x);

// What gradients that subtract or multiply many elements are computed in.
Tensor widened(const Tensor& x);

// Undefined tensors may be anywhere.
void requireSameDevice(const char* op, const Tensor& x, const Tensor& y);

}  // namespace dtrain
