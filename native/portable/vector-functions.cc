// For packages only (DTRAIN_OLD_GLIBC): lets the addon load where glibc is older than the vector functions that its
// loops call. libmvec has had tanh, erf and most others since 2.35, and older systems refuse a library that names them.
// So the loops call these functions, which jump to libmvec's, found by name when the addon is loaded; where there are
// none they call libm's for each element. The jump is the one that the linker's table would make.
#include <dlfcn.h>
#include <immintrin.h>

#include <cmath>

#include "kernels/unary.h"

namespace {

template <typename T, typename Vector>
inline void forEach(Vector& x, T (*function)(T)) {
  T* lanes = reinterpret_cast<T*>(&x);  // vector types may alias their elements
  for (unsigned i = 0; i < sizeof(Vector) / sizeof(T); i++) lanes[i] = function(lanes[i]);
}

template <typename T, typename Vector>
inline void forEach(Vector& x, const Vector& y, T (*function)(T, T)) {
  T* lanes = reinterpret_cast<T*>(&x);
  const T* others = reinterpret_cast<const T*>(&y);
  for (unsigned i = 0; i < sizeof(Vector) / sizeof(T); i++) lanes[i] = function(lanes[i], others[i]);
}

// X(name in libmvec, by instruction set, number of lanes and arguments; vector, element, function, how to compile it)
#define DT_WIDTHS(X, v, name)                               \
  X(bN4##v##_##name##f, __m128, float, name##f, "sse2")     \
  X(dN8##v##_##name##f, __m256, float, name##f, "avx2")     \
  X(eN16##v##_##name##f, __m512, float, name##f, "avx512f") \
  X(bN2##v##_##name, __m128d, double, name, "sse2")         \
  X(dN4##v##_##name, __m256d, double, name, "avx2")         \
  X(eN8##v##_##name, __m512d, double, name, "avx512f")

#define DT_SLOT(symbol, Vector, T, function, isa)               \
  __attribute__((target(isa))) Vector each_##symbol(Vector x) { \
    forEach<T>(x, function);                                    \
    return x;                                                   \
  }                                                             \
  Vector (*slot_##symbol)(Vector) = each_##symbol;
#define DT_SLOT_OF_TWO(symbol, Vector, T, function, isa)                  \
  __attribute__((target(isa))) Vector each_##symbol(Vector x, Vector y) { \
    forEach<T>(x, y, function);                                           \
    return x;                                                             \
  }                                                                       \
  Vector (*slot_##symbol)(Vector, Vector) = each_##symbol;
#define DT_FIND(symbol, Vector, T, function, isa) \
  if (void* found = dlsym(library, "_ZGV" #symbol)) slot_##symbol = reinterpret_cast<decltype(slot_##symbol)>(found);
#define DT_DEFINE(symbol, Vector, T, function, isa)                                             \
  extern "C" __attribute__((visibility("hidden"), target(isa))) Vector _ZGV##symbol(Vector x) { \
    return slot_##symbol(x);                                                                    \
  }
#define DT_DEFINE_OF_TWO(symbol, Vector, T, function, isa)                                                \
  extern "C" __attribute__((visibility("hidden"), target(isa))) Vector _ZGV##symbol(Vector x, Vector y) { \
    return slot_##symbol(x, y);                                                                           \
  }

// Those that loops call as vectors; they call the plain ones one by one, from libm.
#define DT_IF_plain(action, v, name)
#define DT_IF_simd(action, v, name) DT_WIDTHS(action, v, name)
#define DT_SLOTS(name, kind) DT_IF_##kind(DT_SLOT, v, name)
#define DT_SLOTS_OF_TWO(name, kind) DT_IF_##kind(DT_SLOT_OF_TWO, vv, name)
#define DT_FINDS(name, kind) DT_IF_##kind(DT_FIND, v, name)
#define DT_FINDS_OF_TWO(name, kind) DT_IF_##kind(DT_FIND, vv, name)
#define DT_DEFINES(name, kind) DT_IF_##kind(DT_DEFINE, v, name)
#define DT_DEFINES_OF_TWO(name, kind) DT_IF_##kind(DT_DEFINE_OF_TWO, vv, name)

DT_MATH_FUNCTIONS(DT_SLOTS)
DT_MATH_FUNCTIONS_OF_TWO(DT_SLOTS_OF_TWO)

// Before anything computes.
__attribute__((constructor)) void findVectorFunctions() {
  void* library = dlopen("libmvec.so.1", RTLD_LAZY);
  if (library == nullptr) return;
  DT_MATH_FUNCTIONS(DT_FINDS)
  DT_MATH_FUNCTIONS_OF_TWO(DT_FINDS_OF_TWO)
}

}  // namespace

DT_MATH_FUNCTIONS(DT_DEFINES)
DT_MATH_FUNCTIONS_OF_TWO(DT_DEFINES_OF_TWO)
