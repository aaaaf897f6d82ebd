// gridSampler, see resample.h: along each dim an output takes part in a few elements, the taps, and of all combinations
// of these rows of channels are read, weighed and added. Made of other ops, so gradients of all orders follow from
// theirs.
#include "ops/arithmetic.h"
#include "ops/compare.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/resample.h"
#include "ops/select.h"
#include "ops/unary.h"
#include "ops/view.h"

namespace dtrain {

namespace {

struct Tap {
  Tensor at, weight;  // whole numbers, in range or not; no weight is 1
};

// A dim of that size.
struct Axis {
  double size;
  GridPadding padding;
  bool alignCorners;

  Tensor place(const Tensor& x) const {
    if (alignCorners) return mul(div(add(x, 1), 2), size - 1);
    return div(sub(mul(add(x, 1), size), 1), 2);
  }
  // NaN is 0. At both ends and beyond there is no gradient, as in PyTorch.
  Tensor clipped(const Tensor& x) const {
    const Tensor positive = where(gt(x, 0), x, 0);
    return where(lt(positive, size - 1), positive, size - 1);
  }
  Tensor reflected(const Tensor& x) const {
    const double low = alignCorners ? 0 : -0.5, span = alignCorners ? size - 1 : size;
    if (span == 0) return mul(x, 0);
    const Tensor off = sub(x, low), far = where(lt(off, 0), neg(off), off), rest = fmod(far, span);
    Tensor back;
    {
      const NoGrad guard;
      back = ne(remainder(floor(div(far, span)), 2), 0);
    }
    return add(where(back, sub(span, rest), rest), low);
  }
  Tensor padded(const Tensor& x) const {
    if (padding == GridPadding::zeros) return x;
    return clipped(padding == GridPadding::border ? x : reflected(x));
  }

  std::vector<Tap> taps(const Tensor& place, GridMode mode) const {
    const auto whole = [](auto round, const Tensor& x) {
      const NoGrad guard;
      return round(x);
    };
    const auto down = [](const Tensor& x) { return floor(x); };
    if (mode == GridMode::nearest) {
      const Tensor none = full(place.sizes(), 0, DType::boolean, place.device());
      const Tensor weight = recording(place) ? where(none, place, 1) : Tensor();  // the gradient of a place is 0
      return {{whole([](const Tensor& x) { return round(x); }, padded(place)), weight}};
    }
    if (mode == GridMode::bilinear) {
      const Tensor x = padded(place), first = whole(down, x), second = add(first, 1);
      return {{first, sub(second, x)}, {second, sub(x, first)}};
    }
    // The cubic convolution of Keys: near is for a distance of at most 1, far for one from 1 to 2.
    constexpr double a = -0.75;
    const Tensor first = whole(down, place), t = sub(place, first), rest = sub(1, t);
    const auto near = [&](const Tensor& x) { return add(mul(mul(sub(mul(x, a + 2), a + 3), x), x), 1); };
    const auto far = [&](const Tensor& x) { return sub(mul(add(mul(sub(mul(x, a), 5 * a), x), 8 * a), x), 4 * a); };
    const Tensor weights[] = {far(add(t, 1)), near(t), near(rest), far(add(rest, 1))};
    std::vector<Tap> taps;
    for (int i = 0; i < 4; i++)
      taps.push_back({whole([&](const Tensor& x) { return padded(x); }, add(first, i - 1)), weights[i]});
    return taps;
  }
};

// A combination of taps of some dims, for each output: the place that it reads, if it is in range, and the product of
// weights.
struct Read {
  Tensor at, inside, weight;
};

Read with(const Read& before, const Tap& tap, double size) {
  Read read = before;
  if (tap.weight.defined()) read.weight = read.weight.defined() ? mul(read.weight, tap.weight) : tap.weight;
  const NoGrad guard;
  read.inside = logicalAnd(before.inside, logicalAnd(ge(tap.at, 0), lt(tap.at, size)));
  read.at = add(mul(before.at, size), cast(where(read.inside, tap.at, 0), DType::int64));
  return read;
}

}  // namespace

Tensor gridSampler(const Tensor& x, const Tensor& grid, GridMode mode, GridPadding padding, bool alignCorners) {
  const char* const op = "gridSampler";
  requireFloat(op, x);
  requireSameDevice(op, x, grid);
  const int dims = x.dim() - 2;
  check(grid.dtype() == x.dtype(), Code::dtype, op, ": the input is ", x.dtype(), " and the grid ", grid.dtype(),
        "; convert one with .to()");
  check(
      (dims == 2 || dims == 3) && grid.dim() == x.dim() && grid.size(0) == x.size(0) && grid.size(-1 + x.dim()) == dims,
      Code::shape, op,
      ": expected an input [N, C, H, W] and a grid [N, height, width, 2], or both with a depth and 3, ", "got ",
      x.sizes(), " and ", grid.sizes());
  check(mode != GridMode::bicubic || dims == 2, Code::argument, op, ": bicubic is for images, [N, C, H, W], got ",
        x.sizes());
  for (int d = 2; d < x.dim(); d++)
    check(x.size(d) > 0, Code::shape, op, ": expected an input that is not empty, got shape ", x.sizes());

  const int64_t samples = x.size(0), channels = x.size(1);
  int64_t elements = samples, each = 1;
  for (int d = 0; d < dims; d++) {
    elements *= x.size(d + 2);
    each *= grid.size(d + 1);
  }
  const Tensor places = reshape(widened(grid), {samples * each, dims});
  const Tensor sample = arange(0, static_cast<double>(samples), 1, DType::int64, x.device());
  const Tensor all = full({samples * each}, 1, DType::boolean, x.device());
  std::vector<Read> reads{{reshape(expand(unsqueeze(sample, 1), {samples, each}), {samples * each}), all, {}}};
  for (int d = 0; d < dims; d++) {
    const Axis axis{static_cast<double>(x.size(d + 2)), padding, alignCorners};
    const std::vector<Tap> taps = axis.taps(axis.place(select(places, 1, dims - 1 - d)), mode);
    std::vector<Read> next;
    for (const Read& read : reads)
      for (const Tap& tap : taps) next.push_back(with(read, tap, axis.size));
    reads = next;
  }
  // Channels of elements, and behind them zeros for what is out of range.
  const Tensor input = widened(x), zeros = full({1, channels}, 0, input.dtype(), x.device());
  const Tensor rows = cat({reshape(movedim(input, {1}, {-1}), {elements, channels}), zeros}, 0);
  Tensor y;
  for (const Read& read : reads) {
    const Tensor row = indexSelect(rows, 0, where(read.inside, read.at, static_cast<double>(elements)));
    const Tensor part = read.weight.defined() ? mul(row, unsqueeze(read.weight, 1)) : row;
    y = y.defined() ? add(y, part) : part;
  }
  Dims sizes = grid.sizes();
  sizes[dims + 1] = channels;
  return cast(contiguous(movedim(reshape(y, sizes), {-1}, {1})), x.dtype());
}

}  // namespace dtrain
