// Views. A gradient formula undoes the view: it reshapes, permutes back, sums what was expanded, or embeds a slice in
// zeros.
#include "ops/view.h"

#include "ops/copy.h"
#include "ops/embed.h"
#include "ops/in-place.h"
#include "ops/index.h"

namespace dtrain {

namespace {

// Fills in the one -1.
Dims inferSizes(const char* op, const Tensor& x, Dims sizes) {
  int unknown = -1;
  int64_t known = 1;
  for (int i = 0; i < sizes.size(); i++) {
    if (sizes[i] == -1) {
      check(unknown < 0, Code::shape, op, ": only one size may be -1, got ", sizes);
      unknown = i;
    } else {
      check(sizes[i] >= 0, Code::shape, op, ": sizes must not be negative, got ", sizes);
      known *= sizes[i];
    }
  }
  const bool fits = unknown < 0 ? known == x.numel() : known != 0 && x.numel() % known == 0;
  check(fits, Code::shape, op, ": sizes ", sizes, " do not hold the ", x.numel(), " elements of ", x.sizes());
  if (unknown >= 0) sizes[unknown] = x.numel() / known;
  return sizes;
}

// Strides of x seen with other sizes, without copying; empty when there are none. Walks both size lists from the right:
// a run of x's dims that is contiguous in itself must be cut into whole new dims.
std::optional<Dims> viewStrides(const Tensor& x, const Dims& sizes) {
  if (x.numel() == 0) return contiguousStrides(sizes);
  Dims strides(sizes.size(), 1);
  int to = sizes.size() - 1;
  for (int from = x.dim() - 1; from >= 0;) {
    int64_t run = x.size(from), step = x.stride(from--);
    while (from >= 0 && (x.size(from) == 1 || run == 1 || x.stride(from) == step * run)) {
      if (run == 1) step = x.stride(from);
      run *= x.size(from--);
    }
    while (to >= 0 && (run > 1 || sizes[to] == 1)) {
      if (run % sizes[to] != 0) return std::nullopt;
      strides[to] = step;
      step *= sizes[to];
      run /= sizes[to--];
    }
    if (run != 1) return std::nullopt;
  }
  return strides;
}

Tensor recorded(const char* name, const Tensor& x, Tensor y, auto formula) {
  if (recording(x)) record(name, y, x, std::move(formula), Keeps::nothing);
  markView(y, x);
  return y;
}

Tensor viewAs(const Tensor& x, const Dims& sizes, const Dims& strides) {
  return recorded("ViewBackward0", x, alias(x, sizes, strides, x.impl()->offset), [from = x.sizes()](const Tensor& dy) {
    note("self_sym_sizes", from);
    return reshape(dy, from);
  });
}

}  // namespace

Tensor view(const Tensor& x, const Dims& wanted) {
  const Dims sizes = inferSizes("view", x, wanted);
  const auto strides = viewStrides(x, sizes);
  check(strides.has_value(), Code::shape, "view: sizes ", sizes, " are not a view of ", x.sizes(), " with strides ",
        x.strides(), "; use reshape()");
  return viewAs(x, sizes, *strides);
}

Tensor reshape(const Tensor& x, const Dims& wanted) {
  const Dims sizes = inferSizes("reshape", x, wanted);
  if (const auto strides = viewStrides(x, sizes)) return viewAs(x, sizes, *strides);
  return viewAs(clone(x), sizes, contiguousStrides(sizes));
}

Tensor flatten(const Tensor& x, int64_t startDim, int64_t endDim) {
  const int start = wrapDim("flatten", startDim, x.dim()), end = wrapDim("flatten", endDim, x.dim());
  check(start <= end, Code::argument, "flatten: startDim ", startDim, " comes after endDim ", endDim);
  if (x.dim() == 0) return reshape(x, {1});
  Dims sizes;
  int64_t merged = 1;
  for (int i = 0; i < x.dim(); i++) {
    if (i < start || i > end) sizes.push(x.size(i));
    else merged *= x.size(i);
    if (i == end) sizes.push(merged);
  }
  return sizes == x.sizes() ? x : reshape(x, sizes);
}

Tensor permute(const Tensor& x, const Dims& dims) {
  check(dims.size() == x.dim(), Code::argument, "permute: expected ", x.dim(), " dims for a tensor of shape ",
        x.sizes(), ", got ", dims);
  Dims sizes, strides, inverse(x.dim(), -1);
  for (int i = 0; i < dims.size(); i++) {
    const int d = wrapDim("permute", dims[i], x.dim());
    check(inverse[d] < 0, Code::argument, "permute: dim ", d, " appears twice in ", dims);
    inverse[d] = i;
    sizes.push(x.size(d));
    strides.push(x.stride(d));
  }
  return recorded("PermuteBackward0", x, alias(x, sizes, strides, x.impl()->offset), [inverse](const Tensor& dy) {
    if (savedLog) {
      Dims order = inverse;
      for (int i = 0; i < order.size(); i++) order[static_cast<int>(inverse[i])] = i;
      note("dims", order);
    }
    return permute(dy, inverse);
  });
}

namespace {
Tensor swapped(const Tensor& x, int a, int b) {
  Dims sizes = x.sizes(), strides = x.strides();
  if (x.dim() > 0) {
    std::swap(sizes[a], sizes[b]);
    std::swap(strides[a], strides[b]);
  }
  return alias(x, sizes, strides, x.impl()->offset);
}
}  // namespace

Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1) {
  const int a = wrapDim("transpose", dim0, x.dim()), b = wrapDim("transpose", dim1, x.dim());
  return recorded("TransposeBackward0", x, swapped(x, a, b), [a, b](const Tensor& dy) {
    note("dim0", a);
    note("dim1", b);
    return transpose(dy, a, b);
  });
}

