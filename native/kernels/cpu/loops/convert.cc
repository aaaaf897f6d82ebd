// Loops that load elements of any dtype for computing, store results, and move elements as they are.
#include "kernels/cpu/loops/elementwise.h"

namespace dtrain::DT_ISA {
namespace {

template <class From, class To>
void convertLoop(int64_t n, const char* x, int64_t sx, char* out, int64_t so) {
  const Convert<To> convert;
  if (sx == sizeof(From) && so == sizeof(To)) {
    const From* a = reinterpret_cast<const From*>(x);
    To* r = reinterpret_cast<To*>(out);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) r[i] = convert(a[i]);
  } else if (std::is_same_v<From, To> && sx == -static_cast<int64_t>(sizeof(From)) && so == sizeof(To)) {  // flip
    const From* a = reinterpret_cast<const From*>(x);
    To* r = reinterpret_cast<To*>(out);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) r[i] = convert(a[-i]);
  } else if (sx == 0 && so == sizeof(To)) {
    const To value = convert(*reinterpret_cast<const From*>(x));
    To* r = reinterpret_cast<To*>(out);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) r[i] = value;
  } else {
    for (int64_t i = 0; i < n; i++)
      *reinterpret_cast<To*>(out + i * so) = convert(*reinterpret_cast<const From*>(x + i * sx));
  }
}

#define DT_LOAD(dtype, T) {convertLoop<T, float>, convertLoop<T, double>, convertLoop<T, int64_t>},
#define DT_STORE_FLOAT(dtype, T) convertLoop<float, T>,
#define DT_STORE_DOUBLE(dtype, T) convertLoop<double, T>,
#define DT_STORE_INT64(dtype, T) convertLoop<int64_t, T>,

}  // namespace

extern const ConvertLoops convertLoops;
const ConvertLoops convertLoops = {
    {DT_DTYPES(DT_LOAD)},
    {{DT_DTYPES(DT_STORE_FLOAT)}, {DT_DTYPES(DT_STORE_DOUBLE)}, {DT_DTYPES(DT_STORE_INT64)}},
    {convertLoop<uint8_t, uint8_t>, convertLoop<uint16_t, uint16_t>, convertLoop<uint32_t, uint32_t>,
     convertLoop<uint64_t, uint64_t>},
};

}  // namespace dtrain::DT_ISA
