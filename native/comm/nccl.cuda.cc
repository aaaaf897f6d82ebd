// The NCCL engine: collectives of tensors on this rank's GPU, on a stream of their own beside the compute stream. The
// host never waits for a peer except when the communicator is made. A thread watches the pending collectives: it ends
// their works, and turns whatever keeps one from ending into one sentence for all ranks.
//
// Note [Communication stream]
// A collective waits (an event) for what the caller's current stream has been given by then, and Work::wait() makes the
// current stream wait for the collective. Until the device has finished it, the work holds its tensors, so their memory
// is not given to others.
//
// Note [Late errors]
// Since nobody waits in wait(), a failure comes out where the host next waits for the device (the check that
// binding/comm.cc adds by addDeviceCheck) or submits something. Aborting a communicator lets the streams run on, here
// and on the peers, with data that are worth nothing. Before it, therefore, the failure has been noted here and in the
// control segment, and nobody takes a result without looking there.
//
// Note [Aborting]
// ncclCommAbort returns only when all ranks of the machine have aborted or ended. So it has a thread of its own, the
// failure is delivered before, and a rank that has nothing to do looks for an abort of the others. Where it does not
// return at all, the process ends without exit handlers (src/native/end.ts).
#include <chrono>
#include <deque>
#include <future>
#include <optional>
#include <thread>

#include "comm/group.h"
#include "comm/nccl-library.h"
#include "comm/work.h"
#include "core/cuda.h"
#include "core/operand.h"
#include "core/trace.h"
#include "kernels/arithmetic.h"
#include "kernels/copy.h"
#include "kernels/table.h"

namespace dtrain {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPoll = std::chrono::milliseconds(1);
constexpr auto kCheckPeers = std::chrono::milliseconds(50);
// How long an error of NCCL or CUDA waits for a better explanation: that of the rank that caused it, of which nothing
// may be seen before its GPU has been cleaned up.
constexpr auto kGrace = std::chrono::milliseconds(500);
// How long the end of this process waits for ncclCommAbort.
constexpr auto kLeave = std::chrono::seconds(1);

// Vanishes beside every weight, and makes equal shares of weights that are all 0.
constexpr double kTinyWeight = 1e-300;

// This rank's weight by the sum of all, left on the device. See Note [Weighted averages].
struct NcclWeights : Weights {
  Tensor share[2];  // float32, float64
};

// One submission: a collective, or several broadcasts as one group.
class NcclWork : public EndingWork {
 public:
  NcclWork(Device device, std::vector<Tensor> tensors, Ref<RefCounted> keep)
      : ready(device), done(device), tensors_(std::move(tensors)), keep_(std::move(keep)) {}

  void wait() override {
    if (!ended()) done.wait(runtime(done.device).currentStream(done.device.index));
  }
  void complete() {
    tensors_.clear();
    keep_ = {};
    finish(nullptr);
  }

  Call call;  // the last one
  const Event ready, done;
  std::atomic<bool> launched{false};       // done has been recorded
  std::optional<Clock::time_point> since;  // the device has come to it

 private:
  std::vector<Tensor> tensors_;
  Ref<RefCounted> keep_;
};

class NcclCommunicator : public DeviceCommunicator {
 public:
  NcclCommunicator(Control& control, HostCommunicator& cpu, Device device, const std::vector<uint8_t>& id)
      : control_(control), device_(device), stream_(device, -1) {
    dtrain::check(
        id.size() == sizeof(ncclUniqueId), Code::distributed,
        "distributed: the ranks were not started with a GPU each, so NCCL does not know them; start the script with "
        "dtrain --gpus N");
    try {
      initialise(cpu, id);
    } catch (const Error& e) {
      fail(e);
      check();
    }
    watchdog_ = std::thread([this] { watch(); });
  }
  ~NcclCommunicator() override {
    leave();
    comm_.abort();  // if nothing has failed
  }

  int rank() const override { return control_.rank; }
  int worldSize() const override { return control_.worldSize; }

