// Padding. The edges of a dim are copies of parts of the result itself, so all modes are the copy kernel; mirrored ones
// are read with negative strides. The gradient adds the edges up where they were taken from, in the opposite order.
#include "ops/pad.h"

#include "kernels/copy.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// What is added to a dim, how many of the input's elements are cut off at its start, and how many are kept.
struct Frame {
  int dim;
  int64_t left, right, cut, kept;
};

// What is repeated is the input's last element, even where that is cut off: a cut that leaves none takes from the other
// side instead.
void keepOne(int64_t n, int64_t& cut, int64_t& other) {
  const int64_t excess = -cut - (n - 1);
  if (excess <= 0 || other <= 0) return;
  cut += excess;
  other -= excess;
}

// A frame for each dim that changes, from the last one; the sizes of the result, and the input without what is cut off.
struct Padding {
  Padding(const char* op, const Tensor& x, const std::vector<int64_t>& pad, PadMode mode) : sizes(x.sizes()), core(x) {
    check(pad.size() % 2 == 0 && static_cast<int>(pad.size()) <= 2 * x.dim(), Code::argument, op,
          ": expected two numbers for each dimension, at most ", 2 * x.dim(), " for a tensor of shape ", x.sizes(),
          ", got ", pad.size());
    const NoGrad guard;
    for (size_t i = 0; i < pad.size() / 2; i++) {
      const int d = x.dim() - 1 - static_cast<int>(i);
      int64_t left = pad[2 * i], right = pad[2 * i + 1];
      const int64_t n = x.size(d), most = int64_t{1} << 58;
      if (left == 0 && right == 0) continue;
      const bool fits = std::min(left, right) > -most && std::max(left, right) < most && n + left + right >= 0;
      if (mode == PadMode::replicate && n > 0 && fits) keepOne(n, left, right), keepOne(n, right, left);
      const int64_t cut = std::max<int64_t>(-left, 0), last = n - std::max<int64_t>(-right, 0);
      check(fits && last >= cut, Code::shape, op, ": dim ", d, " of size ", n, " cannot be padded by ", pad[2 * i],
            " and ", pad[2 * i + 1]);
      sizes[d] = n + left + right;
      core = slice(core, d, cut, last, 1);
      frames.push_back({d, std::max<int64_t>(left, 0), std::max<int64_t>(right, 0), cut, last - cut});
    }
  }

  // Where the input is in y.
  Tensor inside(Tensor y) const {
    for (const Frame& f : frames) y = slice(y, f.dim, f.left, f.left + f.kept, 1);
    return y;
  }

  Dims sizes;
  Tensor core;
  std::vector<Frame> frames;
};

Tensor reversed(const Tensor& x, int d) {
  Dims strides = x.strides();
  strides[d] = -strides[d];
  return alias(x, x.sizes(), strides, x.impl()->offset + (x.size(d) - 1) * x.stride(d));
}

// An edge of y, and the part of it that it is made of.
struct Rim {
  Tensor edge, source;
};

std::vector<Rim> edgesOf(const Tensor& y, const Frame& f, PadMode mode) {
  const auto part = [&](int64_t at, int64_t n) { return slice(y, f.dim, at, at + n, 1); };
  const int64_t end = f.left + f.kept;
  std::vector<Rim> edges;
  const auto add = [&](int64_t at, int64_t n, int64_t from) {
    if (n > 0) edges.push_back({part(at, n), part(from, mode == PadMode::replicate ? 1 : n)});
  };
  switch (mode) {
    case PadMode::replicate: add(0, f.left, f.left), add(end, f.right, end - 1); break;
    case PadMode::reflect: add(0, f.left, f.left + 1), add(end, f.right, end - 1 - f.right); break;
    case PadMode::circular: add(0, f.left, f.kept), add(end, f.right, f.left); break;
    case PadMode::constant: break;
  }
  return edges;
}

const char* nodeOf(PadMode mode, size_t numbers) {
  static constexpr const char* names[][3] = {
      {},
      {"ReflectionPad1DBackward0", "ReflectionPad2DBackward0", "ReflectionPad3DBackward0"},
      {"ReplicationPad1DBackward0", "ReplicationPad2DBackward0", "ReplicationPad3DBackward0"},
      {"CircularPadBackward0", "CircularPadBackward0", "CircularPadBackward0"}};
  return names[static_cast<int>(mode)][std::clamp<size_t>(numbers / 2, 1, 3) - 1];
}

