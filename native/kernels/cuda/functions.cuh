// The C functions of kernels/unary.h for the device, overloaded for float and double. Included by *.cu only.
#pragma once

#include "kernels/device.cuh"
#include "kernels/unary.h"

namespace dtrain::cuda {

#define DT_OVERLOAD(name, kind)                                    \
  DT_HD inline float DT_MATH(name)(float x) { return name##f(x); } \
  DT_HD inline double DT_MATH(name)(double x) { return ::name(x); }
DT_MATH_FUNCTIONS(DT_OVERLOAD)

}  // namespace dtrain::cuda
