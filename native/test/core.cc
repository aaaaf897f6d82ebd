// Allocator, storage and graph life time: what JavaScript cannot reach or only notices too late.
#include <thread>

#include "autograd/engine.h"
#include "core/allocator.h"
#include "core/saved-log.h"
#include "ops/arithmetic.h"
#include "ops/creation.h"
#include "ops/matmul.h"
#include "ops/reduce.h"
#include "ops/unary.h"
#include "ops/view.h"
#include "test/test.h"

namespace dtrain {
namespace {

int pressureCalls = 0;

struct Malloc : RawMemory {
  void* allocate(size_t bytes, StreamHandle) override { return std::aligned_alloc(64, bytes); }
  void release(void* p, size_t, StreamHandle) override { std::free(p); }
} malloced;

TEST("size classes hold what is asked and waste at most an eighth") {
  for (size_t bytes = 1; bytes < (size_t{1} << 34); bytes += 1 + bytes / 7) {
    const size_t size = classSize(bytes);
    EXPECT(size >= bytes && size % 64 == 0);
    EXPECT(classSize(size) == size);
    EXPECT(bytes < 512 || static_cast<double>(size) <= static_cast<double>(bytes) * 1.126 + 64);
  }
}

TEST("freed blocks are reused and statistics add up") {
  CachingAllocator a(malloced, {}, {}, 1 << 20);
  void* p = a.allocate(1000);
  EXPECT(reinterpret_cast<uintptr_t>(p) % 64 == 0);
  a.release(p, 1000);
  EXPECT(a.stats().live == 0 && a.stats().cached == 1024);
  EXPECT(a.allocate(1001) == p);
  EXPECT(a.stats().systemAllocations == 1 && a.stats().peak == 1024);
  a.release(p, 1001);
  a.emptyCache();
  EXPECT(a.stats().cached == 0);
  EXPECT(a.allocate(0) == nullptr);
}

TEST("a freed block serves only the stream it came from") {
  CachingAllocator a(malloced, {}, {}, 1 << 20);
  int streams[2];
  void* p = a.allocate(1000, &streams[0]);
  a.release(p, 1000, &streams[0]);
  void* other = a.allocate(1000, &streams[1]);
  EXPECT(other != p && a.stats().systemAllocations == 2);
  EXPECT(a.allocate(1000, &streams[0]) == p && a.stats().systemAllocations == 2);
  a.release(p, 1000, &streams[0]);
  a.release(other, 1000, &streams[1]);
  a.emptyCache();
  EXPECT(a.stats().cached == 0 && a.stats().live == 0);
}

TEST("over budget the pressure handler is asked twice, then an error names the largest sizes") {
  CachingAllocator a(malloced, {}, {}, 1 << 20);
  pressureCalls = 0;
  setPressureHandler([](Pressure) { pressureCalls++; });
  void* held = a.allocate(900'000);
  const Error e = test::thrownBy([&] { a.allocate(500'000); });
  setPressureHandler(nullptr);
  EXPECT(e.code == Code::outOfMemory && pressureCalls == 2);
  EXPECT(e.message.find("1 x 917504 bytes") != std::string::npos);
  a.release(held, 900'000);
  void* other = a.allocate(500'000);  // the cached block of another size makes room
  EXPECT(other != nullptr && a.stats().cached == 0);
  a.release(other, 500'000);
  a.emptyCache();
}

// A system with little memory. What is released counts once everybody has been waited for.
struct Scarce : Malloc {
  size_t left = 1024, pending = 0;
  int trims = 0;
  CachingAllocator* allocator = nullptr;
  void* allocate(size_t bytes, StreamHandle stream) override {
    if (bytes > left) return nullptr;
    left -= bytes;
    return Malloc::allocate(bytes, stream);
  }
  void release(void* p, size_t bytes, StreamHandle stream) override {
    pending += bytes;
    Malloc::release(p, bytes, stream);
  }
  void trim() override {
    trims++;
    allocator->stats();  // no lock is held
    left += std::exchange(pending, 0);
  }
  int64_t systemFree() override { return static_cast<int64_t>(left) << 20; }
};

TEST("where the system has no memory left, all streams are waited for before the second attempt") {
  Scarce raw;
  CachingAllocator a(raw, " somewhere", {}, 1 << 20);
  raw.allocator = &a;
  int streams[2];
  a.release(a.allocate(768, &streams[0]), 768, &streams[0]);
  void* p = a.allocate(1024, &streams[1]);
  EXPECT(p != nullptr && raw.trims == 1 && a.stats().cached == 0);
  const Error e = test::thrownBy([&] { a.allocate(64, &streams[0]); });
  EXPECT(e.code == Code::outOfMemory && raw.trims == 2);
  EXPECT(
      e.message ==
      "out of memory somewhere: 64 bytes wanted, 0 MiB of a budget of 1 MiB in live tensors; largest: 1 x 1024 bytes; "
      "the system has 0 MiB left; keep fewer tensors (tidy(), dispose()), use a smaller batch, or see what other "
      "processes use");
  test::thrownBy([&] { a.allocate(2 << 20, &streams[0]); });
  EXPECT(raw.trims == 2);  // it is the budget
  a.release(p, 1024, &streams[1]);
  a.emptyCache();
  EXPECT(raw.trims == 3 && raw.left == 1024);
}

TEST("a chain of a million recorded ops is freed without recursion") {
  Tensor x = full({1}, 1, DType::float64);
  autogradMeta(x).requiresGrad = true;
  {
    Tensor y = x;
    for (int i = 0; i < 1'000'000; i++) y = add(y, 1.0);
  }
  EXPECT(x.impl()->refs() == 1);
}

TEST("backward through a long chain, and the graph is freed on the way") {
  const int64_t before = liveBytes();
  {
    Tensor x = full({1000}, 2, DType::float64);
    autogradMeta(x).requiresGrad = true;
    Tensor y = x;
    for (int i = 0; i < 100; i++) y = mul(y, 1.01);
    const Tensor loss = sum(mul(y, y), std::nullopt, false, std::nullopt);
    backward({loss});
    const double want = 2 * 2 * std::pow(1.01, 200);
    EXPECT(test::close(autogradMeta(x).slot->grad.data<double>()[999], want, 1e-12));
    EXPECT(test::thrownBy([&] { backward({loss}); }).code == Code::autograd);
  }
  EXPECT(liveBytes() == before);
}

TEST("attributes of nodes are written as Python writes them") {
  EXPECT(inPython(2.0) == "2" && inPython(Float(2)) == "2.0" && inPython(Float(-0.25)) == "-0.25");
  EXPECT(inPython(1e5) == "100000" && inPython(1e-4) == "0.0001" && inPython(1e-5) == "1e-05" &&
         inPython(1e16) == "1e+16");
  EXPECT(inPython(Dims{3, 4}) == "(3, 4)" && inPython(Dims{3}) == "(3,)" && inPython(Dims()) == "()");
  EXPECT(inPython(true) == "True" && inPython(std::optional<Dims>()) == "None" && inPython(Saved()) == "None");
}

TEST("a leaf of a weight used as its transpose gets a contiguous gradient without a copy") {
  Tensor w = full({3, 4}, 1, DType::float32);
  autogradMeta(w).requiresGrad = true;
  const Tensor x = full({2, 4}, 1, DType::float32), b = full({3}, 0, DType::float32);
  backward({sum(linear(x, w, b), std::nullopt, false, std::nullopt)});
  const Tensor grad = autogradMeta(w).slot->grad;
  EXPECT(grad.isContiguous() && grad.sizes() == w.sizes() && grad.data<float>()[11] == 2);
}

TEST("tensors may be released by several threads at once") {
  const int64_t before = liveBytes();
  for (int round = 0; round < 200; round++) {
    const Tensor x = full({64}, 1, DType::float32);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; t++) threads.emplace_back([copy = x] { (void)view(copy, {8, 8}); });
    for (auto& t : threads) t.join();
    EXPECT(x.impl()->refs() == 1);
  }
  EXPECT(liveBytes() == before);
}

}  // namespace
}  // namespace dtrain