  Ref<Work> allReduce(const Tensor& x, ReduceOp op) override {
    const ncclDataType_t type = ncclType("allReduce", x.dtype());
    const Launch launch = [=, this](ncclComm_t comm) {
      if (scaledAhead(op, x.dtype())) scale(x, 1.0 / worldSize(), x);
      return nccl().ncclAllReduce(x.bytes(), x.bytes(), x.numel(), type, opOf(op, x.dtype()), comm, stream());
    };
    return submit({{callOf(CollectiveOp::allReduce, x, static_cast<uint32_t>(op)), launch}}, {x});
  }

  Ref<Work> broadcast(const std::vector<Tensor>& xs, int root) override {
    std::vector<Part> parts;
    for (const Tensor& x : xs)
      parts.push_back({callOf(CollectiveOp::broadcast, x, static_cast<uint32_t>(root)), [=, this](ncclComm_t comm) {
                         return nccl().ncclBroadcast(x.bytes(), x.bytes(), bytesOf(x), ncclUint8, root, comm, stream());
                       }});
    return submit(std::move(parts), xs);
  }

  Ref<Work> allGather(const Tensor& x, const Tensor& out) override {
    const Launch launch = [=, this](ncclComm_t comm) {
      return nccl().ncclAllGather(x.bytes(), out.bytes(), bytesOf(x), ncclUint8, comm, stream());
    };
    return submit({{callOf(CollectiveOp::allGather, x, 0), launch}}, {x, out});
  }

  Ref<Work> reduceScatter(const Tensor& x, const Tensor& out, ReduceOp op) override {
    const ncclDataType_t type = ncclType("reduceScatter", x.dtype());
    const bool ahead = scaledAhead(op, x.dtype());
    const Tensor from = ahead ? ownMemory(x.sizes(), x.dtype()) : x;
    const Launch launch = [=, this](ncclComm_t comm) {
      if (ahead) scale(x, 1.0 / worldSize(), from);
      return nccl().ncclReduceScatter(from.bytes(), out.bytes(), out.numel(), type, opOf(op, x.dtype()), comm,
                                      stream());
    };
    return submit({{callOf(CollectiveOp::reduceScatter, x, static_cast<uint32_t>(op)), launch}}, {x, from, out});
  }

  Ref<SharedBuffer> shared(size_t bytes) override {
    return Ref<SharedBuffer>(make<DeviceBuffer>(bytes, device_).get());
  }

  // Note [Weighted averages]
  // One number per pass is summed over the ranks, and each rank's weight divided by the sum stays on the device. It is
  // the factor of NCCL's PreMulSum, so that the buckets are weighted and summed in one pass over the data, and the host
  // waits for nobody. Halves take a pass of their own before: NCCL would round the factor to their dtype.
  Ref<Weights> weigh(double weight) override {
    const StreamGuard guard(device_, stream_.handle);  // the memory is the communication stream's
    const double mine = weight + kTinyWeight;
    const Tensor sum = empty({}, DType::float64, device_);
    auto weights = make<NcclWeights>();
    weights->share[0] = empty({}, DType::float32, device_);
    weights->share[1] = empty({}, DType::float64, device_);
    kernels<CopyKernels>(device_).fill(sum, mine);
    const Launch launch = [=, this](ncclComm_t comm) {
      return nccl().ncclAllReduce(sum.bytes(), sum.bytes(), 1, ncclFloat64, ncclSum, comm, stream());
    };
    const auto after = [&] {
      kernels<ArithmeticKernels>(device_).run(Arithmetic::div, mine, sum, 1, sum.dtype(), weights->share[1]);
      kernels<CopyKernels>(device_).copy(weights->share[1], weights->share[0]);
    };
    submit({{callOf(CollectiveOp::allReduce, sum, static_cast<uint32_t>(ReduceOp::sum)), launch}}, {sum},
           Ref<RefCounted>(weights.get()), after);
    return Ref<Weights>(weights.get());
  }

