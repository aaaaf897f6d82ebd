// Convolution: checks, and the three kernels (forward, gradient of the input, gradient of the weight). A transposed one
// is the gradient for the input of a convolution, so it has no kernel of its own.
#include "ops/conv.h"

#include "kernels/conv.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/pad.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/view.h"
#include "ops/window.h"

namespace dtrain {

namespace {

// Kernels go over two dimensions or three: one gets a size of 1 in front.
Tensor operand(const Tensor& x) {
  const Tensor rows = contiguous(x);
  if (x.dim() > 3) return rows;
  Dims sizes = rows.sizes();
  sizes.insert(2, 1);
  return alias(rows, sizes, contiguousStrides(sizes), rows.impl()->offset);
}

ConvWindow operand(ConvWindow p) {
  if (p.dims > 1) return p;
  p.dims = 2;
  for (int64_t* values : {p.kernel, p.stride, p.padding, p.dilation}) std::swap(values[0], values[1]);
  p.kernel[0] = p.stride[0] = p.dilation[0] = 1;
  return p;
}

// The three kernels are bilinear and each other's derivatives, so these functions differentiate to any order. The first
// two take a bias, and the name of the node that is recorded.
constexpr const char *kConvolution = "ConvolutionBackward0", *kGradient = "ConvolutionBackwardBackward0";
Tensor forward(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Dims& sizes);
Tensor gradInput(const char* node, const Tensor& dy, const Tensor& w, const Tensor& bias, const ConvWindow& p,
                 const Dims& sizes);
Tensor gradWeight(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Dims& sizes);

Tensor gradBias(const Tensor& dy) {
  Dims dims{0};
  for (int i = 2; i < dy.dim(); i++) dims.push(i);
  return sum(dy, dims, false, std::nullopt);
}

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
  const auto sizes = [&](const int64_t* values) {
    Dims out;
    for (int i = 0; i < p.dims; i++) out.push(values[i]);
    return out;
  };
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
    kernels<ConvKernels>(x).conv(operand(x), operand(w), bias.defined() ? contiguous(bias) : bias, operand(p),
                                 operand(y));
  }
  if (recording(x, w, bias))
    record(kConvolution, y, {x, w, bias}, [p, f = Factors(x, w), wantBias = requiresGrad(bias)](const Tensor& dy) {
      if (savedLog) noteWindow(f, p);
      return Grads{f.wantA ? gradInput(kGradient, dy, f.b(), {}, p, f.sizesA) : Tensor(),
                   f.wantB ? gradWeight(dy, f.a(), p, f.sizesB) : Tensor(), wantBias ? gradBias(dy) : Tensor()};
    });
  return y;
}

// The kernel has no bias. It is added to what has not been rounded to halves yet, where cuDNN does not round by itself.
void gradInputKernel(const Tensor& dy, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Tensor& dx) {
  if (bias.defined() && isHalf(dx.dtype()) && dx.device().isCpu()) {
    const auto wide = [](const Tensor& x) { return cast(x, DType::float32); };
    const Tensor sum = empty(dx.sizes(), DType::float32);
    gradInputKernel(wide(dy), wide(w), wide(bias), p, sum);
    return copy_(dx, sum);
  }
  kernels<ConvKernels>(dy).convGradInput(operand(dy), operand(w), operand(p), operand(dx));
  if (!bias.defined()) return;
  Dims beside(p.dims + 1, 1);
  beside[0] = bias.size(0);
  add_(dx, view(bias, beside));
}

Tensor gradInput(const char* node, const Tensor& dy, const Tensor& w, const Tensor& bias, const ConvWindow& p,
                 const Dims& sizes) {
  Tensor dx = empty(sizes, dy.dtype(), dy.device());
  {
    const NoGrad guard;
    gradInputKernel(dy, w, bias, p, dx);
  }
  if (recording(dy, w, bias))
    record(node, dx, {dy, w, bias}, [p, f = Factors(dy, w), wantBias = requiresGrad(bias)](const Tensor& g) {
      if (savedLog) noteWindow(f, p);
      return Grads{f.wantA ? forward(g, f.b(), {}, p, f.sizesA) : Tensor(),
                   f.wantB ? gradWeight(f.a(), g, p, f.sizesB) : Tensor(), wantBias ? gradBias(g) : Tensor()};
    });
  return dx;
}

Tensor gradWeight(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Dims& sizes) {
  Tensor dw = empty(sizes, dy.dtype(), dy.device());
  {
    const NoGrad guard;
    kernels<ConvKernels>(dy).convGradWeight(operand(dy), operand(x), operand(p), operand(dw));
  }
  if (recording(dy, x))
    record(kGradient, dw, {dy, x}, [p, f = Factors(dy, x)](const Tensor& g) {
      return Grads{f.wantA ? forward(f.b(), g, {}, p, f.sizesA) : Tensor(),
                   f.wantB ? gradInput(kGradient, f.a(), g, {}, p, f.sizesB) : Tensor()};
    });
  return dw;
}