Tensor t(const Tensor& x) {
  check(x.dim() <= 2, Code::shape, "t: expected at most 2 dimensions, got shape ", x.sizes());
  if (x.dim() < 2) return x;
  return recorded("TBackward0", x, swapped(x, 0, 1), [](const Tensor& dy) { return t(dy); });
}

bool expandable(const Dims& from, const Dims& to) {
  const int lead = to.size() - from.size();
  if (lead < 0) return false;
  for (int i = 0; i < from.size(); i++)
    if (from[i] != 1 && from[i] != to[lead + i]) return false;
  return true;
}

Tensor expand(const Tensor& x, const Dims& wanted) {
  if (wanted == x.sizes()) return x;
  const int lead = wanted.size() - x.dim();
  check(lead >= 0, Code::shape, "expand: sizes ", wanted, " have fewer dimensions than shape ", x.sizes());
  Dims sizes = wanted, strides(wanted.size(), 0);
  for (int i = 0; i < sizes.size(); i++) {
    if (i < lead) {
      check(sizes[i] >= 0, Code::shape, "expand: a new leading dimension needs a size, got ", wanted);
      continue;
    }
    const int64_t from = x.size(i - lead);
    if (sizes[i] == -1) sizes[i] = from;
    check(sizes[i] == from || (from == 1 && sizes[i] >= 0), Code::shape, "expand: shape ", x.sizes(),
          " does not expand to ", wanted, " (", from, " != ", sizes[i], " in dim ", i, ")");
    strides[i] = sizes[i] == from ? x.stride(i - lead) : 0;
  }
  return recorded("ExpandBackward0", x, alias(x, sizes, strides, x.impl()->offset),
                  [from = x.sizes(), dtype = x.dtype()](const Tensor& dy) {
                    note("self_sym_sizes", from);
                    return sumTo(dy, from, dtype);
                  });
}

Tensor slice(const Tensor& x, int64_t dim, int64_t start, int64_t end, int64_t step) {
  check(x.dim() > 0, Code::index, "slice: cannot slice a 0-d tensor");
  check(step > 0, Code::argument, "slice: step must be positive, got ", step);
  const int d = wrapDim("slice", dim, x.dim());
  const int64_t n = x.size(d);
  const auto clampIndex = [n](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + n : i, 0, n); };
  const int64_t first = clampIndex(start), last = std::max(clampIndex(end), first);
  Dims sizes = x.sizes(), strides = x.strides();
  sizes[d] = (last - first + step - 1) / step;
  strides[d] *= step;
  return recorded("SliceBackward0", x, alias(x, sizes, strides, x.impl()->offset + first * x.stride(d)),
                  [=, from = x.sizes()](const Tensor& dy) {
                    note("dim", d);
                    note("start", first);
                    note("end", last);
                    note("step", step);
                    note("self_sym_sizes", from);
                    return embed("SliceBackward0", dy, from,
                                 [=](const Tensor& g) { return slice(g, d, first, last, step); });
                  });
}