  Ref<Work> average(SharedBuffer&, const Tensor& x, const Ref<Weights>& weights, int bucket) override {
    Call call = callOf(CollectiveOp::allReduce, x, static_cast<uint32_t>(ReduceOp::mean));
    call.bucket = bucket;
    const ncclDataType_t type = ncclType("average", x.dtype());
    const Tensor share = weights ? static_cast<NcclWeights&>(*weights).share[x.dtype() == DType::float64] : Tensor();
    const bool ahead = scaledAhead(ReduceOp::mean, x.dtype()), within = weights && !ahead;
    ncclRedOp_t op = opOf(ReduceOp::mean, x.dtype());
    const Launch launch = [&](ncclComm_t comm) {
      if (ahead) scale(x, weights ? Operand(share) : Operand(1.0 / worldSize()), x);
      if (within) {
        const auto made = nccl().ncclRedOpCreatePreMulSum(&op, share.bytes(), type, ncclScalarDevice, comm);
        if (made != ncclSuccess) return made;
      }
      return nccl().ncclAllReduce(x.bytes(), x.bytes(), x.numel(), type, op, comm, stream());
    };
    // The operator is needed until the call has returned and is no longer in progress; the factor, until the device has
    // used it.
    const auto after = [&] {
      if (within) run(call, [&](ncclComm_t comm) { return nccl().ncclRedOpDestroy(op, comm); });
    };
    return submit({{call, launch}}, {x}, Ref<RefCounted>(weights.get()), after);
  }

  void check() const override {
    if (hasFailed_.load(std::memory_order_acquire)) std::rethrow_exception(failed_);
    control_.throwIfAborted();
  }

  void abort(const std::string& reason) override { fail(Error(Code::distributed, reason)); }

  void finish() override {
    const std::lock_guard order(submitting_);
    if (last_) last_->awaitEnd();
    check();
    control_.awaitCompleted(latest_);
  }

  bool leave() override {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_one();
    if (watchdog_.joinable()) watchdog_.join();
    const std::lock_guard lock(mutex_);
    return !aborting_.valid() || aborting_.wait_for(kLeave) == std::future_status::ready;
  }

 private:
  using Launch = std::function<ncclResult_t(ncclComm_t)>;
  struct Part {
    Call call;
    Launch launch;
  };

  // Memory of the communication stream.
  Tensor ownMemory(const Dims& sizes, DType dtype) const {
    const StreamGuard guard(device_, stream_.handle);
    return empty(sizes, dtype, device_);
  }

  // Whether a mean is the sum of what has been scaled before. NCCL multiplies in the dtype of the data, and would round
  // the factor to it: to 2^-9 for bfloat16, the same way in all elements.
  static bool scaledAhead(ReduceOp op, DType dtype) { return op == ReduceOp::mean && isHalf(dtype); }
  void scale(const Tensor& x, const Operand& factor, const Tensor& out) const {
    const StreamGuard guard(device_, stream_.handle);
    kernels<ArithmeticKernels>(device_).run(Arithmetic::mul, x, factor, 1, x.dtype(), out);
  }

  cudaStream_t stream() const { return cuda::asStream(stream_.handle); }
  // The sum of booleans is whether any is true, for NCCL the largest of their bytes.
  static ncclRedOp_t opOf(ReduceOp op, DType dtype) {
    if (dtype == DType::boolean) return ncclMax;
    return op == ReduceOp::sum || scaledAhead(op, dtype) ? ncclSum : ncclAvg;
  }
  // What is only moved is moved as bytes, so it may be of any dtype.
  static size_t bytesOf(const Tensor& x) { return static_cast<size_t>(x.numel() * itemSize(x.dtype())); }

  static Call callOf(CollectiveOp op, const Tensor& x, uint32_t detail) {
    Call call;
    call.op = op;
    call.detail = detail;
    call.dtype = x.dtype();
    call.count = x.numel();
    call.sizes = x.sizes();
    call.device = Device::cuda;
    return call;
  }

  void initialise(HostCommunicator& cpu, const std::vector<uint8_t>& bytes) {
    ncclUniqueId id;
    std::copy(bytes.begin(), bytes.end(), id.internal);
    latest_.op = CollectiveOp::join;
    latest_.device = Device::cuda;
    latest_.count = nccl().version;  // so that ranks of different ones are told apart
    try {
      cpu.join()->wait();  // NCCL cannot say who is missing
      control_.post(latest_);
      control_.reached(latest_.sequence);
      cuda::use(device_.index);
      const auto start = Clock::now();
      auto checked = start;
      comm_.init(id, rank(), worldSize(), [&] {
        const auto now = Clock::now();
        if (now - checked < kCheckPeers) return;
        checked = now;
        control_.checkCallPeers(latest_);
        control_.waited(latest_, now - start);
      });
      control_.completed(latest_.sequence);
    } catch (const NcclFailure& failure) {
      failIfShared(failure);
      explain(latest_, failure);
    }
  }

