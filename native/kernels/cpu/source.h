// Elements of a tensor of any dtype as those of the type that is computed in, a block at a time.
#pragma once

#include "core/tensor.h"
#include "kernels/cpu/loops.h"

namespace dtrain::cpu {

constexpr int64_t kBlock = 1024;  // elements
struct Block {
  alignas(64) char bytes[kBlock * sizeof(double)];
};
inline int indexOfSize(int64_t bytes) { return __builtin_ctzll(static_cast<uint64_t>(bytes)); }
inline int indexOf(Compute compute) { return static_cast<int>(compute); }
inline int indexOf(DType dtype) { return static_cast<int>(dtype); }

// Elements of one operand in the type that is computed in.
class Source {
 public:
  // A tensor; where `rounds`, its elements are first rounded to `common`.
  void set(const Tensor& x, DType common, bool rounds) {
    if (x.dtype() == common && isCompute(common)) return;
    const ConvertLoops& convert = loops().convert;
    const Compute compute = computeOf(common);
    size_ = itemSize(typeOf(compute));
    load_ = convert.load[indexOf(x.dtype())][indexOf(compute)];
    if (!rounds) return;
    round_ = convert.store[indexOf(compute)][indexOf(common)];
    reload_ = convert.load[indexOf(common)][indexOf(compute)];
    roundedSize_ = itemSize(common);
  }

  bool direct() const { return !load_; }

  // n elements from p on, in `block` unless they can be used where they are; `stride` becomes that of what is returned.
  const char* operator()(int64_t n, const char* p, int64_t& stride, Block& block) const {
    if (!load_) return p;
    const int64_t count = stride == 0 ? 1 : n;
    load_(count, p, stride, block.bytes, size_);
    if (round_) {
      Block rounded;
      round_(count, block.bytes, size_, rounded.bytes, roundedSize_);
      reload_(count, rounded.bytes, roundedSize_, block.bytes, size_);
    }
    stride = stride == 0 ? 0 : size_;
    return block.bytes;
  }

 private:
  UnaryLoop load_ = nullptr, round_ = nullptr, reload_ = nullptr;
  int64_t size_ = 0, roundedSize_ = 0;
};

}  // namespace dtrain::cpu
