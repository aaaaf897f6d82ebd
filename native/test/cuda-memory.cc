// Memory that a CUDA device uses later than the host asks: copies from the host, and blocks that are let go meanwhile.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <future>
#include <thread>

#include "core/pinned.h"
#include "kernels/copy.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

const Runtime& cuda() { return runtime(kCuda); }

// Holds up what its stream is given from now on.
class Held {
 public:
  explicit Held(StreamHandle stream) {
    cuda().callWhenReached(stream, [wait = go_.get_future().share()] { wait.wait(); });
  }
  ~Held() { go(); }
  void go() {
    if (!gone_.exchange(true)) go_.set_value();
  }

 private:
  std::promise<void> go_;
  std::atomic<bool> gone_{false};
};

StreamHandle compute() { return cuda().computeStream(0); }

CUDA_TEST("cuda: memory of the host has been read when a copy returns, whatever the stream has to do") {
  for (const int64_t n : {int64_t{1000}, static_cast<int64_t>(kStagedBytes / 4) + 1}) {
    const auto count = static_cast<size_t>(n);
    Held held(compute());
    auto later = std::async(std::launch::async, [&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      held.go();
    });
    const Tensor x = full({n}, 1, DType::float32);
    const Tensor y = to(x, kCuda, false), z = full({n}, 0, DType::float32, kCuda);
    copy_(z, x, false);
    std::fill_n(x.data<float>(), n, 2.0F);
    EXPECT(toHost<float>(y) == std::vector<float>(count, 1));
    EXPECT(toHost<float>(z) == std::vector<float>(count, 1));
  }
}

CUDA_TEST("cuda: a small copy from the host does not wait for the device") {
  const Tensor x = full({static_cast<int64_t>(kStagedBytes) / 4}, 1, DType::float32);
  to(x, kCuda, false);  // the device and its memory are there
  Held held(compute());
  std::atomic<bool> freed{false};
  auto later = std::async(std::launch::async, [&] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    freed = true;
    held.go();
  });
  std::vector<Tensor> there;
  for (int i = 0; i < 3; i++) {
    std::fill_n(x.data<float>(), x.numel(), static_cast<float>(i));
    there.push_back(to(x, kCuda, false));
    copy_(there[0], full({1}, 7, DType::float32), false);  // of another shape, it broadcasts
  }
  const bool waited = freed;
  held.go();
  later.wait();
  EXPECT(!waited);
  for (int i = 1; i < 3; i++) EXPECT(toHost<float>(there[i])[1000] == static_cast<float>(i));
  EXPECT(toHost<float>(there[0])[1000] == 7);
}

CUDA_TEST("cuda: pinned memory that is let go while a copy uses it is not given to anybody before its end") {
  const Tensor ones = full({1000}, 1, DType::float32), twos = full({1000}, 2, DType::float32);
  Held held(compute());
  Tensor from = pinMemory(ones), into = pinMemory(ones);
  const std::vector<void*> used{from.bytes(), into.bytes()};
  const Tensor y = to(from, kCuda, true);
  copy_(into, y, true);
  from = into = Tensor();
  std::vector<Tensor> others;
  for (int i = 0; i < 4; i++) others.push_back(pinMemory(twos));
  for (const Tensor& x : others) EXPECT(std::find(used.begin(), used.end(), x.bytes()) == used.end());
  held.go();
  EXPECT(toHost<float>(y) == std::vector<float>(1000, 1));
  for (const Tensor& x : others) EXPECT(x.data<float>()[0] == 2 && x.data<float>()[999] == 2);
  const int64_t before = pinnedAllocator().stats().systemAllocations;
  pinMemory(twos);
  EXPECT(std::getenv("DTRAIN_NO_MEMORY_CACHING") || pinnedAllocator().stats().systemAllocations == before);
}

CUDA_TEST("cuda: emptyCache gives pinned memory back, but not what a copy uses") {
  pinnedAllocator().emptyCache();
  EXPECT(pinnedAllocator().stats().cached == 0);
  Held held(compute());
  const Tensor y = to(pinMemory(full({1000}, 1, DType::float32)), kCuda, true);
  pinnedAllocator().emptyCache();
  EXPECT(pinnedAllocator().stats().cached > 0);
  held.go();
  EXPECT(toHost<float>(y)[999] == 1);
  pinnedAllocator().emptyCache();
  EXPECT(pinnedAllocator().stats().cached == 0);
}

