// Views that may show an element several times: their gradients add up what was shown. And views in place, which are
// recorded as the views they are.
#include "ops/strided.h"

#include <array>

#include "ops/arithmetic.h"
#include "ops/embed.h"
#include "ops/in-place.h"
#include "ops/places.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// Where elements lie in memory.
struct Geometry {
  explicit Geometry(const Tensor& x) : Geometry(x.sizes(), x.strides(), x.impl()->offset) {}
  Geometry(const Dims& sizes, const Dims& strides, int64_t offset) : sizes(sizes), strides(strides), offset(offset) {}

  // One past the last element; false where that is no number.
  bool end(int64_t* last) const {
    *last = offset;
    for (int i = 0; i < sizes.size(); i++)
      if (sizes[i] == 0) return true;
    bool fits = !__builtin_add_overflow(offset, 1, last);
    for (int i = 0; i < sizes.size(); i++) {
      int64_t reach;
      fits = fits && !__builtin_mul_overflow(sizes[i] - 1, strides[i], &reach) &&
             !__builtin_add_overflow(*last, reach, last);
    }
    return fits;
  }
  int64_t end() const {
    int64_t last;
    end(&last);
    return last;
  }

  // Whether several elements may have one place: as in PyTorch, unless each stride goes beyond all smaller ones.
  bool overlaps() const {
    std::array<std::pair<int64_t, int64_t>, kMaxDims> dims;
    int n = 0;
    for (int i = 0; i < sizes.size(); i++)
      if (sizes[i] > 1) dims[n++] = {strides[i], sizes[i]};
    std::sort(dims.begin(), dims.begin() + n);
    int64_t reach = 0;
    for (int i = 0; i < n; i++) {
      if (dims[i].first <= reach) return true;
      reach += dims[i].first * (dims[i].second - 1);
    }
    return false;
  }

  Geometry from(int64_t base) const { return {sizes, strides, offset - base}; }

  Dims sizes, strides;
  int64_t offset;
};

// n elements, zeros but where `at` lies, with y added up there.
Tensor placed(const Tensor& y, const Geometry& at, int64_t n) {
  const auto read = [at](const Tensor& g) {
    const Tensor dense = contiguous(g);
    return asStrided(dense, at.sizes, at.strides, dense.impl()->offset + at.offset);
  };
  if (!at.overlaps()) return embed("AsStridedBackward0", y, {n}, read);
  const Tensor sums = full({n}, 0, y.dtype(), y.device());
  {
    const NoGrad guard;
    const Tensor places = ravel(read(arange(0, static_cast<double>(n), 1, DType::int64, y.device())));
    bring("asStrided", Combine::sum, contiguous(ravel(y)), 0, contiguous(places), sums);
  }
  return fromGradient("AsStridedBackward0", sums, y, read);
}

// dy, which lies as `to`, added up in memory and seen from where x lay. What several elements of x share, each of them
// gets a part of.
Tensor stridedGradient(const Tensor& dy, const Geometry& x, const Geometry& to) {
  const int64_t base = std::min(x.offset, to.offset), n = std::max(x.end(), to.end()) - base;
  Tensor memory = placed(widened(dy), to.from(base), n);
  if (x.overlaps()) {
    const Tensor ones = full(x.sizes, 1, memory.dtype(), memory.device());
    memory = div(memory, maximum(placed(ones, x.from(base), n), 1));
  }
  return cast(asStrided(memory, x.sizes, x.strides, x.offset - base), dy.dtype());
}

}  // namespace

Tensor asStrided(const Tensor& x, const Dims& size, const Dims& stride, std::optional<int64_t> storageOffset) {
  check(size.size() == stride.size(), Code::argument, "asStrided: expected as many strides as sizes, got ", size,
        " and ", stride);
  const Geometry to(size, stride, storageOffset.value_or(x.impl()->offset));
  check(to.offset >= 0, Code::argument, "asStrided: the offset must not be negative, got ", to.offset);
  for (int i = 0; i < size.size(); i++) {
    check(size[i] >= 0, Code::shape, "asStrided: sizes must not be negative, got ", size);
    check(stride[i] >= 0, Code::argument, "asStrided: strides must not be negative, got ", stride);
  }
  const auto room = static_cast<int64_t>(x.impl()->storage->bytes) / itemSize(x.dtype());
  int64_t end;
  check(to.end(&end) && end <= room, Code::shape, "asStrided: sizes ", size, " with strides ", stride, " from ",
        to.offset, " are beyond the ", room, " elements of the memory");
  const Tensor y = alias(x, to.sizes, to.strides, to.offset);
  fromGradient("AsStridedBackward0", y, x,
               [from = Geometry(x), to](const Tensor& dy) { return stridedGradient(dy, from, to); });
  markView(y, x);
  return y;
}

