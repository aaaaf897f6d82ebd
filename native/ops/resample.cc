// Interpolation, one dimension after the other: each output is a weighted sum of a few inputs, the taps. So all modes
// are one kernel, and the gradient is the same kernel with taps that go the other way.
#include "ops/resample.h"

#include <algorithm>
#include <cmath>

#include "kernels/resample.h"
#include "ops/copy.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {

// Output i is the sum of weight[t] input[index[t]], t from start[i] to start[i + 1].
struct Taps {
  explicit Taps(int64_t inputs) : inputs(inputs) {}

  int64_t inputs;
  std::vector<int64_t> start{0}, index;
  std::vector<double> weight;

  int64_t outputs() const { return static_cast<int64_t>(start.size()) - 1; }
  void add(int64_t input, double w) {
    index.push_back(std::clamp<int64_t>(input, 0, inputs - 1));
    weight.push_back(w);
  }
  void endOutput() { start.push_back(static_cast<int64_t>(index.size())); }

  Taps transposed() const {
    Taps back(outputs());
    back.start.resize(static_cast<size_t>(inputs) + 1);
    for (const int64_t i : index) back.start[i + 1]++;
    for (int64_t i = 0; i < inputs; i++) back.start[i + 1] += back.start[i];
    back.index.resize(index.size());
    back.weight.resize(index.size());
    std::vector<int64_t> next = back.start;
    for (int64_t i = 0; i < outputs(); i++)
      for (int64_t t = start[i]; t < start[i + 1]; t++) {
        const int64_t at = next[index[t]]++;
        back.index[at] = i;
        back.weight[at] = weight[t];
      }
    return back;
  }
};