CUDA_TEST("cuda: an event is not destroyed but used again, and nothing of its former life shows") {
  Held held(compute());
  Ref<Event> event = make<Event>(kCuda);
  event->record(compute());
  const EventHandle handle = event->handle;
  event = {};
  EXPECT(!cuda().eventDone(handle));  // it still exists
  event = make<Event>(kCuda);
  EXPECT(event->handle == handle && event->done());
  event->synchronize();
  const Ref<Stream> side = make<Stream>(kCuda, 0);
  event->wait(side->handle);
  EXPECT(cuda().streamDone(side->handle));
}

bool doneWithin(StreamHandle stream, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!cuda().streamDone(stream) && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return cuda().streamDone(stream);
}

CUDA_TEST("cuda: memory that another stream uses is not reused before, and its own stream does not wait for that") {
  const Ref<Stream> side = make<Stream>(kCuda, 0);
  Held held(side->handle);
  Tensor x = full({5000}, 1, DType::float32, kCuda);
  void* const used = x.bytes();
  x.impl()->storage->recordStream(side);
  x = {};
  EXPECT(full({5000}, 2, DType::float32, kCuda).bytes() != used);
  EXPECT(doneWithin(compute(), std::chrono::seconds(1)));
  held.go();
  allocator(kCuda).emptyCache();
  EXPECT(allocator(kCuda).stats().cached == 0);
}

CUDA_TEST("cuda: memory that is given back is whole for what the device still does with it, and then free for others") {
  struct Budget {
    ~Budget() { memory.setBudget(before); }
    CachingAllocator& memory = allocator(kCuda);
    const int64_t before = memory.stats().budget;
  } budget;
  budget.memory.emptyCache();
  budget.memory.setBudget(budget.memory.stats().live + (20 << 10));
  const Tensor kept = empty({1000}, DType::float32, kCuda);
  for (int i = 0; i < 20; i++) {
    // A size of its own each time, so that what is kept for reuse has to go before the budget is passed.
    Tensor x = full({2000 + 100 * i}, i, DType::float32, kCuda);
    const Tensor part = alias(x, {1000}, {1}, 0);
    cudaTable<CopyKernels>->copy(part, kept);
    x = {};
  }
  EXPECT(toHost<float>(kept) == std::vector<float>(1000, 19));
}

CUDA_TEST("cuda: memory of an owner is not reused before a stream that a view was recorded for is done") {
  struct Owner : RefCounted {
    const Ref<Storage> storage = make<Storage>(4000, kCuda);
  };
  const Ref<Stream> side = make<Stream>(kCuda, 0);
  Held held(side->handle);
  void* used;
  {
    const auto owner = make<Owner>();
    used = owner->storage->data;
    make<Storage>(used, 4000, kCuda, Ref<RefCounted>(owner.get()))->recordStream(side);
  }
  const Tensor x = full({1000}, 2, DType::float32, kCuda);
  EXPECT(x.bytes() != used || !doneWithin(compute(), std::chrono::milliseconds(20)));
}

CUDA_TEST("cuda: devices copy all of a large tensor to each other, the first time and later") {
  constexpr Device other{Device::cuda, 1};
  if (cuda().deviceCount() < 2) return;
  for (int i = 1; i <= 3; i++) {
    const Tensor here = full({1 << 19}, i, DType::float32, kCuda), there = to(here, other);
    const Tensor again = empty({1 << 19}, DType::float32, kCuda);
    copy_(again, there, false);
    const Tensor host = to(there, Device{}), back = to(again, Device{});
    for (const Tensor& x : {host, back})
      EXPECT(std::count(x.data<float>(), x.data<float>() + x.numel(), static_cast<float>(i)) == x.numel());
  }
}

CUDA_TEST("cuda: devices that have copied from each other reach each other's memory without the host") {
  constexpr Device other{Device::cuda, 1};
  if (cuda().deviceCount() < 2) return;
  const Tensor here = full({1000}, 1, DType::float32, kCuda), there = to(here, other);
  const auto synchronize = [] {
    for (int i : {1, 0}) cuda().synchronizeDevice(i);
  };
  synchronize();
  cudaTable<CopyKernels>->copy(there, here);  // a kernel of one of them
  synchronize();
  cudaTable<CopyKernels>->copy(here, there);  // and of the other
  synchronize();
}

}  // namespace
}  // namespace dtrain::test
