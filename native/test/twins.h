// Runs a kernel on the CPU and on a CUDA device, on tensors of equal memory, and compares all of that memory: elements
// of outputs with a tolerance, everything else bit by bit. Tensors lie in the middle of larger buffers, with gaps where
// their strides leave some, so a write beside an element is a difference, as is a change of an input.
#pragma once

#include <cstring>
#include <limits>
#include <random>

#include "core/runtime.h"
#include "kernels/copy.h"
#include "kernels/table.h"
#include "test/test.h"

namespace dtrain::test {

constexpr Device kCuda{Device::cuda, 0};
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();

enum class Layout {
  contiguous,
  shifted,     // contiguous, one element into the memory: not aligned for wide loads
  transposed,  // the first dimension is the fastest
  gapped,      // every other element
  repeated,    // all elements are one (inputs only)
  row,         // the last dimension, repeated along the others (inputs only)
};
constexpr Layout kOutputLayouts[] = {Layout::contiguous, Layout::shifted, Layout::transposed, Layout::gapped};
constexpr Layout kInputLayouts[] = {Layout::contiguous, Layout::shifted,  Layout::transposed,
                                    Layout::gapped,     Layout::repeated, Layout::row};

inline Dims stridesOf(const Dims& sizes, Layout layout) {
  Dims strides = contiguousStrides(sizes);
  if (layout == Layout::transposed) {
    int64_t step = 1;
    for (int i = 0; i < sizes.size(); i++) {
      strides[i] = step;
      step *= std::max<int64_t>(sizes[i], 1);
    }
  }
  for (int i = 0; i < sizes.size(); i++) {
    if (layout == Layout::gapped) strides[i] *= 2;
    if (layout == Layout::repeated || (layout == Layout::row && i + 1 < sizes.size())) strides[i] = 0;
  }
  return strides;
}

constexpr DType kTypes[] = {DType::float32, DType::float64,  DType::int64, DType::uint8, DType::boolean,
                            DType::float16, DType::bfloat16, DType::int32, DType::int16, DType::int8};
static_assert(std::size(kTypes) == kDTypes);
constexpr DType kFloats[] = {DType::float32, DType::float64, DType::float16, DType::bfloat16};

// Computed by the kernels of int64, from which it differs only where an element is loaded or stored: few cases will do.
inline bool isRare(DType dtype) { return !isFloat(dtype) && dtype != DType::int64; }

// Half the distance between 1 and the next value, a little more: what one operation may be off.
inline double rounding(DType dtype) {
  return dtype == DType::float16 ? 1e-3 : dtype == DType::bfloat16 ? 8e-3 : dtype == DType::float32 ? 1e-6 : 1e-14;
}
// What a sum of so many products may be off.
inline double rounding(DType dtype, int64_t terms) {
  return rounding(dtype) * (4 + std::sqrt(static_cast<double>(terms)));
}

using Values = std::function<double(int64_t i)>;

// Multiples of 1 / 512 within ±2 for floats, and small numbers for the others.
inline Values anyValues(DType dtype, int seed) {
  auto engine = std::make_shared<std::mt19937>(seed);
  return [dtype, engine](int64_t) {
    const auto draw = static_cast<double>((*engine)() % 2048);
    if (isFloat(dtype)) return draw / 512 - 2;
    if (dtype == DType::boolean) return std::fmod(draw, 2);
    if (dtype == DType::uint8) return std::fmod(draw, 256);
    return dtype == DType::int8 ? std::fmod(draw, 256) - 128 : draw - 1024;
  };
}

class Twins {
 public:
  explicit Twins(std::string what) : what_(std::move(what)) {}

  // Add a tensor; the functions that run() calls see them in this order.
  Twins& in(DType dtype, const Dims& sizes, Layout layout = Layout::contiguous, Values values = nullptr) {
    add(dtype, sizes, stridesOf(sizes, layout), layout == Layout::shifted, false,
        values ? values : anyValues(dtype, static_cast<int>(pairs_.size()) + 1));
    return *this;
  }
  Twins& out(DType dtype, const Dims& sizes, Layout layout = Layout::contiguous, Values values = nullptr) {
    add(dtype, sizes, stridesOf(sizes, layout), layout == Layout::shifted, true, values);
    return *this;
  }
  // An input without a value, where a kernel takes an optional tensor.
  Twins& none() {
    pairs_.emplace_back();
    return *this;
  }

  // call(table of kernels, tensors), for each device
  template <class Table, class Call>
  void run(double tolerance, const Call& call) {
    std::vector<Tensor> cpu, cuda;
    for (const Pair& p : pairs_) {
      cpu.push_back(p.cpu);
      cuda.push_back(p.cuda);
    }
    call(*cpuTable<Table>, std::as_const(cpu));
    call(*cudaTable<Table>, std::as_const(cuda));
    for (size_t i = 0; i < pairs_.size(); i++)
      if (pairs_[i].cpu.defined()) compare(pairs_[i], i, tolerance);
  }

