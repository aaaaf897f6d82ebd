// 2-d convolution: checks, and the three kernels (forward, gradient of the input, gradient of the weight).
#include "ops/conv.h"

#include "kernels/conv.h"
#include "ops/copy.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/view.h"
#include "ops/window.h"

namespace dtrain {

namespace {

Dims outputSizes(const Tensor& x, const Tensor& w, const Window& window) {
  Dims sizes{x.size(0), w.size(0)};
  for (int i = 0; i < window.dims; i++) {
    const int64_t in = x.size(2 + i), padded = in + 2 * window.padding[i];
    check(padded >= window.span(i), Code::shape, "conv2d: the kernel (", window.span(i),
          " with dilation) is larger than the padded input (", padded, ") in dim ", 2 + i, ": input ", x.sizes(),
          ", weight ", w.sizes());
    sizes.push(outputSize(window, i, in));
  }
  return sizes;
}

// The three kernels are bilinear and each other's derivatives, so these functions differentiate to any order.
Tensor forward(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Dims& sizes);
Tensor gradInput(const Tensor& dy, const Tensor& w, const ConvWindow& p, const Dims& sizes);
Tensor gradWeight(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Dims& sizes);

// The two saved factors of a product: each is needed only for the gradient of the other.
struct Factors {
  Factors(const Tensor& a, const Tensor& b)
      : wantA(requiresGrad(a)), wantB(requiresGrad(b)), sizesA(a.sizes()), sizesB(b.sizes()),
        a_(wantB ? Saved(a) : Saved()), b_(wantA ? Saved(b) : Saved()) {}
  Tensor a() const { return a_.get(); }
  Tensor b() const { return b_.get(); }
  void noteAs(const char* a, const char* b) const {
    note(a, a_);
    note(b, b_);
  }
  bool wantA, wantB;
  Dims sizesA, sizesB;

 private:
  Saved a_, b_;
};

void noteWindow(const Factors& f, const ConvWindow& p) {
  const auto sizes = [&](const int64_t* values) { return Dims{values[0], values[1]}; };
  f.noteAs("input", "weight");
  note("stride", sizes(p.stride));
  note("padding", sizes(p.padding));
  note("dilation", sizes(p.dilation));
  note("groups", p.groups);
}

Tensor forward(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Dims& sizes) {
  Tensor y = empty(sizes, x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<ConvKernels>(x).conv2d(contiguous(x), contiguous(w), bias.defined() ? contiguous(bias) : bias, p, y);
  }
  if (recording(x, w, bias))
    record("ConvolutionBackward0", y, {x, w, bias},
           [p, f = Factors(x, w), wantBias = requiresGrad(bias)](const Tensor& dy) {
             if (savedLog) noteWindow(f, p);
             return Grads{f.wantA ? gradInput(dy, f.b(), p, f.sizesA) : Tensor(),
                          f.wantB ? gradWeight(dy, f.a(), p, f.sizesB) : Tensor(),
                          wantBias ? sum(dy, Dims{0, 2, 3}, false, std::nullopt) : Tensor()};
           });
  return y;
}

Tensor gradInput(const Tensor& dy, const Tensor& w, const ConvWindow& p, const Dims& sizes) {
  Tensor dx = empty(sizes, dy.dtype(), dy.device());
  {
    const NoGrad guard;
    kernels<ConvKernels>(dy).conv2dGradInput(contiguous(dy), contiguous(w), p, dx);
  }
  if (recording(dy, w))
    record("ConvolutionBackwardBackward0", dx, {dy, w}, [p, f = Factors(dy, w)](const Tensor& g) {
      return Grads{f.wantA ? forward(g, f.b(), {}, p, f.sizesA) : Tensor(),
                   f.wantB ? gradWeight(f.a(), g, p, f.sizesB) : Tensor()};
    });
  return dx;
}

Tensor gradWeight(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Dims& sizes) {
  Tensor dw = empty(sizes, dy.dtype(), dy.device());
  {
    const NoGrad guard;
    kernels<ConvKernels>(dy).conv2dGradWeight(contiguous(dy), contiguous(x), p, dw);
  }
  if (recording(dy, x))
    record("ConvolutionBackwardBackward0", dw, {dy, x}, [p, f = Factors(dy, x)](const Tensor& g) {
      return Grads{f.wantA ? forward(f.b(), g, {}, p, f.sizesA) : Tensor(),
                   f.wantB ? gradInput(f.a(), g, p, f.sizesB) : Tensor()};
    });
  return dw;
}

}  // namespace

Tensor conv2d(const Tensor& x, const Tensor& weight, const MaybeTensor& bias, const Dims& stride, const Dims& padding,
              const Dims& dilation, int64_t groups) {
  if (x.dim() == 3) return squeeze(conv2d(unsqueeze(x, 0), weight, bias, stride, padding, dilation, groups), Dims{0});
  check(x.dim() == 4 && weight.dim() == 4, Code::shape,
        "conv2d: expected input [N, C, H, W] or [C, H, W] and weight [F, C / groups, R, S], got ", x.sizes(), " and ",
        weight.sizes());
  const ConvWindow p{windowOf("conv2d", 2, {weight.size(2), weight.size(3)}, stride, padding, dilation), groups};
  check(groups > 0, Code::argument, "conv2d: groups must be positive, got ", groups);
  check(x.size(1) == weight.size(1) * groups, Code::shape, "conv2d: input ", x.sizes(), " has ", x.size(1),
        " channels, weight ", weight.sizes(), " with groups ", groups, " expects ", weight.size(1) * groups);
  check(weight.size(0) % groups == 0, Code::shape, "conv2d: ", weight.size(0), " output channels do not divide into ",
        groups, " groups");
  check(x.dtype() == weight.dtype() && (!bias.defined() || bias.dtype() == x.dtype()), Code::dtype,
        "conv2d: dtypes differ: input ", x.dtype(), ", weight ", weight.dtype(),
        bias.defined() ? str(", bias ", bias.dtype()) : "", "; convert with .to()");
  check(!bias.defined() || (bias.dim() == 1 && bias.size(0) == weight.size(0)), Code::shape, "conv2d: expected bias [",
        weight.size(0), "], got ", bias.defined() ? bias.sizes() : Dims{});
  check(x.dtype() != DType::boolean, Code::dtype, "conv2d: not defined for bool tensors");
  if (!x.device().isCpu()) requireFloat("conv2d", x);  // cuDNN has no integers
  requireSameDevice("conv2d", x, weight);
  requireSameDevice("conv2d", x, bias);
  check(x.numel() > 0 || x.size(0) == 0 || x.size(1) == 0, Code::shape,
        "conv2d: only the batch or the channels may be empty, got input ", x.sizes());

  return forward(x, weight, bias, p, outputSizes(x, weight, p));
}

}  // namespace dtrain
