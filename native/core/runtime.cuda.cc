// The CUDA side of runtime.h. The driver is first touched when something asks for a device, so that the addon loads on
// machines without one; a failed start is remembered and explained, not repeated.
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/cuda.h"
#include "core/error.h"
#include "core/late-error.h"

namespace dtrain {

namespace cuda {

namespace {
// The errors of CUDA that have been thrown. A device that is lost reports the same one for ever.
class Told {
 public:
  void add(cudaError_t error) {
    const std::lock_guard lock(mutex_);
    errors_.insert(error);
  }
  bool has(cudaError_t error) {
    const std::lock_guard lock(mutex_);
    return errors_.count(error) > 0;
  }

 private:
  std::mutex mutex_;
  std::set<cudaError_t> errors_;
};
Told& told() {
  static auto* all = new Told;
  return *all;
}
}  // namespace

void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) [[likely]]
    return;
  told().add(status);
  const Code code = status == cudaErrorMemoryAllocation ? Code::outOfMemory : Code::internal;
  fail(code, what, ": CUDA: ", cudaGetErrorString(status), " (", cudaGetErrorName(status), ")");
}

namespace {

// False when there is no memory left, which the caller handles; throws whatever else went wrong.
bool isMemoryLeft(cudaError_t status, const char* what) {
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();  // it would be reported once more by the next call
    return false;
  }
  check(status, what);
  return true;
}

// cudaMallocAsync takes from a pool of the device. We keep blocks ourselves, so the pool gives back only what it is
// told. Some virtual machines have no pools: there memory comes from cudaMalloc, and what is released waits for trim(),
// because cudaFree waits for the device, and release() is called with the allocator's lock held. trim() comes at the
// latest when the device has no memory left.
class DeviceMemory : public RawMemory {
 public:
  explicit DeviceMemory(int device) : device_(device) {
    int pools = 0;
    check(cudaDeviceGetAttribute(&pools, cudaDevAttrMemoryPoolsSupported, device), "allocator");
    if (!pools) return;
    check(cudaDeviceGetDefaultMemPool(&pool_, device), "allocator");
    uint64_t keep = UINT64_MAX;
    check(cudaMemPoolSetAttribute(pool_, cudaMemPoolAttrReleaseThreshold, &keep), "allocator");
  }
  void* allocate(size_t bytes, StreamHandle stream) override {
    use(device_);
    void* p = nullptr;
    if (pool_) return isMemoryLeft(cudaMallocAsync(&p, bytes, asStream(stream)), "allocator") ? p : nullptr;
    return isMemoryLeft(cudaMalloc(&p, bytes), "allocator") ? p : nullptr;
  }
  void release(void* p, size_t, StreamHandle stream) override {
    if (pool_) {
      cudaFreeAsync(p, asStream(stream));
      return;
    }
    const std::lock_guard lock(mutex_);
    released_.push_back(p);
  }
  void wait() override {
    use(device_);
    cudaDeviceSynchronize();  // a device that is lost says so again
  }
  void trim() override {
    std::vector<void*> released;
    {
      const std::lock_guard lock(mutex_);
      released.swap(released_);
    }
    wait();  // the pool holds on to memory whose free nobody has waited for
    if (pool_) cudaMemPoolTrimTo(pool_, 0);
    for (void* p : released) cudaFree(p);
  }
  // Lets the other device use this memory; false where it cannot.
  bool openTo(int device) {
    int can = 0;
    if (cudaDeviceCanAccessPeer(&can, device, device_) != cudaSuccess || !can) return false;
    cudaError_t status;
    if (pool_) {
      const cudaMemAccessDesc access{{cudaMemLocationTypeDevice, device}, cudaMemAccessFlagsProtReadWrite};
      status = cudaMemPoolSetAccess(pool_, &access, 1);
    } else {
      use(device);
      status = cudaDeviceEnablePeerAccess(device_, 0);
      if (status == cudaErrorPeerAccessAlreadyEnabled) status = cudaSuccess;  // NCCL was first
      cudaGetLastError();
    }
    return status == cudaSuccess;
  }
  int64_t systemFree() override {
    use(device_);
    size_t free = 0, total = 0;
    cudaMemGetInfo(&free, &total);
    return static_cast<int64_t>(free);
  }

 private:
  const int device_;
  cudaMemPool_t pool_ = nullptr;  // null where there are none
  std::mutex mutex_;
  std::vector<void*> released_;  // to be freed
};

