// Kernel launches. What CUDA checks at the call is checked at the call; what a GPU would only notice by faulting makes
// the device fail when the stream gets there, with a sentence about it.
//
// Arguments are searched for pointers: a parameter of pointer type must point to memory that the kernel can reach, and
// every aligned 8-byte word of other parameters that looks like an address of a device must be a good one.
#include <condition_variable>
#include <cstring>
#include <deque>
#include <list>
#include <numeric>
#include <string_view>
#include <thread>

#include "emulation/cuda/hardware.h"
#include "emulation/cuda/stream.h"

namespace emulation {
namespace {

// OS threads that help a stream's thread to run the blocks of a grid (workers=N).
class Helpers {
 public:
  explicit Helpers(int count) {
    for (int i = 0; i < count; i++) std::thread([this] { serve(); }).detach();
  }

  // Runs the grid on the calling thread and on those helpers that are free.
  std::string run(Grid& grid, BlockRunner& runner) {
    Job job{grid};
    std::unique_lock lock(mutex_);
    const auto place = jobs_.insert(jobs_.end(), &job);
    work_.notify_all();
    lock.unlock();
    std::string own = runner.run(grid);
    lock.lock();
    if (!job.taken) jobs_.erase(place);
    job.taken = true;
    done_.wait(lock, [&] { return job.helping == 0; });
    return own.empty() ? job.problem : own;
  }

 private:
  struct Job {
    Grid& grid;
    int helping = 0;
    bool taken = false;  // out of the list: no helper will join
    std::string problem = {};
  };

