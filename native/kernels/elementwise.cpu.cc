// Elementwise kernels: the functors of functors.h, looped over by loops.cc along the nest that nest.h finds.
// Bytes moved: every operand once; the loops reach memory bandwidth from about 32 KiB upwards.
#include "kernels/elementwise.h"

#include "core/operand.h"
#include "kernels/copy.h"
#include "kernels/creation.h"
#include "kernels/loops.h"
#include "kernels/plan.h"

namespace dtrain::cpu {

namespace {

int row(const Tensor& x) { return static_cast<int>(x.dtype()); }

// uint8 wraps, which C++ promises only for integers.
template <class T>
T converted(double value) {
  if constexpr (std::is_same_v<T, uint8_t>) return static_cast<T>(static_cast<int64_t>(value));
  else return static_cast<T>(value);
}

// A number in the memory layout of a dtype, for use as a stride-0 operand.
struct Scalar {
  Scalar(double value, DType dtype) {
    dispatch("scalar", dtype, [&](auto zero) {
      using T = decltype(zero);
      *reinterpret_cast<T*>(&storage) = converted<T>(value);
    });
  }
  alignas(8) char storage[8];
};

void fill(const Tensor& out, double value) {
  Scalar scalar(value, out.dtype());
  Plan<2> plan(out);
  plan.setScalar(1, &scalar.storage);
  const auto loop = loops().cast[row(out)][row(out)];
  plan.run([&](int64_t n, auto& p, auto& s) { loop(n, p[1], s[1], p[0], s[0]); });
}

void copy(const Tensor& x, const Tensor& out) {
  Plan<2> plan(out);
  plan.set(1, x);
  const auto loop = loops().cast[row(x)][row(out)];
  plan.run([&](int64_t n, auto& p, auto& s) { loop(n, p[1], s[1], p[0], s[0]); });
}

void arange(const Tensor& out, double start, double step) {
  dispatch("arange", out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* p = out.data<T>();
    for (int64_t i = 0; i < out.numel(); i++) p[i] = converted<T>(start + step * static_cast<double>(i));
  });
}

template <class Loop>
Loop existing(Loop loop, const char* op, DType dtype) {
  check(loop, Code::internal, op, ": there is no kernel for ", dtype);
  return loop;
}

void unary(Unary op, const Tensor& x, const Tensor& out) {
  Plan<2> plan(out);
  plan.set(1, x);
  const auto loop = existing(loops().unary[static_cast<int>(op)][row(x)], name(op), x.dtype());
  plan.run([&](int64_t n, auto& p, auto& s) { loop(n, p[1], s[1], p[0], s[0]); });
}

void binary(Binary op, const Operand& x, const Operand& y, double alpha, const Tensor& out) {
  const DType dtype = x.isTensor() ? x.tensor.dtype() : y.tensor.dtype();
  Scalar sx(x.number, dtype), sy(y.number, dtype);
  Plan<3> plan(out);
  x.isTensor() ? plan.set(1, x.tensor) : plan.setScalar(1, &sx.storage);
  y.isTensor() ? plan.set(2, y.tensor) : plan.setScalar(2, &sy.storage);
  const auto loop = existing(loops().binary[static_cast<int>(op)][static_cast<int>(dtype)], name(op), dtype);
  plan.run([&](int64_t n, auto& p, auto& s) { loop(n, p[1], s[1], p[2], s[2], alpha, p[0], s[0]); });
}

}  // namespace

const Fill copyKernels(cpuTable<CopyKernels>, {.fill = fill, .copy = copy});
const Fill creationKernels(cpuTable<CreationKernels>, {.arange = arange});
const Fill unaryKernels(cpuTable<UnaryKernels>, {.unary = unary});
const Fill binaryKernels(cpuTable<BinaryKernels>, {.binary = binary});

}  // namespace dtrain::cpu
