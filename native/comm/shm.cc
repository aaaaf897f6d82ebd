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

#include "comm/control.h"
#include "kernels/loops.h"

namespace dtrain {

namespace {

constexpr size_t kStagingBytes = size_t{4} << 20;

class ShmWork : public Work {
 public:
  void wait() override {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return finished_; });
    if (error_) std::rethrow_exception(error_);
  }
  void then(std::function<void()> f) override {
    {
      std::lock_guard lock(mutex_);
      if (!finished_) return void(next_ = std::move(f));
    }
    f();
  }
  void finish(std::exception_ptr error) {
    {
      std::lock_guard lock(mutex_);
      error_ = error;
      finished_ = true;
    }
    done_.notify_all();
    if (next_) next_();
  }

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool finished_ = false;
  std::exception_ptr error_;
  std::function<void()> next_;
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

class ShmCommunicator : public Communicator {
 public:
  ShmCommunicator(int rank, int worldSize, int fd, int64_t timeoutMs)
      : rank_(rank), worldSize_(worldSize), control_(rank, worldSize, fd, timeoutMs) {
    staging_ = share(kStagingBytes);
    std::thread([this] { serve(); }).detach();
  }

  int rank() const override { return rank_; }
  int worldSize() const override { return worldSize_; }

  Ref<Work> allReduce(const Tensor& x, ReduceOp op) override {
    check(isFloat(x.dtype()) || op == ReduceOp::sum, Code::dtype, "allReduce: mean is not defined for ", x.dtype(),
          "; use 'sum'");
    check(x.dtype() == DType::float32 || x.dtype() == DType::float64 || x.dtype() == DType::int64, Code::dtype,
          "allReduce: not implemented for ", x.dtype(), "; convert to float32, float64 or int64");
    const Signature s{0, CollectiveOp::allReduce, static_cast<uint32_t>(op), x.dtype(), x.numel(), 1, 0, 0, 0};
    return submit(s, [this, x, op] {
      const std::vector<double> weights(worldSize_, op == ReduceOp::mean ? 1.0 / worldSize_ : 1.0);
      inChunks(x, [&](char* mine, int64_t bytes) {
        std::memcpy(staging_->data(), mine, bytes);
        control_.sync();  // everybody's part is staged
        reduceSlice(staging_->views, 0, bytes / itemSize(x.dtype()), x.dtype(), weights);
        control_.sync();
        std::memcpy(mine, staging_->data(), bytes);
      });
    });
  }

  Ref<Work> broadcast(const Tensor& x, int root) override {
    check(root >= 0 && root < worldSize_, Code::argument, "broadcast: root ", root, " is not a rank of 0 to ",
          worldSize_ - 1);
    const Signature s{0, CollectiveOp::broadcast, static_cast<uint32_t>(root), x.dtype(), x.numel(), 1, 0, 0, 0};
    return submit(s, [this, x, root] {
      inChunks(x, [&](char* mine, int64_t bytes) {
        if (rank_ == root) std::memcpy(staging_->data(), mine, bytes);
        control_.sync();
        if (rank_ != root) std::memcpy(mine, staging_->views[root], bytes);
        control_.sync();
      });
    });
  }

  Ref<Work> allGather(const Tensor& x, const Tensor& out) override {
    const Signature s{0, CollectiveOp::allGather, 0, x.dtype(), x.numel(), 1, 0, 0, 0};
    return submit(s, [this, x, out] {
      const int64_t total = x.numel() * itemSize(x.dtype());
      inChunks(x, [&](char* mine, int64_t bytes) {
        std::memcpy(staging_->data(), mine, bytes);
        control_.sync();
        for (int r = 0; r < worldSize_; r++)
          std::memcpy(out.bytes() + r * total + (mine - x.bytes()), staging_->views[r], bytes);
        control_.sync();
      });
    });
  }

  Ref<Work> barrier() override {
    return submit({0, CollectiveOp::barrier, 0, DType::float32, 0, 1, 0, 0, 0}, [] {});
  }

  Ref<SharedBuffer> shared(size_t bytes) override {
    Ref<SharedBuffer> result;
    submit([this, bytes, &result] { result = Ref<SharedBuffer>(share(bytes).get()); })->wait();
    return result;
  }

  Ref<Work> averageShared(SharedBuffer& buffer, const Tensor& x, double weight) override {
    const auto& mine = static_cast<ShmBuffer&>(buffer);
    const uint64_t offset = static_cast<uint64_t>(x.bytes() - mine.views[rank_]);
    const Signature s{
        0, CollectiveOp::allReduce, static_cast<uint32_t>(ReduceOp::mean), x.dtype(), x.numel(), weight, 0,
        0, mine.id << 40 | offset};
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

  void abort(const std::string& reason) override { control_.abort(reason); }

 private:
  struct Task {
    Ref<ShmWork> work;
    std::function<void()> run;
  };

  // The signature is posted when the task's turn comes; all ranks number their tasks alike.
  Ref<Work> submit(Signature s, std::function<void()> body) {
    return submit([this, s, body = std::move(body)]() mutable {
      s.sequence = ++sequence_;
      control_.enter(s);
      body();
    });
  }

  Ref<Work> submit(std::function<void()> run) {
    auto work = make<ShmWork>();
    {
      std::lock_guard lock(mutex_);
      tasks_.push_back({work, std::move(run)});
    }
    ready_.notify_one();
    return Ref<Work>(work.get());
  }

  // The engine's thread. A communicator is never destroyed, so the thread may run until the process ends.
  [[noreturn]] void serve() {
    std::exception_ptr failed;
    for (;;) {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [&] { return !tasks_.empty(); });
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

  // Maps `bytes` of every rank. Runs in the constructor or on the engine's thread.
  Ref<ShmBuffer> share(size_t bytes) {
    const int fd = memfd_create("dtrain", MFD_CLOEXEC);
    check(fd >= 0 && ftruncate(fd, static_cast<off_t>(bytes)) == 0, Code::distributed, "distributed: cannot create ",
          bytes, " bytes of shared memory: ", std::strerror(errno));
    control_.enter({sequence_, CollectiveOp::share, 0, DType::uint8, 0, 1, fd, static_cast<int64_t>(bytes), 0});
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

  // f(begin, bytes) on parts of x that fit the staging buffer; the same parts on every rank.
  template <class F>
  void inChunks(const Tensor& x, F&& f) {
    const int64_t total = x.numel() * itemSize(x.dtype()), chunk = static_cast<int64_t>(kStagingBytes);
    for (int64_t at = 0; at < total; at += chunk) f(x.bytes() + at, std::min(chunk, total - at));
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
    if (dtype == DType::int64) {
      for (int64_t i = 0; i < end - begin; i++) {
        int64_t sum = 0;
        for (const void* source : from) sum += static_cast<const int64_t*>(source)[i];
        reinterpret_cast<int64_t*>(mine)[i] = sum;
      }
    } else {
      loops().weightedSum[static_cast<int>(dtype)](end - begin, worldSize_, from.data(), weights.data(), mine);
    }
    for (int r = 0; r < worldSize_; r++)
      if (r != rank_) std::memcpy(views[r] + offset + begin * item, mine, (end - begin) * item);
  }

  const int rank_, worldSize_;
  Control control_;
  uint64_t sequence_ = 0, buffers_ = 0;
  Ref<ShmBuffer> staging_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> tasks_;
};

}  // namespace

Communicator* makeShmCommunicator(int rank, int worldSize, int fd, int64_t timeoutMs) {
  return new ShmCommunicator(rank, worldSize, fd, timeoutMs);
}

}  // namespace dtrain