// The cubic convolution of Keys, of a distance of at most 1 and from 1 to 2.
double cubic(double x, double a) {
  x = std::abs(x);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

struct Axis {
  int64_t in, out;
  double scale;  // inputs for each output
  bool alignCorners;

  Axis(int64_t in, int64_t out, double factor, bool alignCorners) : in(in), out(out), alignCorners(alignCorners) {
    const auto quotient = [](int64_t a, int64_t b) { return static_cast<double>(a) / static_cast<double>(b); };
    if (alignCorners) scale = out > 1 ? quotient(in - 1, out - 1) : 0;
    else scale = factor > 0 ? 1 / factor : quotient(in, out);
  }
  double place(double i) const { return alignCorners ? scale * i : scale * (i + 0.5) - 0.5; }
};

// In float32 unless the elements are float64, as in PyTorch, since a place may fall on an edge.
int64_t nearest(const Axis& axis, double i, DType dtype) {
  if (dtype == DType::float64) return static_cast<int64_t>(axis.scale * i);
  return static_cast<int64_t>(static_cast<float>(axis.scale) * static_cast<float>(i));
}

Taps tapsOf(const Axis& axis, Interpolation mode, DType dtype) {
  Taps taps(axis.in);
  for (int64_t i = 0; i < axis.out; i++) {
    const double place = axis.place(static_cast<double>(i));
    switch (mode) {
      case Interpolation::nearest: taps.add(nearest(axis, static_cast<double>(i), dtype), 1); break;
      case Interpolation::nearestExact: taps.add(nearest(axis, static_cast<double>(i) + 0.5, dtype), 1); break;
      case Interpolation::linear: {
        const double at = std::max(place, 0.0);
        const int64_t first = std::min(static_cast<int64_t>(at), axis.in - 1);
        const double rest = first + 1 < axis.in ? at - static_cast<double>(first) : 0;
        taps.add(first, 1 - rest);
        if (rest > 0) taps.add(first + 1, rest);
        break;
      }
      case Interpolation::cubic: {
        const double floor = std::floor(place), rest = place - floor;
        for (int k = -1; k <= 2; k++) taps.add(static_cast<int64_t>(floor) + k, cubic(k - rest, -0.75));
        break;
      }
      case Interpolation::area: {
        const int64_t first = i * axis.in / axis.out, last = ((i + 1) * axis.in + axis.out - 1) / axis.out;
        for (int64_t k = first; k < last; k++) taps.add(k, 1.0 / static_cast<double>(last - first));
        break;
      }
    }
    taps.endOutput();
  }
  return taps;
}

// All inputs within the filter's reach, which grows with the scale; weights sum up to 1.
Taps antialiased(const Axis& axis, Interpolation mode) {
  Taps taps(axis.in);
  const double wide = std::max(axis.scale, 1.0), reach = (mode == Interpolation::cubic ? 2 : 1) * wide;
  for (int64_t i = 0; i < axis.out; i++) {
    const double center = axis.scale * (static_cast<double>(i) + 0.5);
    const int64_t first = std::max<int64_t>(static_cast<int64_t>(center - reach + 0.5), 0);
    const int64_t last = std::min(static_cast<int64_t>(center + reach + 0.5), axis.in);
    double sum = 0;
    for (int64_t k = first; k < last; k++) {
      const double x = (static_cast<double>(k) - center + 0.5) / wide;
      taps.add(k, mode == Interpolation::cubic ? cubic(x, -0.5) : std::max(1 - std::abs(x), 0.0));
      sum += taps.weight.back();
    }
    for (auto t = static_cast<size_t>(taps.start.back()); t < taps.weight.size() && sum != 0; t++)
      taps.weight[t] /= sum;
    taps.endOutput();
  }
  return taps;
}

template <class T, class V>
Tensor uploaded(const std::vector<V>& values, Device device) {
  const Tensor x = empty({static_cast<int64_t>(values.size())}, dtypeOf<T>());
  std::transform(values.begin(), values.end(), x.data<T>(), [](V value) { return static_cast<T>(value); });
  return to(x, device);
}

// Along the last dims, from the last one on. Halves and uint8 are computed in float32 and rounded once.
Tensor resampled(const char* name, const Tensor& x, const std::vector<Taps>& axes) {
  Tensor y;
  {
    const NoGrad guard;
    y = isFloat(x.dtype()) ? widened(x) : cast(x, DType::float32);
    for (int i = static_cast<int>(axes.size()) - 1; i >= 0; i--) {
      const Taps& taps = axes[i];
      const int d = x.dim() - static_cast<int>(axes.size()) + i;
      Dims sizes = y.sizes();
      int64_t outer = 1, inner = 1;
      for (int k = 0; k < d; k++) outer *= sizes[k];
      for (int k = d + 1; k < sizes.size(); k++) inner *= sizes[k];
      const Tensor from = reshape(y, {outer, taps.inputs, inner});
      const Tensor into = empty({outer, taps.outputs(), inner}, y.dtype(), y.device());
      const Device device = y.device();
      const Tensor weight =
          y.dtype() == DType::float32 ? uploaded<float>(taps.weight, device) : uploaded<double>(taps.weight, device);
      kernels<ResampleKernels>(y).resample(contiguous(from), uploaded<int64_t>(taps.start, device),
                                           uploaded<int64_t>(taps.index, device), weight, into);
      sizes[d] = taps.outputs();
      y = view(into, sizes);
    }
    y = cast(y, x.dtype());
  }
  return fromGradient(name, y, x, [=](const Tensor& dy) {
    std::vector<Taps> back;
    for (const Taps& taps : axes) back.push_back(taps.transposed());
    return resampled(name, dy, back);
  });
}

const char* nodeOf(Interpolation mode, size_t dims, bool antialias) {
  static constexpr const char* names[][3] = {
      {"UpsampleNearest1DBackward0", "UpsampleNearest2DBackward0", "UpsampleNearest3DBackward0"},
      {"UpsampleNearestExact1DBackward0", "UpsampleNearestExact2DBackward0", "UpsampleNearestExact3DBackward0"},
      {"UpsampleLinear1DBackward0", "UpsampleBilinear2DBackward0", "UpsampleTrilinear3DBackward0"},
      {"", "UpsampleBicubic2DBackward0", ""},
      {"AdaptiveAvgPool1DBackward0", "AdaptiveAvgPool2DBackward0", "AdaptiveAvgPool3DBackward0"}};
  if (antialias) return mode == Interpolation::cubic ? "UpsampleBicubic2DAaBackward0" : "UpsampleBilinear2DAaBackward0";
  return names[static_cast<int>(mode)][dims - 1];
}

}  // namespace

Tensor interpolate(const Tensor& x, const Dims& size, const std::vector<double>& scales, Interpolation mode,
                   bool alignCorners, bool antialias) {
  const bool nearest = mode == Interpolation::nearest || mode == Interpolation::nearestExact;
  if (!isFloat(x.dtype()) && !(nearest && x.dtype() == DType::uint8)) failDType("interpolate", x.dtype());
  check(x.dim() == size.size() + 2 && size.size() >= 1 && size.size() <= 3, Code::shape,
        "interpolate: expected as many sizes as an input [N, C, …] has behind its channels, got ", size, " for ",
        x.sizes());
  for (int i = 0; i < size.size(); i++)
    check(x.size(2 + i) > 0 && size[i] > 0, Code::shape, "interpolate: sizes must be positive, got ", size, " from ",
          x.sizes());
  constexpr int64_t most =
      int64_t{1} << 26;  // places are computed for each element of a dim, before any memory is asked for
  for (const int64_t s : size)
    check(s <= most, Code::shape, "interpolate: sizes must be at most ", most, ", got ", size);
  std::vector<Taps> axes;
  for (int i = 0; i < size.size(); i++) {
    const Axis axis(x.size(2 + i), size[i], scales.empty() ? 0 : scales[i], alignCorners);
    axes.push_back(antialias ? antialiased(axis, mode) : tapsOf(axis, mode, x.dtype()));
  }
  return resampled(nodeOf(mode, axes.size(), antialias), x, axes);
}

}  // namespace dtrain