  // Ranks find out together that NCCL does not take them, so there is no cause to wait for.
  static void failIfShared(const NcclFailure& failure) {
    for (const char* words : {"Duplicate GPU detected", "Ranks are using the same GPU"})
      dtrain::check(failure.text.find(words) == std::string::npos, Code::distributed,
                    "distributed: two ranks have the same GPU, or parts (MIG) of one, which NCCL ",
                    nccl().versionText(), " refuses: give each rank a GPU of its own; two ranks of one GPU want ",
                    "NCCL 2.30 or newer, and dtrain --gpus 0,0");
  }

  // The one way of every collective. `after` runs when all parts are in the stream, for what is to follow them there.
  // Returns when everything is in the stream.
  Ref<Work> submit(
      std::vector<Part> parts, std::vector<Tensor> tensors, Ref<RefCounted> keep = {},
      const std::function<void()>& after = [] {}) {
    const std::lock_guard order(submitting_);
    check();
    auto work = make<NcclWork>(device_, std::move(tensors), std::move(keep));
    try {
      for (Part& part : parts) {
        latest_ = part.call;
        control_.post(latest_);
      }
      work->call = latest_;
      last_ = work;
      work->ready.record(runtime(device_).currentStream(device_.index));
      work->ready.wait(stream_.handle);
      {
        const std::lock_guard lock(mutex_);
        pending_.push_back(work);
      }
      const int64_t span = traceCall(latest_, parts.size());
      traceBegin(span, device_, stream_.handle);
      run(latest_, [&](ncclComm_t comm) { return launchAll(parts, comm); });
      after();
      traceEnd(span, device_, stream_.handle);
      work->done.record(stream_.handle);
      work->launched.store(true, std::memory_order_release);
      wake_.notify_one();  // not before: the driver serves one thread at a time
    } catch (const Error& e) {
      fail(explained(e, latest_));
      check();  // the first failure counts, which may be another one
    }
    return Ref<Work>(work.get());
  }

  static ncclResult_t launchAll(const std::vector<Part>& parts, ncclComm_t comm) {
    const bool group = parts.size() > 1;
    ncclResult_t status = group ? nccl().ncclGroupStart() : ncclSuccess;
    for (const Part& part : parts) {
      if (status != ncclSuccess && status != ncclInProgress) break;
      if (part.call.count > 0) status = part.launch(comm);
    }
    if (!group) return status;
    const ncclResult_t ended = nccl().ncclGroupEnd();
    return status != ncclSuccess && status != ncclInProgress ? status : ended;
  }

  void run(const Call& call, const Launch& launch) {
    try {
      comm_.run(launch, [this] { check(); });
    } catch (const NcclFailure& failure) {
      explain(call, failure);
    }
  }

  // A rank that has ended or failed makes NCCL or CUDA fail on its peers too, sometimes before they can know. Throws
  // what has happened to it, if anything has.
  void awaitCause(const Call& call) const {
    for (const auto until = Clock::now() + kGrace; Clock::now() < until; std::this_thread::sleep_for(kPoll)) {
      check();
      control_.checkCallPeers(call);
    }
  }

  [[noreturn]] void explain(const Call& call, const NcclFailure& failure) const {
    if (failure.status != ncclInvalidArgument && failure.status != ncclInvalidUsage) awaitCause(call);
    const bool space = failure.text.find("shared memory") != std::string::npos;
    dtrain::fail(
        failure.status == ncclRemoteError ? Code::peer : Code::distributed, "distributed: rank ", rank(), ": ",
        describe(call), ": NCCL: ", failure.text,
        space ? "; it lies in /dev/shm, which may be too small (in a container: docker run --shm-size=1g)" : "");
  }

  // An error of CUDA does not say where it happened.
  Error explained(const Error& e, const Call& call) const {
    if (e.code == Code::distributed || e.code == Code::peer) return e;
    try {
      if (e.code == Code::internal) awaitCause(call);
    } catch (const Error& cause) {
      return cause;
    }
    return Error(e.code, str("distributed: rank ", rank(), ": ", describe(call), ": ", e.message));
  }