// What a device needs once it is used. Never destroyed: finalizers may run after static destructors.
struct DeviceState {
  explicit DeviceState(int index) {
    use(index);
    cudaDeviceProp properties;
    check(cudaGetDeviceProperties(&properties, index), "cuda");
    info = {properties.name,
            static_cast<int64_t>(properties.totalGlobalMem),
            properties.major,
            properties.minor,
            properties.multiProcessorCount,
            properties.maxThreadsPerMultiProcessor,
            properties.l2CacheSize,
            properties.memoryPoolsSupported != 0};
    dtrain::check(info.major * 10 + info.minor >= 75, Code::unsupported, "device cuda:", index, ": ", info.name,
                  " has compute capability ", info.major, ".", info.minor, ", and dtrain needs 7.5 (Turing) or newer");
    check(cudaStreamCreateWithFlags(&compute, cudaStreamNonBlocking), "cuda");
    memory = std::make_unique<DeviceMemory>(index);
    size_t free = 0, total = 0;
    check(cudaMemGetInfo(&free, &total), "cuda");
    // The rest is for the libraries' workspaces and the driver.
    const auto budget = static_cast<int64_t>(0.9 * static_cast<double>(total));
    allocator = std::make_unique<CachingAllocator>(*memory, str(" on cuda:", index), "cuda.setMemoryBudget()", budget);
    check(cudaHostAlloc(reinterpret_cast<void**>(&fault), sizeof(Fault), cudaHostAllocMapped), "cuda");
    *fault = {};
  }
  cudaStream_t compute = nullptr;
  std::unique_ptr<DeviceMemory> memory;
  std::unique_ptr<CachingAllocator> allocator;
  Fault* fault = nullptr;
  DeviceInfo info;
};

struct Driver {
  Driver() {
    const cudaError_t status = cudaGetDeviceCount(&count);
    if (status == cudaSuccess && count > 0) return;
    count = 0;
    cudaGetLastError();
    why = status == cudaSuccess || status == cudaErrorNoDevice
              ? "no CUDA device is visible (CUDA_VISIBLE_DEVICES may hide them)"
          : status == cudaErrorInsufficientDriver
              ? "no NVIDIA driver is installed, or it is older than CUDA 13 needs (580)"
              : str("CUDA does not start: ", cudaGetErrorString(status), " (", cudaGetErrorName(status), ")");
  }
  int count = 0;
  std::string why;
};

const Driver& driver() {
  static const Driver* found = new Driver;
  return *found;
}

void checkFaults();

DeviceState& state(int index) {
  static std::array<std::atomic<DeviceState*>, kMaxDevices> states;
  static std::mutex mutex;
  if (DeviceState* found = states.at(index).load(std::memory_order_acquire)) return *found;
  checkDeviceExists({Device::cuda, static_cast<int8_t>(index)});
  const std::lock_guard lock(mutex);
  static const bool once = (addDeviceCheck(checkFaults), true);
  static_cast<void>(once);
  if (!states[index]) states[index] = new DeviceState(index);
  return *states[index];
}

// Devices this process has used.
std::atomic<uint64_t> usedDevices{0};

thread_local std::array<StreamHandle, kMaxDevices> currentStreams{};

void checkFaults() {
  for (int i = 0; i < kMaxDevices; i++) {
    if (!(usedDevices >> i & 1)) continue;
    Fault& record = *state(i).fault;
    const int kind = std::atomic_ref(record.kind).load(std::memory_order_acquire);
    if (kind == Fault::none) continue;
    const std::string text =
        kind == Fault::target
            ? str(record.op, ": target ", record.value, " is out of range for ", record.limit, " classes")
            : str(record.op, ": index ", record.value, " is out of range for dim ", record.dim, " of size ",
                  record.limit);
    std::atomic_ref(record.kind).store(Fault::none, std::memory_order_relaxed);
    std::atomic_ref(record.ticket).fetch_add(1, std::memory_order_release);
    throw LateError(Code::index, text);
  }
}

// --- the table -------------------------------------------------------------------------------------------------------

int deviceCount() { return std::min(driver().count, kMaxDevices); }
std::string whyNoDevice() { return driver().why; }
DeviceInfo info(int device) { return state(device).info; }
std::string uuid(int device) {
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, device), "cuda");
  std::string out;
  for (int i = 0; i < 16; i++) {
    constexpr const char* kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(properties.uuid.bytes[i]);
    if (i >= 4 && i <= 10 && i % 2 == 0) out += '-';
    out += kDigits[byte / 16];
    out += kDigits[byte % 16];
  }
  return out;
}
CachingAllocator& allocatorOf(int device) { return *state(device).allocator; }

StreamHandle computeStream(int device) { return state(device).compute; }

StreamHandle currentStream(int device) {
  StreamHandle& current = currentStreams.at(device);
  if (!current) {
    current = state(device).compute;
    usedDevices |= uint64_t{1} << device;
  }
  return current;
}