namespace {
// The windows dy added up where they come from. Bytes moved: dy once, the result once for each element of a window.
Tensor unfoldGradient(const Tensor& dy, const Dims& sizes, int d, int64_t size, int64_t step) {
  Tensor dx;
  {
    const NoGrad guard;
    const Tensor windows = widened(dy), sums = full(sizes, 0, windows.dtype(), dy.device());
    for (int64_t i = 0; i < size; i++)
      add_(slice(sums, d, i, i + (dy.size(d) - 1) * step + 1, step), select(windows, -1, i));
    dx = cast(sums, dy.dtype());
  }
  return fromGradient("UnfoldBackward0", dx, dy, [=](const Tensor& g) { return unfold(g, d, size, step); });
}
}  // namespace

Tensor unfold(const Tensor& x, int64_t dimension, int64_t size, int64_t step) {
  const int d = wrapDim("unfold", dimension, x.dim());
  const int64_t n = x.dim() == 0 ? 1 : x.size(d);
  check(size >= 0 && size <= n, Code::argument, "unfold: the size must be between 0 and the ", n,
        " elements of the dimension, got ", size);
  check(step > 0, Code::argument, "unfold: the step must be positive, got ", step);
  if (x.dim() == 0) return select(unfold(view(x, {1}), 0, size, step), 0, 0);
  Dims sizes = x.sizes(), strides = x.strides();
  sizes[d] = (n - size) / step + 1;
  sizes.push(size);
  strides.push(x.stride(d));
  if (sizes[d] > 1) strides[d] *= step;  // which may be huge
  const Tensor y = alias(x, sizes, strides, x.impl()->offset);
  fromGradient("UnfoldBackward0", y, x,
               [=, from = x.sizes()](const Tensor& dy) { return unfoldGradient(dy, from, d, size, step); });
  markView(y, x);
  return y;
}

void asStrided_(const Tensor& x, const Dims& size, const Dims& stride, std::optional<int64_t> storageOffset) {
  becomeView("asStrided_", x, [&] { return asStrided(x, size, stride, storageOffset); });
}

void squeeze_(const Tensor& x, const std::optional<Dims>& dims) {
  becomeView("squeeze_", x, [&] { return squeeze(x, dims); });
}

void unsqueeze_(const Tensor& x, int64_t dim) {
  becomeView("unsqueeze_", x, [&] { return unsqueeze(x, dim); });
}

void transpose_(const Tensor& x, int64_t dim0, int64_t dim1) {
  becomeView("transpose_", x, [&] { return transpose(x, dim0, dim1); });
}

void t_(const Tensor& x) {
  becomeView("t_", x, [&] { return t(x); });
}

void resize_(const Tensor& x, const Dims& sizes) {
  check(!requiresGrad(x), Code::autograd, "resize_: a tensor that requires a gradient cannot be resized");
  for (const int64_t size : sizes) check(size >= 0, Code::shape, "resize_: sizes must not be negative, got ", sizes);
  if (sizes == x.sizes()) return;
  TensorImpl& impl = *x.impl();
  const Ref<Storage> before = impl.storage;
  const int64_t n = product(sizes), room = static_cast<int64_t>(before->bytes) / itemSize(x.dtype());
  Tensor y;
  if (impl.offset + n <= room) {
    y = alias(x, sizes, contiguousStrides(sizes), impl.offset);
  } else {
    y = empty(sizes, x.dtype(), x.device());
    const Dims all{room - impl.offset};
    kernels<CopyKernels>(x).copy(alias(x, all, {1}, impl.offset), alias(y, all, {1}, 0));
    impl.storage = y.impl()->storage;
    impl.storage->version = before->version.load();
    impl.storage->recordedChanges = before->recordedChanges.load();
  }
  becomeView("resize_", x, [&] { return y; });
}

}  // namespace dtrain
