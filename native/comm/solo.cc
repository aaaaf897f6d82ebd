// The GPU engine of a job of one rank, which needs no library: every collective is the identity, or a copy on the
// current stream.
#include "comm/group.h"
#include "core/runtime.h"

namespace dtrain {

namespace {

// The stream keeps the order; only a promise waits for the data.
class SoloWork : public Work {
 public:
  explicit SoloWork(Device device) : device_(device) {}
  void wait() override {}
  void then(std::function<void()> f) override {
    runtime(device_).callWhenReached(runtime(device_).currentStream(device_.index), std::move(f));
  }

 private:
  const Device device_;
};

class SoloCommunicator : public DeviceCommunicator {
 public:
  explicit SoloCommunicator(Device device) : device_(device) {}
  int rank() const override { return 0; }
  int worldSize() const override { return 1; }

  Ref<Work> allReduce(const Tensor&, ReduceOp) override { return done(); }
  Ref<Work> broadcast(const std::vector<Tensor>&, int) override { return done(); }
  Ref<Work> allGather(const Tensor& x, const Tensor& out) override { return copied(x, out); }
  Ref<Work> reduceScatter(const Tensor& x, const Tensor& out, ReduceOp) override { return copied(x, out); }

  Ref<SharedBuffer> shared(size_t bytes) override {
    return Ref<SharedBuffer>(make<DeviceBuffer>(bytes, device_).get());
  }
  Ref<Weights> weigh(double) override { return {}; }
  Ref<Work> average(SharedBuffer&, const Tensor&, const Ref<Weights>&, int) override { return done(); }

  void check() const override {}
  void abort(const std::string&) override {}
  void finish() override {}
  bool leave() override { return true; }

 private:
  Ref<Work> done() const { return Ref<Work>(make<SoloWork>(device_).get()); }
  Ref<Work> copied(const Tensor& x, const Tensor& out) const {
    const size_t bytes = static_cast<size_t>(x.numel() * itemSize(x.dtype()));
    if (bytes > 0) runtime(device_).copy(out.bytes(), device_, x.bytes(), device_, bytes, true);
    return done();
  }

  const Device device_;
};

}  // namespace

std::unique_ptr<DeviceCommunicator> makeSoloCommunicator(Device device) {
  return std::make_unique<SoloCommunicator>(device);
}

}  // namespace dtrain
