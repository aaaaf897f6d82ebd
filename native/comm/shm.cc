// The shared-memory engine: ranks of one machine on CPU. Each rank owns memory without a name (memfd) that its peers
// map through /proc/<pid>/fd, so nothing can be left behind in /dev/shm, whoever is killed when.
//
// Reduction in place: rank r reduces the r-th slice of every rank's buffer and writes the result into all of them.
// Bytes moved per rank for a buffer of B bytes: B read, B written; the floor is 2 B ranks / memory bandwidth.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "comm/group.h"
#include "comm/sums.h"
#include "comm/work.h"
#include "core/trace.h"

namespace dtrain {

namespace {

constexpr int64_t kStagingBytes = int64_t{4} << 20;

class ShmWork : public EndingWork {
 public:
  void wait() override { awaitEnd(); }
};

// The same region of every rank, mapped here. `views[rank]` is our own.
class ShmBuffer : public SharedBuffer {
 public:
  ShmBuffer(int rank, size_t bytes, uint64_t id, std::vector<char*> views)
      : views(std::move(views)), id(id), rank_(rank), bytes_(bytes) {}
  ~ShmBuffer() override {
    for (char* view : views) munmap(view, bytes_);
  }
  char* data() override { return views[rank_]; }
  const std::vector<char*> views;
  const uint64_t id;  // the same on all ranks, never 0

 private:
  const int rank_;
  const size_t bytes_;
};

char* mapShared(int fd, size_t bytes) {
  void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
  check(p != MAP_FAILED, Code::distributed, "distributed: cannot map ", bytes,
        " bytes of shared memory: ", std::strerror(errno));
  return static_cast<char*>(p);
}

class ShmWeights : public Weights {
 public:
  explicit ShmWeights(double mine) : mine(mine) {}
  const double mine;
};

class ShmCommunicator : public HostCommunicator {
 public:
  explicit ShmCommunicator(Control& control) : control_(control), rank_(control.rank), worldSize_(control.worldSize) {
    staging_ = share(shareOf(kStagingBytes));
    thread_ = std::thread([this] { serve(); });
  }
  ~ShmCommunicator() override {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    ready_.notify_one();
    thread_.join();
  }

  int rank() const override { return rank_; }
  int worldSize() const override { return worldSize_; }

  Ref<Work> allReduce(const Tensor& x, ReduceOp op) override {
    return submit({callOf(CollectiveOp::allReduce, x, static_cast<uint32_t>(op))}, [this, x, op] {
      inChunks(x, kStagingBytes, [&](int64_t at, int64_t bytes) {
        std::memcpy(staging_->data(), x.bytes() + at, bytes);
        control_.sync();  // everybody's part is staged
        reduceSlice(staging_->views, 0, bytes / itemSize(x.dtype()), x.dtype(), weightsOf(op));
        control_.sync();
        std::memcpy(x.bytes() + at, staging_->data(), bytes);
      });
    });
  }

  Ref<Work> broadcast(const std::vector<Tensor>& xs, int root) override {
    Ref<Work> last;  // tasks run in order, and after a failure all later ones fail too
    for (const Tensor& x : xs) last = spread(x, root);
    return last;
  }

  Ref<Work> allGather(const Tensor& x, const Tensor& out) override {
    return submit({callOf(CollectiveOp::allGather, x, 0)}, [this, x, out] {
      const int64_t total = x.numel() * itemSize(x.dtype());
      inChunks(x, kStagingBytes, [&](int64_t at, int64_t bytes) {
        std::memcpy(staging_->data(), x.bytes() + at, bytes);
        control_.sync();
        for (int r = 0; r < worldSize_; r++) std::memcpy(out.bytes() + r * total + at, staging_->views[r], bytes);
        control_.sync();
      });
    });
  }