// What conv and convTranspose of 1 to 3 dimensions refuse. A transposed weight is that of the convolution whose
// gradient it is, so its first dimension is the input's channels.
void checkOperands(const Tensor& x, const Tensor& w, const MaybeTensor& bias, const ConvWindow& p, bool transposed) {
  check(p.groups > 0, Code::argument, "convolution: groups must be positive, got ", p.groups);
  const int64_t expected = transposed ? w.size(0) : w.size(1) * p.groups;
  check(x.size(1) == expected, Code::shape, "convolution: input ", x.sizes(), " has ", x.size(1), " channels, weight ",
        w.sizes(), " with groups ", p.groups, " expects ", expected);
  check(w.size(0) % p.groups == 0, Code::shape, "convolution: ", w.size(0), transposed ? " input" : " output",
        " channels do not divide into ", p.groups, " groups");
  check(x.dtype() == w.dtype() && (!bias.defined() || bias.dtype() == x.dtype()), Code::dtype,
        "convolution: dtypes differ: input ", x.dtype(), ", weight ", w.dtype(),
        bias.defined() ? str(", bias ", bias.dtype()) : "", "; convert with .to()");
  const int64_t filters = transposed ? w.size(1) * p.groups : w.size(0);
  check(!bias.defined() || (bias.dim() == 1 && bias.size(0) == filters), Code::shape, "convolution: expected bias [",
        filters, "], got ", bias.defined() ? bias.sizes() : Dims{});
  check(x.dtype() != DType::boolean, Code::dtype, "convolution: not defined for bool tensors");
  if (!x.device().isCpu()) requireFloat("convolution", x);  // cuDNN has no integers
  requireSameDevice("convolution", x, w);
  requireSameDevice("convolution", x, bias);
  check(x.numel() > 0 || x.size(0) == 0 || x.size(1) == 0, Code::shape,
        "convolution: only the batch or the channels may be empty, got input ", x.sizes());
}

Tensor correlate(const Tensor& x, const Tensor& w, const MaybeTensor& bias, const ConvWindow& p) {
  Dims sizes{x.size(0), w.size(0)};
  for (int i = 0; i < p.dims; i++) {
    const int64_t in = x.size(2 + i), padded = in + 2 * p.padding[i];
    check(padded >= p.span(i), Code::shape, "convolution: the kernel (", p.span(i),
          " with dilation) is larger than the padded input (", padded, ") in dim ", 2 + i, ": input ", x.sizes(),
          ", weight ", w.sizes());
    sizes.push(outputSize(p, i, in));
  }
  return forward(x, w, bias, p, sizes);
}

// A stride leaves it open how large the result is: outputPadding adds to the smallest size. What is a stride or more of
// it are places that further inputs would have reached: those are 0.
Tensor transpose(const Tensor& x, const Tensor& w, const MaybeTensor& bias, const ConvWindow& p,
                 const Dims& outputPadding) {
  check(outputPadding.size() == p.dims, Code::argument, "convolution: expected outputPadding of ", p.dims,
        " dimensions, got ", outputPadding);
  Dims sizes{x.size(0), w.size(1) * p.groups};
  std::vector<int64_t> further;  // from the last dimension on
  for (int i = 0; i < p.dims; i++) {
    const int64_t extra = outputPadding[i];
    check(extra >= 0 && (extra < p.stride[i] || extra < p.dilation[i]), Code::argument,
          "convolution: outputPadding must not be negative, and smaller than stride or dilation, got outputPadding ",
          outputPadding, " in dim ", 2 + i, " with stride ", p.stride[i], ", dilation ", p.dilation[i]);
    check(x.size(2 + i) <= INT32_MAX, Code::shape, "convolution: more than 2147483647 elements in dim ", 2 + i,
          ": input ", x.sizes());
    const int64_t size = (x.size(2 + i) - 1) * p.stride[i] - 2 * p.padding[i] + p.span(i) + extra;
    check(size > 0, Code::shape, "convolution: the result would have size ", size, " in dim ", 2 + i, ": input ",
          x.sizes(), ", weight ", w.sizes());
    sizes.push(size);
    further.insert(further.begin(), {0, extra / p.stride[i]});
  }
  const bool more = std::ranges::any_of(further, [](int64_t n) { return n > 0; });
  return gradInput(kConvolution, more ? constantPadNd(x, further, 0) : x, w, bias, p, sizes);
}

}  // namespace

Tensor convolution(const Tensor& x, const Tensor& weight, const MaybeTensor& bias, const Dims& stride,
                   const Dims& padding, const Dims& dilation, bool transposed, const Dims& outputPadding,
                   int64_t groups) {
  const int dims = stride.size();
  check(dims >= 1 && dims <= 3, Code::argument, "convolution: expected 1 to 3 dimensions, got stride ", stride);
  if (x.dim() == dims + 1)
    return squeeze(
        convolution(unsqueeze(x, 0), weight, bias, stride, padding, dilation, transposed, outputPadding, groups),
        Dims{0});
  static constexpr const char *kImages[] = {"L", "H, W", "D, H, W"}, *kWindows[] = {"S", "R, S", "Q, R, S"};
  const char *const image = kImages[dims - 1], *const kernel = kWindows[dims - 1];
  check(x.dim() == dims + 2 && weight.dim() == dims + 2, Code::shape, "convolution: expected input [N, C, ", image,
        "] or [C, ", image, "] and weight [", transposed ? "C, F" : "F, C", " / groups, ", kernel, "], got ", x.sizes(),
        " and ", weight.sizes());
  Dims window;
  for (int i = 0; i < dims; i++) window.push(weight.size(2 + i));
  const ConvWindow p{windowOf("convolution", dims, window, stride, padding, dilation), groups};
  checkOperands(x, weight, bias, p, transposed);
  return transposed ? transpose(x, weight, bias, p, outputPadding) : correlate(x, weight, bias, p);
}

}  // namespace dtrain