  void serve() {
    BlockRunner runner;
    std::unique_lock lock(mutex_);
    for (;;) {
      work_.wait(lock, [&] { return !jobs_.empty(); });
      Job& job = *jobs_.front();
      job.helping++;
      lock.unlock();
      std::string problem = runner.run(job.grid);
      lock.lock();
      if (!job.taken) jobs_.remove(&job);  // there are no blocks left to help with
      job.taken = true;
      if (!problem.empty()) job.problem = std::move(problem);
      if (--job.helping == 0) done_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable work_, done_;
  std::list<Job*> jobs_;
};

Helpers& helpers() {
  static Helpers* const instance = new Helpers(settings().workers - 1);
  return *instance;
}

// "kernel(float*, long)", from what the compiler calls Call<float*, long>::signature().
std::string nameOf(const Kernel& kernel) {
  const std::string_view text = kernel.signature;
  const size_t first = text.find('{'), last = text.rfind('}');
  return sentence("kernel(", last < text.size() ? std::string(text.substr(first + 1, last - first - 1)) : "", ")");
}

// Calls f(address, device) for every device pointer among the arguments until it returns a problem.
template <class F>
Problem forEachPointer(const Kernel& kernel, F&& f) {
  for (size_t i = 0; i < kernel.count; i++) {
    const Argument& argument = kernel.arguments[i];
    const char* bytes = static_cast<const char*>(argument.bytes);
    for (size_t at = 0; at + sizeof(void*) <= argument.size; at += sizeof(void*)) {
      const void* p = nullptr;
      std::memcpy(&p, bytes + at, sizeof p);
      Device* owner = argument.pointer ? runtime().owner(p) : runtime().ownerOfWord(p);
      Problem problem;
      if (owner != nullptr) problem = f(p, *owner);
      else if (argument.pointer && p != nullptr && runtime().pinned.deviceOf(p) < 0)
        problem = sentence(hex(p), " is memory of the host that no kernel can reach");
      if (!problem.empty()) return sentence("argument ", i + 1, " of ", nameOf(kernel), ": ", problem);
    }
  }
  return {};
}

Problem reach(const Device& from, const Device& owner, const void* p) {
  return reaches(from, owner, p)
             ? Problem{}
             : sentence(hex(p), " is memory of device ", owner.index, ", and the kernel runs on device ", from.index);
}

Problem checkArguments(const Kernel& kernel, const Device& d) {
  return forEachPointer(kernel, [&](const void* p, const Device& owner) {
    Problem problem = reach(d, owner, p);
    return problem.empty() ? owner.memory.check(p, 0, Moment::call) : problem;
  });
}

// The memory that a running kernel's arguments point to. It must not be freed meanwhile.
class Held {
 public:
  explicit Held(const Kernel& kernel) {
    problem = forEachPointer(kernel, [&](const void* p, Device& owner) {
      DeviceMemory& memory = owner.memory;
      Problem why = memory.hold(p);
      if (why.empty()) held_.emplace_back(&memory, p);
      open_.emplace_back(memory.region);
      return why;
    });
  }
  ~Held() {
    for (const auto& [memory, p] : held_) memory->drop(p);
  }
  Held(const Held&) = delete;

  Problem problem;

 private:
  std::vector<std::pair<DeviceMemory*, const void*>> held_;
  std::deque<Access> open_;  // of the peers, too
};

void requireShape(const dim3& grid, const dim3& block) {
  const auto within = [](const dim3& v, const dim3& most) {
    return v.x >= 1 && v.y >= 1 && v.z >= 1 && v.x <= most.x && v.y <= most.y && v.z <= most.z;
  };
  const uint64_t threads = static_cast<uint64_t>(block.x) * block.y * block.z;
  if (!within(block, kMaxBlock) || threads > static_cast<uint64_t>(kMaxBlockThreads))
    refuse(cudaErrorInvalidConfiguration, "cudaLaunchKernelEx: a block of ", block.x, " x ", block.y, " x ", block.z,
           " threads: 1 to 1024 threads are possible, at most 64 in z");
  if (!within(grid, kMaxGrid))
    refuse(cudaErrorInvalidConfiguration, "cudaLaunchKernelEx: a grid of ", grid.x, " x ", grid.y, " x ", grid.z,
           " blocks: from 1 to 2^31 - 1 in x and 65535 in y and z are possible");
}

std::string runGrid(const dim3& shape, const dim3& block, const Kernel& kernel, uint64_t seed, BlockRunner& runner) {
  Grid grid{.grid = shape,
            .block = block,
            .call = kernel.call.get(),
            .thread = kernel.thread,
            .order = settings().order,
            .seed = seed,
            .blocks = static_cast<uint64_t>(shape.x) * shape.y * shape.z};
  if (grid.order == Order::reverse) {
    grid.stride = grid.start = grid.blocks - 1;  // -1, modulo their number
  } else if (grid.order == Order::shuffle) {
    uint64_t random = seed;
    grid.start = (random = mix(random, 0)) % grid.blocks;
    do grid.stride = (random = mix(random, 0)) % grid.blocks;
    while (std::gcd(grid.stride, grid.blocks) != 1);
  }
  return settings().workers > 1 && grid.blocks > 1 ? helpers().run(grid, runner) : runner.run(grid);
}

}  // namespace

cudaError_t launch(const cudaLaunchConfig_t* config, Kernel kernel) {
  return api([&] {
    if (config == nullptr) refuse(cudaErrorInvalidValue, "cudaLaunchKernelEx: the configuration is null");
    if (kernel.thread == nullptr) refuse(cudaErrorInvalidDeviceFunction, "cudaLaunchKernelEx: the kernel is null");
    const auto s = stream(config->stream, "cudaLaunchKernelEx");
    Device& d = s->device;
    if (d.index != currentIndex())
      refuse(cudaErrorInvalidResourceHandle, "cudaLaunchKernelEx: the stream belongs to device ", d.index,
             ", the current device is ", currentIndex());
    refuseIfFailed(d);
    if (config->numAttrs != 0 || config->dynamicSmemBytes != 0)
      refuse(cudaErrorNotSupported, "cudaLaunchKernelEx: attributes and dynamic shared memory are not emulated");
    requireShape(config->gridDim, config->blockDim);
    if (faultDue("launch"))
      return s->submit([&d](BlockRunner&) { fail(d.index, cudaErrorLaunchFailure, "DTRAIN_EMULATION_FAULT: launch"); });
    if (Problem problem = checkArguments(kernel, d); !problem.empty())
      return s->submit([&d, problem](BlockRunner&) { fail(d.index, cudaErrorIllegalAddress, problem); });
    const uint64_t seed = mix(mix(settings().seed, s->number), s->launches++);
    s->submit(
        [&d, seed, grid = config->gridDim, block = config->blockDim, kernel = std::move(kernel)](BlockRunner& runner) {
          const Held held(kernel);
          if (!held.problem.empty()) return fail(d.index, cudaErrorIllegalAddress, held.problem);
          const Access access(d.memory.region);
          const std::string problem = runGrid(grid, block, kernel, seed, runner);
          if (!problem.empty()) fail(d.index, cudaErrorLaunchFailure, sentence(nameOf(kernel), ": ", problem));
        });
  });
}

}  // namespace emulation