  Ref<Work> reduceScatter(const Tensor& x, const Tensor& out, ReduceOp op) override {
    return submit({callOf(CollectiveOp::reduceScatter, x, static_cast<uint32_t>(op))}, [this, x, out, op] {
      const int64_t total = out.numel() * itemSize(x.dtype());
      // A chunk of every rank's part, one after the other; the slices that reduceSlice cuts need not be those parts.
      inChunks(out, kStagingBytes / worldSize_ / 64 * 64, [&](int64_t at, int64_t bytes) {
        for (int r = 0; r < worldSize_; r++)
          std::memcpy(staging_->data() + r * bytes, x.bytes() + r * total + at, bytes);
        control_.sync();
        reduceSlice(staging_->views, 0, worldSize_ * bytes / itemSize(x.dtype()), x.dtype(), weightsOf(op));
        control_.sync();
        std::memcpy(out.bytes() + at, staging_->data() + rank_ * bytes, bytes);
      });
    });
  }

  Ref<Work> barrier() override { return meet(CollectiveOp::barrier); }
  Ref<Work> join() override { return meet(CollectiveOp::join); }

  Ref<SharedBuffer> shared(size_t bytes) override {
    Ref<SharedBuffer> result;
    submit(shareOf(bytes), [&](const Signature& s) { result = Ref<SharedBuffer>(share(s).get()); })->wait();
    return result;
  }

  // Nothing is sent: the signatures of the averages carry it.
  Ref<Weights> weigh(double weight) override { return Ref<Weights>(make<ShmWeights>(weight).get()); }

  Ref<Work> average(SharedBuffer& buffer, const Tensor& x, const Ref<Weights>& weights, int bucket) override {
    const auto& mine = static_cast<ShmBuffer&>(buffer);
    Signature s{callOf(CollectiveOp::allReduce, x, static_cast<uint32_t>(ReduceOp::mean))};
    s.call.bucket = bucket;
    if (weights) s.weight = static_cast<ShmWeights&>(*weights).mine;
    s.call.place = mine.id << 40 | static_cast<uint64_t>(x.bytes() - mine.views[rank_]);
    return submit(s, [this, x, keep = Ref<SharedBuffer>(&buffer)] {
      std::vector<double> weights;
      double total = 0;
      for (int r = 0; r < worldSize_; r++) {
        weights.push_back(control_.signature(r).weight);
        total += weights.back();
      }
      for (double& w : weights) w = total > 0 ? w / total : 1.0 / worldSize_;
      const auto& views = static_cast<ShmBuffer&>(*keep).views;
      reduceSlice(views, x.bytes() - views[rank_], x.numel(), x.dtype(), weights);
      control_.sync();
    });
  }

 private:
  struct Task {
    Ref<ShmWork> work;
    std::function<void()> run;
  };

  static Call callOf(CollectiveOp op, const Tensor& x, uint32_t detail) {
    Call call;
    call.op = op;
    call.detail = detail;
    call.dtype = x.dtype();
    call.count = x.numel();
    call.sizes = x.sizes();
    return call;
  }

  Ref<Work> meet(CollectiveOp op) {
    Signature s;
    s.call.op = op;
    return submit(s, [] {});
  }

  Ref<Work> spread(const Tensor& x, int root) {
    return submit({callOf(CollectiveOp::broadcast, x, static_cast<uint32_t>(root))}, [this, x, root] {
      inChunks(x, kStagingBytes, [&](int64_t at, int64_t bytes) {
        if (rank_ == root) std::memcpy(staging_->data(), x.bytes() + at, bytes);
        control_.sync();
        if (rank_ != root) std::memcpy(x.bytes() + at, staging_->views[root], bytes);
        control_.sync();
      });
    });
  }

  std::vector<double> weightsOf(ReduceOp op) const {
    return std::vector<double>(worldSize_, op == ReduceOp::mean ? 1.0 / worldSize_ : 1.0);
  }

  // The call is posted now; its signature, when the task's turn comes.
  Ref<Work> submit(Signature s, std::function<void(const Signature&)> body) {
    const std::lock_guard order(submitting_);
    control_.post(s.call);
    auto work = make<ShmWork>();
    auto run = [this, s, body = std::move(body)] {
      const int64_t span = traceCall(s.call);
      traceBegin(span);
      body(s);
      traceEnd(span);
    };
    {
      std::lock_guard lock(mutex_);
      tasks_.push_back({work, std::move(run)});
    }
    ready_.notify_one();
    return Ref<Work>(work.get());
  }
  Ref<Work> submit(const Signature& s, std::function<void()> body) {
    return submit(s, [this, body = std::move(body)](const Signature& s) {
      control_.enter(s);
      body();
    });
  }

