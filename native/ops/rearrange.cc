// Elements in another order. All of it is the copy kernel, from or to a view, so every op reads and writes its elements
// once.
#include "ops/rearrange.h"

#include "kernels/copy.h"
#include "ops/creation.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/view.h"

namespace dtrain {

Tensor flip(const Tensor& x, const Dims& dims) {
  Dims strides = x.strides();
  int64_t offset = x.impl()->offset;
  uint64_t chosen = 0;
  for (const int64_t dim : dims) {
    const int d = wrapDim("flip", dim, x.dim());
    check((chosen >> d & 1) == 0, Code::argument, "flip: dim ", dim, " appears twice in ", dims);
    chosen |= uint64_t{1} << d;
    if (x.dim() == 0) continue;
    offset += (x.size(d) - 1) * x.stride(d);
    strides[d] = -x.stride(d);  // which no tensor has that a program sees
  }
  const Tensor y = emptyLike(x, x.dtype());
  if (x.numel() > 0) kernels<CopyKernels>(x).copy(alias(x, x.sizes(), strides, offset), y);
  return fromGradient("FlipBackward0", y, x, [dims](const Tensor& dy) {
    note("dims", dims);
    return flip(dy, dims);
  });
}

Tensor roll(const Tensor& x, const Dims& shifts, const Dims& dims) {
  check(!shifts.empty(), Code::argument, "roll: expected at least one shift");
  if (dims.empty() && shifts.size() == 1) return reshape(roll(ravel(x), shifts, {0}), x.sizes());
  check(shifts.size() == dims.size(), Code::argument, "roll: expected as many shifts as dims, got ", shifts, " and ",
        dims);
  Dims by(x.dim(), 0), back;
  for (int i = 0; i < dims.size(); i++) {
    const int d = wrapDim("roll", dims[i], x.dim());
    if (x.numel() == 0 || x.dim() == 0) continue;
    const int64_t n = x.size(d);
    by[d] = (by[d] + shifts[i] % n + n) % n;
  }
  const Tensor y = empty(x.sizes(), x.dtype(), x.device());
  Dims moved;
  for (int d = 0; d < by.size(); d++)
    if (by[d] != 0) moved.push(d);
  {
    const NoGrad guard;
    for (int block = 0; block < 1 << moved.size(); block++) {  // each dim is cut in two
      Tensor from = x, to = y;
      for (int i = 0; i < moved.size(); i++) {
        const int64_t d = moved[i], n = x.size(static_cast<int>(d)), s = by[static_cast<int>(d)];
        const bool wraps = (block >> i & 1) != 0;
        from = slice(from, d, wraps ? n - s : 0, wraps ? n : n - s, 1);
        to = slice(to, d, wraps ? 0 : s, wraps ? s : n, 1);
      }
      kernels<CopyKernels>(x).copy(from, to);
    }
  }
  for (int64_t& shift : by) shift = -shift;
  Dims all;
  for (int d = 0; d < x.dim(); d++) all.push(d);
  return fromGradient("RollBackward0", y, x,
                      [back = by, all](const Tensor& dy) { return all.empty() ? dy : roll(dy, back, all); });
}

Tensor rot90(const Tensor& x, int64_t k, const Dims& dims) {
  check(dims.size() == 2, Code::argument, "rot90: expected two dims, got ", dims);
  check(x.dim() >= 2, Code::shape, "rot90: expected at least 2 dimensions, got shape ", x.sizes());
  const int a = wrapDim("rot90", dims[0], x.dim()), b = wrapDim("rot90", dims[1], x.dim());
  check(a != b, Code::argument, "rot90: expected two dims that differ, got ", dims);
  const int64_t turns = (k % 4 + 4) % 4;
  Tensor y;
  {
    const NoGrad guard;
    if (turns == 0) y = flip(x, {});
    else if (turns == 1) y = transpose(flip(x, {b}), a, b);
    else if (turns == 2) y = flip(x, {a, b});
    else y = transpose(flip(x, {a}), a, b);
  }
  return fromGradient("Rot90Backward0", y, x, [=](const Tensor& dy) { return rot90(dy, -turns, {a, b}); });
}

Tensor repeat(const Tensor& x, const Dims& repeats) {
  const int lead = repeats.size() - x.dim();
  check(lead >= 0, Code::shape, "repeat: expected a number for each dimension of ", x.sizes(), ", got ", repeats);
  // A dimension for the repetitions in front of each that is repeated: there the input has stride 0.
  Dims sizes, wide, strides, repeated;
  for (int i = 0; i < repeats.size(); i++) {
    check(repeats[i] >= 0, Code::argument, "repeat: the numbers must not be negative, got ", repeats);
    const int64_t n = i < lead ? 1 : x.size(i - lead);
    if (repeats[i] != 1) {
      repeated.push(wide.size());
      wide.push(repeats[i]);
      strides.push(0);
    }
    if (i >= lead && n != 1) {
      wide.push(n);
      strides.push(x.stride(i - lead));
    }
    int64_t size;
    check(!__builtin_mul_overflow(n, repeats[i], &size), Code::shape, "repeat: ", repeats, " times ", x.sizes(),
          " has too many elements");
    sizes.push(size);
  }
  const Tensor y = empty(sizes, x.dtype(), x.device());
  if (y.numel() > 0)
    kernels<CopyKernels>(x).copy(alias(x, wide, strides, x.impl()->offset), alias(y, wide, contiguousStrides(wide), 0));
  return fromGradient("RepeatBackward0", y, x, [=, from = x.sizes()](const Tensor& dy) {
    const Tensor parts = reshape(dy, wide);
    return reshape(repeated.empty() ? parts : sum(parts, repeated, false, std::nullopt), from);
  });
}

Tensor tile(const Tensor& x, const Dims& dims) {
  Dims repeats = dims;
  while (repeats.size() < x.dim()) repeats.insert(0, 1);
  return repeat(x, repeats);
}

namespace {
// The sizes before the last dims.
Dims before(const Tensor& x, int last) {
  Dims lead;
  for (int i = 0; i < x.dim() - last; i++) lead.push(x.size(i));
  return lead;
}

// Seen with the sizes of `parts`, permuted, and seen with the sizes of `whole`; both behind the leading ones.
Tensor rearranged(const Tensor& x, const Dims& lead, Dims parts, const Dims& order, const Dims& whole) {
  const NoGrad guard;
  parts.insert(0, product(lead));
  Dims all{0}, sizes = lead;
  for (const int64_t d : order) all.push(d + 1);
  for (const int64_t size : whole) sizes.push(size);
  return reshape(permute(reshape(x, parts), all), sizes);
}

void checkFactor(const char* op, const Tensor& x, int64_t r) {
  check(x.dim() >= 3, Code::shape, op, ": expected at least 3 dimensions, got shape ", x.sizes());
  check(r > 0 && r <= (1 << 15), Code::argument, op, ": the factor must be between 1 and 32768, got ", r);
}
}  // namespace

Tensor pixelShuffle(const Tensor& x, int64_t r) {
  checkFactor("pixelShuffle", x, r);
  const int64_t c = x.size(x.dim() - 3), h = x.size(x.dim() - 2), w = x.size(x.dim() - 1), out = c / (r * r);
  check(c % (r * r) == 0, Code::shape, "pixelShuffle: the channels of ", x.sizes(), " do not divide by ", r, " x ", r);
  const Tensor y = rearranged(x, before(x, 3), {out, r, r, h, w}, {0, 3, 1, 4, 2}, {out, h * r, w * r});
  return fromGradient("PixelShuffleBackward0", y, x, [r](const Tensor& dy) { return pixelUnshuffle(dy, r); });
}

Tensor pixelUnshuffle(const Tensor& x, int64_t r) {
  checkFactor("pixelUnshuffle", x, r);
  const int64_t c = x.size(x.dim() - 3), h = x.size(x.dim() - 2) / r, w = x.size(x.dim() - 1) / r;
  check(x.size(x.dim() - 2) % r == 0 && x.size(x.dim() - 1) % r == 0, Code::shape, "pixelUnshuffle: the pixels of ",
        x.sizes(), " do not divide by ", r, " x ", r);
  const Tensor y = rearranged(x, before(x, 3), {c, h, r, w, r}, {0, 2, 4, 1, 3}, {c * r * r, h, w});
  return fromGradient("PixelUnshuffleBackward0", y, x, [r](const Tensor& dy) { return pixelShuffle(dy, r); });
}

Tensor channelShuffle(const Tensor& x, int64_t groups) {
  check(x.dim() >= 3, Code::shape, "channelShuffle: expected at least 3 dimensions, got shape ", x.sizes());
  check(groups > 0, Code::argument, "channelShuffle: the number of groups must be positive, got ", groups);
  const int64_t c = x.size(1);
  check(c % groups == 0, Code::shape, "channelShuffle: ", c, " channels do not divide into ", groups, " groups");
  Dims pixels;
  for (int i = 2; i < x.dim(); i++) pixels.push(x.size(i));
  const int64_t rest = product(pixels);
  const Tensor y = reshape(rearranged(x, {x.size(0)}, {groups, c / groups, rest}, {1, 0, 2}, {c, rest}), x.sizes());
  return fromGradient("ChannelShuffleBackward0", y, x,
                      [back = std::max<int64_t>(c / groups, 1)](const Tensor& dy) { return channelShuffle(dy, back); });
}

}  // namespace dtrain