 private:
  struct Pair {
    Tensor cpu, cuda;  // views of the buffers
    Tensor cpuBuffer, cudaBuffer;
    std::string before;
    bool output = false;
  };

  void add(DType dtype, const Dims& sizes, const Dims& strides, bool shifted, bool output, const Values& values) {
    const int64_t item = itemSize(dtype), guard = 256 / item;
    int64_t span = 1;
    for (int i = 0; i < sizes.size(); i++) span += std::max<int64_t>(sizes[i] - 1, 0) * strides[i];
    const int64_t offset = guard + shifted, elements = offset + span + guard;
    Pair p;
    p.output = output;
    p.cpuBuffer = empty({elements}, dtype);
    p.cudaBuffer = empty({elements}, dtype, kCuda);
    p.cpu = alias(p.cpuBuffer, sizes, strides, offset);
    p.cuda = alias(p.cudaBuffer, sizes, strides, offset);
    const auto bytes = static_cast<size_t>(elements * item);
    std::memset(p.cpuBuffer.bytes(), 0xFE, bytes);  // huge, as floats
    if (values)
      forEach(p.cpu, [&](int64_t i, char* at) {
        dispatch(dtype, [&](auto zero) {
          using T = decltype(zero);
          *reinterpret_cast<T*>(at) = static_cast<T>(values(i));
        });
      });
    p.before.assign(p.cpuBuffer.bytes(), bytes);
    runtime(kCuda).copy(p.cudaBuffer.bytes(), kCuda, p.cpuBuffer.bytes(), {}, bytes, false);
    pairs_.push_back(std::move(p));
  }

  // f(i, address) for the elements of a tensor of the CPU in logical order.
  template <class F>
  static void forEach(const Tensor& x, F&& f) {
    for (int64_t i = 0; i < x.numel(); i++) {
      int64_t at = 0;
      for (int64_t rest = i, d = x.dim() - 1; d >= 0; d--) {
        const int dim = static_cast<int>(d);
        at += rest % x.size(dim) * x.stride(dim);
        rest /= x.size(dim);
      }
      f(i, x.bytes() + at * itemSize(x.dtype()));
    }
  }

  void compare(const Pair& p, size_t number, double tolerance) {
    const char* const start = p.cpuBuffer.bytes();
    std::string got(p.before.size(), '\0'), plain = p.before;
    runtime(kCuda).copy(got.data(), {}, p.cudaBuffer.bytes(), kCuda, got.size(), false);
    if (p.output)
      forEach(p.cpu, [&](int64_t i, char* at) {
        dispatch(p.cpu.dtype(), [&](auto zero) {
          using T = decltype(zero);
          T want, have;
          std::memcpy(&want, at, sizeof want);
          std::memcpy(&have, got.data() + (at - start), sizeof have);
          bool same = want == have || (want != want && have != have);
          if (isFloat(p.cpu.dtype()))
            same = same || close(static_cast<double>(want), static_cast<double>(have), tolerance);
          expect(same, what_, ": tensor ", number, " ", p.cpu.dtype(), " ", p.cpu.sizes(), " element ", i, ": ", have,
                 ", the CPU gives ", want);
          std::memcpy(plain.data() + (at - start), got.data() + (at - start), sizeof have);
        });
      });
    const auto [a, b] = std::mismatch(got.begin(), got.end(), plain.begin());
    expect(a == got.end(), what_, ": tensor ", number, " ", p.cpu.dtype(), " ", p.cpu.sizes(), ": byte ",
           a - got.begin(), " beside its elements has changed");
  }

  const std::string what_;
  std::vector<Pair> pairs_;
};

// The elements of a contiguous tensor of a device, as T.
template <class T>
std::vector<T> toHost(const Tensor& x) {
  std::vector<T> out(static_cast<size_t>(x.numel()));
  runtime(kCuda).copy(out.data(), {}, x.bytes(), kCuda, out.size() * sizeof(T), false);
  return out;
}
template <class T>
Tensor toDevice(const std::vector<T>& values, const Dims& sizes) {
  Tensor x = empty(sizes, dtypeOf<T>(), kCuda);
  runtime(kCuda).copy(x.bytes(), kCuda, values.data(), {}, values.size() * sizeof(T), false);
  return x;
}

// Not a test where there is no CUDA backend in the build.
struct RegisterCuda {
  RegisterCuda(std::string name, std::function<void()> run) {
    if (cudaRuntime()) cases().push_back({std::move(name), std::move(run)});
  }
};
#define CUDA_TEST(name)                                                                                   \
  static void DT_JOIN(test, __LINE__)();                                                                  \
  static const ::dtrain::test::RegisterCuda DT_JOIN(registered, __LINE__)(name, DT_JOIN(test, __LINE__)); \
  static void DT_JOIN(test, __LINE__)()

}  // namespace dtrain::test