  void serve() {
    std::exception_ptr failed;
    for (;;) {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [&] { return ending_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      Task task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      if (!failed) {
        try {
          task.run();
        } catch (const std::exception& e) {
          failed = std::current_exception();
          control_.abort(e.what());  // nobody may wait for us
        }
      }
      task.run = nullptr;  // releases its tensors before anyone is told
      task.work->finish(failed);
    }
  }

  static Signature shareOf(size_t bytes) {
    Signature s;
    s.call.op = CollectiveOp::share;
    s.call.count = static_cast<int64_t>(bytes);
    return s;
  }

  // Maps memory of every rank. Runs in the constructor or on the engine's thread.
  Ref<ShmBuffer> share(Signature s) {
    const auto bytes = static_cast<size_t>(s.call.count);
    const int fd = memfd_create("dtrain", MFD_CLOEXEC);
    // Reserved now: memory that is lacking later would be a signal.
    const int error = fd < 0 ? errno : posix_fallocate(fd, 0, static_cast<off_t>(bytes));
    check(error == 0, Code::distributed, "distributed: cannot create ", bytes,
          " bytes of shared memory: ", std::strerror(error),
          error == EFBIG ? "; raise the limit of the size of files (ulimit -f)" : "");
    s.fd = fd;
    control_.enter(s);
    std::vector<char*> views;
    for (int r = 0; r < worldSize_; r++) {
      if (r == rank_) {
        views.push_back(mapShared(fd, bytes));
        continue;
      }
      const std::string path = str("/proc/", control_.pid(r), "/fd/", control_.signature(r).fd);
      const int peer = open(path.c_str(), O_RDWR | O_CLOEXEC);
      check(peer >= 0, Code::distributed, "distributed: cannot open the memory of rank ", r, " (", path,
            "): ", std::strerror(errno));
      views.push_back(mapShared(peer, bytes));
      close(peer);
    }
    control_.sync();
    close(fd);
    return make<ShmBuffer>(rank_, bytes, ++buffers_, std::move(views));
  }

  // f(first byte, bytes) on parts of x of at most `chunk` bytes; the same parts on every rank.
  template <class F>
  static void inChunks(const Tensor& x, int64_t chunk, F&& f) {
    const int64_t total = x.numel() * itemSize(x.dtype());
    for (int64_t at = 0; at < total; at += chunk) f(at, std::min(chunk, total - at));
  }

  // Our share of `count` elements at byte `offset` of every view: the weighted sum, written back to every view.
  void reduceSlice(const std::vector<char*>& views, int64_t offset, int64_t count, DType dtype,
                   const std::vector<double>& weights) {
    const int64_t item = itemSize(dtype), line = 64 / item;  // slices begin at cache lines
    const int64_t lines = (count + line - 1) / line;
    const int64_t begin = lines * rank_ / worldSize_ * line,
                  end = std::min(lines * (rank_ + 1) / worldSize_ * line, count);
    if (begin >= end) return;
    std::vector<const void*> from;
    for (char* view : views) from.push_back(view + offset + begin * item);
    char* mine = views[rank_] + offset + begin * item;
    sumOfRanks(dtype, end - begin, worldSize_, from.data(), weights.data(), mine);
    for (int r = 0; r < worldSize_; r++)
      if (r != rank_) std::memcpy(views[r] + offset + begin * item, mine, (end - begin) * item);
  }

  Control& control_;
  const int rank_, worldSize_;
  uint64_t buffers_ = 0;
  Ref<ShmBuffer> staging_;
  std::mutex submitting_;  // tasks_ are in the order of their calls' numbers
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> tasks_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<HostCommunicator> makeShmCommunicator(Control& control) {
  return std::make_unique<ShmCommunicator>(control);
}

}  // namespace dtrain
