// The C functions of kernels/unary.h for the device, overloaded for float and double. Included by *.cu only.
#pragma once

#include "kernels/device.cuh"
#include "kernels/unary.h"

namespace dtrain::cuda {

#define DT_OVERLOAD(name, kind)                                    \
  DT_HD inline float DT_MATH(name)(float x) { return name##f(x); } \
  DT_HD inline double DT_MATH(name)(double x) { return ::name(x); }
DT_MATH_FUNCTIONS(DT_OVERLOAD)
#define DT_OVERLOAD_OF_TWO(name, kind)                                         \
  DT_HD inline float DT_MATH(name)(float x, float y) { return name##f(x, y); } \
  DT_HD inline double DT_MATH(name)(double x, double y) { return ::name(x, y); }
DT_MATH_FUNCTIONS_OF_TWO(DT_OVERLOAD_OF_TWO)

}  // namespace dtrain::cuda
