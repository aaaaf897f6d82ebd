// The ranks of a job as one process sees them: the control segment and an engine per type of device. Tensors on the CPU
// and barriers go to the CPU engine, tensors on a GPU to NCCL, which is opened at the first of them. Nothing here is
// global, so that tests can run the ranks of a job as threads.
#pragma once

#include <memory>
#include <mutex>

#include "comm/control.h"

namespace dtrain {

class HostCommunicator : public Communicator {
 public:
  virtual Ref<Work> barrier() = 0;
  // A barrier that messages call the first collective on a GPU.
  virtual Ref<Work> join() = 0;
};

class DeviceCommunicator : public Communicator {
 public:
  // Throws what has ended the group, if something has: whoever waits for the device must not use its data then.
  virtual void check() const = 0;
  // Everything pending and later fails.
  virtual void abort(const std::string& reason) = 0;
  // Waits until all ranks have completed what this rank submitted. Throws if that fails.
  virtual void finish() = 0;
  // Stops the engine's threads, because the process ends. False when one of them cannot be stopped: then exit() must
  // not be called, whose handlers would take down what that thread uses.
  virtual bool leave() = 0;
};

// Memory of a GPU's allocator: NCCL reduces between any two places.
class DeviceBuffer : public SharedBuffer {
 public:
  DeviceBuffer(size_t bytes, Device device) : storage_(make<Storage>(bytes, device)) {}
  char* data() override { return static_cast<char*>(storage_->data); }

 private:
  const Ref<Storage> storage_;
};

std::unique_ptr<HostCommunicator> makeShmCommunicator(Control& control);
// For a job of one rank, which needs no library.
std::unique_ptr<DeviceCommunicator> makeSoloCommunicator(Device device);
struct NcclEngine {
  // Collective. Throws Error{unsupported} when the library cannot be opened.
  std::unique_ptr<DeviceCommunicator> (*make)(Control&, HostCommunicator&, Device, const std::vector<uint8_t>& id);
  // For rank 0; the others must be given the same.
  std::vector<uint8_t> (*uniqueId)();
  // Whether two ranks may have the same GPU (with NCCL_MULTI_RANK_GPU_ENABLE=1), which depends on the library's
  // version.
  bool (*sharesGpus)();
};
// Null when there is no CUDA backend in the build.
const NcclEngine* ncclEngine();

class Group {
 public:
  // Descriptor `fd` is the control segment, unused by a job of one rank. ncclId: that of all ranks, empty in a job on
  // CPUs. Waits for everybody.
  Group(int rank, int worldSize, int fd, int64_t timeoutMs, std::vector<uint8_t> ncclId = {});

  int rank() const { return control_.rank; }
  int worldSize() const { return control_.worldSize; }
  HostCommunicator& cpu() const { return *cpu_; }
  // The engine for tensors of a device. The first call for a GPU is collective and blocks; all later ones must be for
  // the same GPU.
  Communicator& of(Device device);

  // Fails everything pending and later, here and on the other ranks.
  void abort(const std::string& reason);
  // See DeviceCommunicator.
  void check() const;
  void finish();
  bool leave();
  // 1, 2, …: the same number for the same reducer on every rank, since all make them in one order.
  int64_t numberReducer() { return ++reducers_; }

 private:
  Control control_;
  const std::vector<uint8_t> ncclId_;
  const std::unique_ptr<HostCommunicator> cpu_;
  std::mutex making_;
  std::unique_ptr<DeviceCommunicator> cuda_;
  std::atomic<DeviceCommunicator*> ready_{nullptr};  // cuda_ once it is whole
  Device device_;
  int64_t reducers_ = 0;
};

}  // namespace dtrain