Tensor select(const Tensor& x, int64_t dim, int64_t index) {
  check(x.dim() > 0, Code::index, "select: cannot index a 0-d tensor");
  const int d = wrapDim("select", dim, x.dim());
  const int64_t n = x.size(d);
  check(index >= -n && index < n, Code::index, "select: index ", index, " is out of range for dim ", d, " of size ", n);
  const int64_t i = index < 0 ? index + n : index;
  Dims sizes = x.sizes(), strides = x.strides();
  sizes.erase(d);
  strides.erase(d);
  return recorded("SelectBackward0", x, alias(x, sizes, strides, x.impl()->offset + i * x.stride(d)),
                  [=, from = x.sizes()](const Tensor& dy) {
                    note("dim", d);
                    note("index", i);
                    note("self_sym_sizes", from);
                    return embed("SelectBackward0", dy, from, [=](const Tensor& g) { return select(g, d, i); });
                  });
}

// d unbind = the gradients side by side
std::vector<Tensor> unbind(const Tensor& x, int64_t dim) {
  check(x.dim() > 0, Code::index, "unbind: a 0-d tensor has no dims");
  const int d = wrapDim("unbind", dim, x.dim());
  std::vector<Tensor> parts;
  {
    const NoGrad guard;
    for (int64_t i = 0; i < x.size(d); i++) parts.push_back(select(x, d, i));
  }
  if (!parts.empty() && recording(x))
    recordMany(
        "UnbindBackward0", parts, {x},
        [d, sizes = parts[0].sizes(), n = parts.size(), dtype = x.dtype(), device = x.device()](const Grads& dy) {
          note("dim", d);
          std::vector<Tensor> all;
          for (size_t i = 0; i < n; i++) {
            const bool given = i < dy.size() && dy[i].defined();
            all.push_back(unsqueeze(given ? dy[i] : full(sizes, 0, dtype, device), d));
          }
          return Grads{cat(all, d)};
        },
        Keeps::nothing);
  for (const Tensor& part : parts) markView(part, x);
  return parts;
}

Tensor diagonal(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  const int rows = wrapDim("diagonal", dim1, x.dim()), columns = wrapDim("diagonal", dim2, x.dim());
  check(rows != columns, Code::argument, "diagonal: expected two dimensions that differ, got ", dim1, " and ", dim2);
  const int64_t row = std::max<int64_t>(0, -offset), column = std::max<int64_t>(0, offset);
  const int64_t n = std::max<int64_t>(0, std::min(x.size(rows) - row, x.size(columns) - column));
  Dims sizes = x.sizes(), strides = x.strides();
  for (int d : {std::max(rows, columns), std::min(rows, columns)}) {
    sizes.erase(d);
    strides.erase(d);
  }
  sizes.push(n);
  strides.push(x.stride(rows) + x.stride(columns));
  const int64_t start = n == 0 ? 0 : row * x.stride(rows) + column * x.stride(columns);
  return recorded("DiagonalBackward0", x, alias(x, sizes, strides, x.impl()->offset + start),
                  [=, from = x.sizes()](const Tensor& dy) {
                    return embed("DiagonalBackward0", dy, from,
                                 [=](const Tensor& g) { return diagonal(g, offset, rows, columns); });
                  });
}

Tensor diagEmbed(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  check(x.dim() > 0, Code::shape, "diagEmbed: expected at least 1 dimension, got a 0-d tensor");
  const int rows = wrapDim("diagEmbed", dim1, x.dim() + 1), columns = wrapDim("diagEmbed", dim2, x.dim() + 1);
  check(rows != columns, Code::argument, "diagEmbed: expected two dimensions that differ, got ", dim1, " and ", dim2);
  const int64_t n = x.size(x.dim() - 1) + std::abs(offset);
  Dims sizes = x.sizes();
  sizes.erase(x.dim() - 1);
  for (int d : {std::min(rows, columns), std::max(rows, columns)}) sizes.insert(d, n);
  return embed("DiagEmbedBackward0", x, sizes, [=](const Tensor& g) { return diagonal(g, offset, rows, columns); });
}