void setCurrentStream(int device, StreamHandle stream) {
  currentStreams.at(device) = stream ? stream : state(device).compute;
  usedDevices |= uint64_t{1} << device;
}

// Streams and events wait for the next one who wants one, instead of being destroyed: memory may belong to a stream,
// and cudaEventDestroy may wait for the device. The driver is never called with the lock held.
class Idle {
 public:
  using Kind = std::pair<int, int>;  // device, and priority or timing
  void* take(Kind kind) {
    const std::lock_guard lock(mutex_);
    auto& idle = idle_[kind];
    if (idle.empty()) return nullptr;
    void* handle = idle.back();
    idle.pop_back();
    return handle;
  }
  void* made(void* handle, Kind kind) {
    const std::lock_guard lock(mutex_);
    kinds_[handle] = kind;
    return handle;
  }
  void put(void* handle) {
    const std::lock_guard lock(mutex_);
    idle_[kinds_.at(handle)].push_back(handle);
  }

 private:
  std::mutex mutex_;
  std::map<Kind, std::vector<void*>> idle_;
  std::unordered_map<void*, Kind> kinds_;
};
Idle& streams() {
  static auto* all = new Idle;
  return *all;
}
Idle& events() {
  static auto* all = new Idle;
  return *all;
}

StreamHandle makeStream(int device, int priority) {
  const Idle::Kind kind{device, priority < 0 ? -1 : 0};
  if (void* idle = streams().take(kind)) return idle;
  use(device);
  int least, greatest;
  check(cudaDeviceGetStreamPriorityRange(&least, &greatest), "Stream");
  cudaStream_t made;
  check(cudaStreamCreateWithPriority(&made, cudaStreamNonBlocking, priority < 0 ? greatest : least), "Stream");
  return streams().made(made, kind);
}

void destroyStream(StreamHandle stream) { streams().put(stream); }

bool done(cudaError_t status, const char* what) {
  if (status == cudaErrorNotReady) return false;
  check(status, what);
  return true;
}
bool streamDone(StreamHandle stream) { return done(cudaStreamQuery(asStream(stream)), "Stream"); }

void synchronizeStream(int device, StreamHandle stream) {
  const cudaError_t status = cudaStreamSynchronize(asStream(stream ? stream : state(device).compute));
  checkDevice();  // what a peer or a kernel reported says more than CUDA's own error, which may follow from it
  check(status, "synchronize");
}

void synchronizeDevice(int device) {
  use(device);
  const cudaError_t status = cudaDeviceSynchronize();
  checkDevice();
  check(status, "synchronize");
}

void synchronizeAll() {
  for (int i = 0; i < kMaxDevices; i++) {
    if (!(usedDevices >> i & 1)) continue;
    use(i);
    const cudaError_t status = cudaDeviceSynchronize();
    checkDevice();
    if (!told().has(status)) check(status, "synchronize");
  }
}

EventHandle makeEvent(int device, bool timing) {
  const Idle::Kind kind{device, timing};
  if (void* idle = events().take(kind)) return idle;
  use(device);
  cudaEvent_t made;
  check(cudaEventCreateWithFlags(&made, timing ? cudaEventDefault : cudaEventDisableTiming), "Event");
  return events().made(made, kind);
}

cudaEvent_t asEvent(EventHandle event) { return static_cast<cudaEvent_t>(event); }
void destroyEvent(EventHandle event) { events().put(event); }
void recordEvent(EventHandle event, StreamHandle stream) {
  check(cudaEventRecord(asEvent(event), asStream(stream)), "Event");
}
void waitEvent(StreamHandle stream, EventHandle event) {
  check(cudaStreamWaitEvent(asStream(stream), asEvent(event), 0), "Event");
}
bool eventDone(EventHandle event) { return done(cudaEventQuery(asEvent(event)), "Event"); }
void synchronizeEvent(EventHandle event) {
  const cudaError_t status = cudaEventSynchronize(asEvent(event));
  checkDevice();
  check(status, "synchronize");
}
double elapsedMs(EventHandle start, EventHandle end) {
  float ms;
  check(cudaEventElapsedTime(&ms, asEvent(start), asEvent(end)), "elapsedTime");
  return static_cast<double>(ms);
}

void callWhenReached(StreamHandle stream, std::function<void()> f) {
  auto boxed = std::make_unique<std::function<void()>>(std::move(f));
  const auto call = [](void* data) {
    const std::unique_ptr<std::function<void()>> owned(static_cast<std::function<void()>*>(data));
    (*owned)();
  };
  check(cudaLaunchHostFunc(asStream(stream), call, boxed.get()), "callWhenReached");
  static_cast<void>(boxed.release());
}