// dy without its edges, which are added where they were taken from.
Tensor padGradient(const Tensor& dy, const std::vector<int64_t>& numbers, const Padding& padding, const Dims& from,
                   PadMode mode) {
  Tensor dx;
  {
    const NoGrad guard;
    const Tensor wide = widened(dy), sums = wide.impl() == dy.impl() ? clone(dy) : wide;
    for (auto f = padding.frames.rbegin(); f != padding.frames.rend(); f++)
      for (const Rim& e : edgesOf(sums, *f, mode)) {
        if (mode == PadMode::replicate) add_(e.source, sum(e.edge, Dims{f->dim}, true, std::nullopt));
        else add_(e.source, mode == PadMode::reflect ? reversed(e.edge, f->dim) : e.edge);
      }
    dx = full(from, 0, dy.dtype(), dy.device());
    Tensor kept = dx;  // without what was cut off
    for (const Frame& f : padding.frames) kept = slice(kept, f.dim, f.cut, f.cut + f.kept, 1);
    kernels<CopyKernels>(dx).copy(padding.inside(sums), kept);
  }
  return fromGradient(nodeOf(mode, numbers.size()), dx, dy,
                      [numbers, mode](const Tensor& g) { return pad(g, numbers, mode, 0); });
}

// Edges of one number: each is filled over all of its dims, so corners are filled more than once.
void fillEdges(const Tensor& y, const std::vector<Frame>& frames, double value) {
  for (const Frame& f : frames) {
    const int64_t end = f.left + f.kept;
    if (f.left > 0) kernels<CopyKernels>(y).fill(slice(y, f.dim, 0, f.left, 1), value);
    if (f.right > 0) kernels<CopyKernels>(y).fill(slice(y, f.dim, end, end + f.right, 1), value);
  }
}

// d padded = dy padded the other way, with zeros
Tensor padded(const char* op, const Tensor& x, const std::vector<int64_t>& numbers, PadMode mode, double value) {
  Padding padding(op, x, numbers, mode);
  for (const Frame& f : padding.frames) {
    if (mode == PadMode::constant) break;
    const int64_t most = mode == PadMode::circular ? f.kept : mode == PadMode::reflect ? f.kept - 1 : INT64_MAX;
    check(f.kept > 0 && f.left <= most && f.right <= most, Code::shape, op, ": dim ", f.dim, " of shape ", x.sizes(),
          " has too few elements to be padded by ", f.left, " and ", f.right, " from itself");
  }
  const Tensor y = empty(padding.sizes, x.dtype(), x.device());
  {
    const NoGrad guard;
    kernels<CopyKernels>(x).copy(padding.core, padding.inside(y));
    if (mode == PadMode::constant) fillEdges(y, padding.frames, value);
    for (const Frame& f : padding.frames)
      for (const Rim& e : edgesOf(y, f, mode))
        kernels<CopyKernels>(x).copy(
            mode == PadMode::reflect ? reversed(e.source, f.dim) : expand(e.source, e.edge.sizes()), e.edge);
  }
  if (mode == PadMode::constant) {
    std::vector<int64_t> back;
    for (const int64_t n : numbers) back.push_back(-n);
    return fromGradient("ConstantPadNdBackward0", y, x,
                        [op, back](const Tensor& dy) { return padded(op, dy, back, PadMode::constant, 0); });
  }
  padding.core = Tensor();
  return fromGradient(nodeOf(mode, numbers.size()), y, x, [=, from = x.sizes()](const Tensor& dy) {
    return padGradient(dy, numbers, padding, from, mode);
  });
}

}  // namespace

Tensor constantPadNd(const Tensor& x, const std::vector<int64_t>& numbers, double value) {
  return padded("constantPadNd", x, numbers, PadMode::constant, value);
}

Tensor pad(const Tensor& x, const std::vector<int64_t>& numbers, PadMode mode, double value) {
  return padded("pad", x, numbers, mode, value);
}

}  // namespace dtrain
