// For packages only (DTRAIN_OLD_GLIBC): lets the addon load where glibc is older than the vector functions that its
// loops call. libmvec has had tanh, erf and the like since 2.35, and older systems refuse a library that names them. So
// the loops call these functions, which jump to libmvec's, found by name when the addon is loaded; where there are none
// they call libm's for each element. The jump is the one that the linker's table would make.
#include <dlfcn.h>
#include <immintrin.h>

#include <cmath>

namespace {

template <typename T, typename Vector>
inline void forEach(Vector& x, T (*function)(T)) {
  T* lanes = reinterpret_cast<T*>(&x);  // vector types may alias their elements
  for (unsigned i = 0; i < sizeof(Vector) / sizeof(T); i++) lanes[i] = function(lanes[i]);
}

// As libmvec names them, by instruction set and number of lanes; their type, their elements, and how to compile them.
#define DT_WIDTHS(X, name)                              \
  X(bN4v_##name##f, __m128, float, name##f, "sse2")     \
  X(dN8v_##name##f, __m256, float, name##f, "avx2")     \
  X(eN16v_##name##f, __m512, float, name##f, "avx512f") \
  X(bN2v_##name, __m128d, double, name, "sse2")         \
  X(dN4v_##name, __m256d, double, name, "avx2")         \
  X(eN8v_##name, __m512d, double, name, "avx512f")
#define DT_FUNCTIONS(X) \
  DT_WIDTHS(X, tanh)    \
  DT_WIDTHS(X, log1p)   \
  DT_WIDTHS(X, expm1)   \
  DT_WIDTHS(X, log2)    \
  DT_WIDTHS(X, log10)   \
  DT_WIDTHS(X, exp2)    \
  DT_WIDTHS(X, erf)     \
  DT_WIDTHS(X, erfc)

#define DT_SLOT(name, Vector, T, function, isa)               \
  __attribute__((target(isa))) Vector each_##name(Vector x) { \
    forEach<T>(x, function);                                  \
    return x;                                                 \
  }                                                           \
  Vector (*slot_##name)(Vector) = each_##name;
DT_FUNCTIONS(DT_SLOT)

// Before anything computes, and after the libraries that the addon needs have been loaded.
__attribute__((constructor)) void findVectorFunctions() {
  void* library = dlopen("libmvec.so.1", RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return;
#define DT_FIND(name, Vector, T, function, isa) \
  if (void* found = dlsym(library, "_ZGV" #name)) slot_##name = reinterpret_cast<Vector (*)(Vector)>(found);
  DT_FUNCTIONS(DT_FIND)
}

}  // namespace

#define DT_DEFINE(name, Vector, T, function, isa) \
  extern "C" __attribute__((visibility("hidden"), target(isa))) Vector _ZGV##name(Vector x) { return slot_##name(x); }
DT_FUNCTIONS(DT_DEFINE)