// Opens the memory of both to each other, once; false where they cannot reach each other.
bool openBoth(int a, int b) {
  static std::mutex mutex;
  static auto* const opened = new std::map<std::pair<int, int>, bool>;
  const std::lock_guard lock(mutex);
  const auto [found, fresh] = opened->try_emplace(std::minmax(a, b), false);
  if (fresh) {
    const bool there = state(a).memory->openTo(b), back = state(b).memory->openTo(a);
    found->second = there && back;
  }
  return found->second;
}

void copy(void* to, Device toDevice, const void* from, Device fromDevice, size_t bytes, bool async) {
  if (bytes == 0) return;
  const Device mine = toDevice.isCpu() ? fromDevice : toDevice;
  const cudaStream_t queue = stream(mine);
  if (!toDevice.isCpu() && !fromDevice.isCpu() && !(toDevice == fromDevice)) {
    // The destination's stream carries the copy, so it waits for the source's, and the source's memory waits for it.
    const Event ready(fromDevice), taken(toDevice);
    ready.record(currentStream(fromDevice.index));
    ready.wait(queue);
    const bool open = openBoth(toDevice.index, fromDevice.index);
    use(toDevice.index);
    // The first needs memory that is open to the stream's device. The second goes through the host where it has to, but
    // has been reported to write nothing into a pool that is open (driver 590.48).
    check(open ? cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, queue)
               : cudaMemcpyPeerAsync(to, toDevice.index, from, fromDevice.index, bytes, queue),
          "copy");
    taken.record(queue);
    taken.wait(currentStream(fromDevice.index));
    return;
  }
  const auto kind = toDevice.isCpu()     ? cudaMemcpyDeviceToHost
                    : fromDevice.isCpu() ? cudaMemcpyHostToDevice
                                         : cudaMemcpyDeviceToDevice;
  check(cudaMemcpyAsync(to, from, bytes, kind, queue), "copy");
  // CUDA does not promise that even pageable memory has been read when the call returns.
  if (!async && kind != cudaMemcpyDeviceToDevice) synchronizeStream(mine.index, queue);
}

void* allocatePinned(size_t bytes) {
  use(currentCudaDevice());
  void* p = nullptr;
  const cudaError_t status = cudaHostAlloc(&p, bytes, cudaHostAllocPortable);
  return isMemoryLeft(status, "pinMemory") ? p : nullptr;
}
void releasePinned(void* p) { cudaFreeHost(p); }

}  // namespace

void use(int device) {
  thread_local int current = -1;
  if (current == device) return;
  check(cudaSetDevice(device), "cuda");
  current = device;
}

cudaStream_t stream(Device device) {
  use(device.index);
  return asStream(currentStream(device.index));
}

Fault* fault(Device device) { return state(device.index).fault; }

int64_t residentBlocks(Device device, int threads) {
  const DeviceInfo& info = state(device.index).info;
  return int64_t{info.multiprocessors} * (info.threadsPerMultiprocessor / threads);
}

unsigned blocksFor(Device device, int64_t n, int perBlock) {
  const int64_t wanted = (n + perBlock - 1) / perBlock, most = int64_t{state(device.index).info.multiprocessors} * 32;
  return static_cast<unsigned>(std::max<int64_t>(1, std::min(wanted, most)));
}

}  // namespace cuda

const Runtime* cudaRuntime() {
  static const Runtime table{
      .deviceCount = cuda::deviceCount,
      .whyNoDevice = cuda::whyNoDevice,
      .info = cuda::info,
      .uuid = cuda::uuid,
      .allocator = cuda::allocatorOf,
      .computeStream = cuda::computeStream,
      .currentStream = cuda::currentStream,
      .setCurrentStream = cuda::setCurrentStream,
      .makeStream = cuda::makeStream,
      .destroyStream = cuda::destroyStream,
      .streamDone = cuda::streamDone,
      .synchronizeStream = cuda::synchronizeStream,
      .synchronizeDevice = cuda::synchronizeDevice,
      .synchronizeAll = cuda::synchronizeAll,
      .makeEvent = cuda::makeEvent,
      .destroyEvent = cuda::destroyEvent,
      .recordEvent = cuda::recordEvent,
      .waitEvent = cuda::waitEvent,
      .eventDone = cuda::eventDone,
      .synchronizeEvent = cuda::synchronizeEvent,
      .elapsedMs = cuda::elapsedMs,
      .callWhenReached = cuda::callWhenReached,
      .copy = cuda::copy,
      .allocatePinned = cuda::allocatePinned,
      .releasePinned = cuda::releasePinned,
  };
  return &table;
}

}  // namespace dtrain