  // At the start of a thread: or its calls would make a context on GPU 0, which this rank may not use. What is wrong
  // with a device that cannot be had comes out at the next call.
  void takeDevice() const { cudaSetDevice(device_.index); }

  // The first failure ends the engine. See Note [Aborting].
  void fail(const Error& e) {
    std::deque<Ref<NcclWork>> works;
    {
      const std::lock_guard lock(mutex_);
      if (failed_) return;
      failed_ = std::make_exception_ptr(Error(e.code, e.message));
      hasFailed_.store(true, std::memory_order_release);
      works.swap(pending_);
      lost_.assign(works.begin(), works.end());
    }
    control_.abort(e.message);
    {
      const std::lock_guard lock(mutex_);
      aborting_ = std::async(std::launch::async, [this] {
        takeDevice();
        comm_.abort();
      });
    }
    for (const auto& work : works) work->finish(failed_);
  }

  // --- the watchdog's thread -----------------------------------------------------------------------------------------

  void watch() {
    takeDevice();
    auto checked = Clock::now();
    std::unique_lock lock(mutex_);
    for (;;) {
      while (!wake_.wait_for(lock, kCheckPeers, [&] { return ending_ || !pending_.empty(); })) {
        lock.unlock();
        failIfAborted();
        lock.lock();
      }
      if (ending_) return;
      const Ref<NcclWork> first = pending_.front();
      lock.unlock();
      bool complete = false;
      try {
        complete = first->launched.load(std::memory_order_acquire) && first->done.done();
        if (complete) {
          control_.throwIfAborted();
          control_.completed(first->call.sequence);
        } else {
          if (!first->since && first->ready.done()) {
            control_.reached(first->call.sequence);
            first->since = Clock::now();
          }
          if (Clock::now() - checked > kCheckPeers) {
            checkHealth(*first);
            checked = Clock::now();
          }
        }
      } catch (const Error& e) {
        fail(explained(e, first->call));
      }
      lock.lock();
      if (complete && !failed_) {
        pending_.pop_front();
        lock.unlock();
        first->complete();
        lock.lock();
      } else {
        wake_.wait_for(lock, kPoll);
      }
    }
  }

  void failIfAborted() {
    try {
      control_.throwIfAborted();
    } catch (const Error& e) {
      fail(e);
    }
  }

  void checkHealth(const NcclWork& work) {
    control_.checkCallPeers(work.call);
    try {
      comm_.checkAsync();
    } catch (const NcclFailure& failure) {
      explain(work.call, failure);
    }
    if (work.since) control_.waited(work.call, Clock::now() - *work.since);
  }

  Control& control_;
  const Device device_;
  const Stream stream_;
  NcclComm comm_;
  std::thread watchdog_;

  std::mutex submitting_;  // one submission at a time; guards the next two
  Call latest_;
  Ref<NcclWork> last_;

  std::mutex mutex_;  // guards the rest
  std::condition_variable wake_;
  std::deque<Ref<NcclWork>> pending_;
  std::vector<Ref<NcclWork>> lost_;  // after a failure the device may still be at them
  bool ending_ = false;
  std::exception_ptr failed_;
  std::atomic<bool> hasFailed_{false};
  std::future<void> aborting_;  // the last member, because its destructor waits
};

std::unique_ptr<DeviceCommunicator> makeNcclCommunicator(Control& control, HostCommunicator& cpu, Device device,
                                                         const std::vector<uint8_t>& id) {
  return std::make_unique<NcclCommunicator>(control, cpu, device, id);
}

std::vector<uint8_t> uniqueId() {
  try {
    const ncclUniqueId id = makeNcclId();
    return std::vector<uint8_t>(id.internal, id.internal + sizeof id.internal);
  } catch (const NcclFailure& failure) {
    fail(Code::distributed, "distributed: NCCL: ", failure.text);
  }
}

}  // namespace

const NcclEngine* ncclEngine() {
  static const NcclEngine engine{makeNcclCommunicator, uniqueId, [] { return nccl().version >= kSharesGpus; }};
  return &engine;
}

}  // namespace dtrain
