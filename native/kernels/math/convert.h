// Elements from one type to another. Included inside a namespace of the device or of the instruction set, as all of
// math/ is, so that no two builds share a symbol; hence no #pragma once.

// A float beyond the range of an integer is undefined in C++; a small integer takes its bits from an int64, so that it
// wraps as PyTorch's does.
template <class To>
struct Convert {
  template <class From>
  DT_HD To operator()(From x) const {
    if constexpr (std::is_integral_v<To> && sizeof(To) < sizeof(int32_t))
      return static_cast<To>(static_cast<int64_t>(x));
    else return static_cast<To>(x);
  }
};
template <>
struct Convert<bool> {
  template <class From>
  DT_HD bool operator()(From x) const {
    return x != From(0);
  }
};

// What arithmetic on T is written in. Integers wrap as in PyTorch, which C++ promises only for unsigned ones.
template <class T>
using Wrapping = std::conditional_t<std::is_same_v<T, int64_t>, uint64_t, T>;
