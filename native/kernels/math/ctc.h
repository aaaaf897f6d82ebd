// One sample of kernels/ctc.h as both passes see it; sums are float64. See math/convert.h for how it is included.

DT_HD inline double logSum(double a, double b, double c) {
  const double larger = a < b ? b : a, top = larger < c ? c : larger;
  return top == -HUGE_VAL ? top : top + log(exp(a - top) + exp(b - top) + exp(c - top));
}

template <class T>
struct CtcSample {
  const T* logProbs;      // of its first step
  const int64_t* labels;  // its own
  int64_t labelCount, steps, classes, blank;
  int64_t stride;  // from a step to the next

  DT_HD int64_t places() const { return 2 * labelCount + 1; }
  DT_HD int64_t classAt(int64_t s) const { return s % 2 == 0 ? blank : labels[s / 2]; }
  DT_HD double at(int64_t t, int64_t s) const {
    const int64_t c = classAt(s);
    return c >= 0 && c < classes ? static_cast<double>(logProbs[t * stride + c]) : -HUGE_VAL;
  }
  // Whether a way may come to place s from s - 2: over a blank between labels that differ.
  DT_HD bool skips(int64_t s) const { return s >= 2 && s < places() && classAt(s) != classAt(s - 2); }

  // alpha[t, s] from those of the step before.
  DT_HD double alpha(int64_t t, int64_t s, const double* before) const {
    if (t == 0) return s < 2 ? at(0, s) : -HUGE_VAL;
    return at(t, s) + logSum(before[s], s > 0 ? before[s - 1] : -HUGE_VAL, skips(s) ? before[s - 2] : -HUGE_VAL);
  }
  // beta[t, s] from those of the step behind.
  DT_HD double beta(int64_t t, int64_t s, const double* behind) const {
    if (t == steps - 1) return s >= places() - 2 ? at(t, s) : -HUGE_VAL;
    return at(t, s) +
           logSum(behind[s], s + 1 < places() ? behind[s + 1] : -HUGE_VAL, skips(s + 2) ? behind[s + 2] : -HUGE_VAL);
  }
  DT_HD double loss(const double* last) const {
    if (steps == 0) return labelCount == 0 ? 0 : HUGE_VAL;
    return -logSum(last[places() - 1], labelCount > 0 ? last[places() - 2] : -HUGE_VAL, -HUGE_VAL);
  }
};

// The sample n of a batch.
template <class T>
DT_HD CtcSample<T> ctcSample(int64_t n, int64_t samples, int64_t classes, const T* logProbs, const int64_t* labels,
                             const int64_t* plan, int64_t blank) {
  const int64_t* const own = plan + 3 * n;
  return {logProbs + n * classes, labels + own[0], own[1], own[2], classes, blank, samples * classes};
}
