// Where the windows of a pool lie (pool.h), for all devices. See math/convert.h for how it is included.

// Elements start, start + step, … < end of a dimension.
struct Span {
  int64_t start, end, step;
};

// Those of window o along dimension d, of a plane whose windows start at starts, if not by rule.
DT_HD inline Span spanOf(const Windows& w, const int64_t* starts, int d, int64_t o) {
  if (starts) {
    for (int i = 0; i < d; i++) starts += w.out[i];
    return {starts[o], starts[o] + w.kernel[d], 1};
  }
  const int64_t in = w.in[d], out = w.out[d], step = w.dilation[d];
  if (w.kernel[d] == 0) return {o * in / out, ((o + 1) * in + out - 1) / out, 1};
  const int64_t start = o * w.stride[d] - w.padding[d], end = start + (w.kernel[d] - 1) * step + 1;
  return {start < 0 ? start + (-start + step - 1) / step * step : start, end < in ? end : in, step};
}

// How many elements of window o, whose span is known, count as its own along d.
DT_HD inline int64_t countOf(const Windows& w, bool countsPadding, int d, int64_t o, const Span& span) {
  if (!countsPadding || w.kernel[d] == 0) return span.end - span.start;
  const int64_t start = o * w.stride[d] - w.padding[d], end = start + w.kernel[d], last = w.in[d] + w.padding[d];
  return (end < last ? end : last) - start;
}

// A sum that wraps, of T, divided by a number.
template <class T>
DT_HD T divided(Wrapping<T> sum, int64_t n) {
  if constexpr (std::is_integral_v<T>) return n == -1 ? static_cast<T>(-sum) : static_cast<T>(sum) / n;
  else return sum / static_cast<T>(n);
}