Tensor diag(const Tensor& x, int64_t at) {
  check(x.dim() == 1 || x.dim() == 2, Code::shape, "diag: expected 1 or 2 dimensions, got shape ", x.sizes());
  return x.dim() == 1 ? diagEmbed(x, at, 0, 1) : clone(diagonal(x, at, 0, 1));
}

Tensor squeeze(const Tensor& x, const std::optional<Dims>& dims) {
  uint64_t chosen = dims ? 0 : ~uint64_t{0};
  for (int64_t dim : dims.value_or(Dims())) {
    const uint64_t bit = uint64_t{1} << wrapDim("squeeze", dim, x.dim());
    check((chosen & bit) == 0, Code::argument, "squeeze: dim ", dim, " appears multiple times in ", *dims);
    chosen |= bit;
  }
  Dims sizes, strides;
  for (int i = 0; i < x.dim(); i++) {
    if (x.size(i) == 1 && (chosen >> i & 1) != 0) continue;
    sizes.push(x.size(i));
    strides.push(x.stride(i));
  }
  return recorded("SqueezeBackward0", x, alias(x, sizes, strides, x.impl()->offset),
                  [from = x.sizes()](const Tensor& dy) {
                    note("self_sym_sizes", from);
                    return reshape(dy, from);
                  });
}

Tensor unsqueeze(const Tensor& x, int64_t dim) {
  const int d = wrapDim("unsqueeze", dim, x.dim() + 1);
  Dims sizes = x.sizes(), strides = x.strides();
  strides.insert(d, d < x.dim() ? x.size(d) * x.stride(d) : 1);
  sizes.insert(d, 1);
  return recorded("UnsqueezeBackward0", x, alias(x, sizes, strides, x.impl()->offset), [d](const Tensor& dy) {
    note("dim", d);
    return squeeze(dy, Dims{d});
  });
}

Tensor detach(const Tensor& x) { return alias(x); }

Tensor ravel(const Tensor& x) { return reshape(x, {x.numel()}); }

Tensor unflatten(const Tensor& x, int64_t dim, const Dims& wanted) {
  const int d = wrapDim("unflatten", dim, x.dim());
  check(x.dim() > 0, Code::shape, "unflatten: a 0-d tensor has no dimension to be taken apart");
  check(!wanted.empty(), Code::argument, "unflatten: expected at least one size");
  const Dims parts = inferSizes("unflatten", alias(x, {x.size(d)}, {1}, 0), wanted);
  Dims sizes = x.sizes();
  sizes.erase(d);
  for (int i = 0; i < parts.size(); i++) sizes.insert(d + i, parts[i]);
  return view(x, sizes);
}

Tensor movedim(const Tensor& x, const Dims& source, const Dims& destination) {
  check(source.size() == destination.size(), Code::argument, "movedim: expected as many sources as destinations, got ",
        source, " and ", destination);
  Dims order(x.dim(), -1);
  bool moved[kMaxDims] = {};
  for (int i = 0; i < source.size(); i++) {
    const int from = wrapDim("movedim", source[i], x.dim()), to = wrapDim("movedim", destination[i], x.dim());
    if (x.dim() == 0) continue;
    check(!moved[from], Code::argument, "movedim: dim ", source[i], " appears twice in ", source);
    check(order[to] < 0, Code::argument, "movedim: dim ", destination[i], " appears twice in ", destination);
    moved[from] = true;
    order[to] = from;
  }
  int next = 0;
  for (int64_t& from : order) {
    if (from >= 0) continue;
    while (moved[next]) next++;
    from = next++;
  }
  return permute(x, order);
}

Tensor atleast1d(const Tensor& x) { return x.dim() >= 1 ? x : view(x, {1}); }

Tensor atleast2d(const Tensor& x) { return x.dim() >= 2 ? x : unsqueeze(atleast1d(x), 0); }

Tensor atleast3d(const Tensor& x) { return x.dim() >= 3 ? x : unsqueeze(atleast2d(x), -1); }

}  // namespace dtrain
