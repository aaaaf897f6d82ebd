// The C functions that formulas call as DT_MATH(exp), overloaded for float and double. `simd`: glibc's libmvec has them
// for vectors too (at most 4 units in the last place); `plain`: it has not, and a loop calls them element by element.
// Outside any namespace, unlike the rest of math/.
#pragma once

#define DT_MATH_FUNCTIONS(X) \
  X(exp, simd)               \
  X(log, simd)

#define DT_MATH(name) math_##name
