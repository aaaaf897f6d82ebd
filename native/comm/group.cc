// Which engine a collective goes to. The one for GPUs is made at the first tensor on one, and a rank keeps to that GPU
// from then on.
#include "comm/group.h"

namespace dtrain {

Group::Group(int rank, int worldSize, int fd, int64_t timeoutMs, std::vector<uint8_t> ncclId)
    : control_(rank, worldSize, fd, timeoutMs), ncclId_(std::move(ncclId)), cpu_(makeShmCommunicator(control_)) {}

Communicator& Group::of(Device device) {
  if (device.isCpu()) return *cpu_;
  const std::lock_guard lock(making_);
  if (!cuda_) {
    const NcclEngine* nccl = ncclEngine();
    dtrain::check(worldSize() == 1 || nccl, Code::unsupported,
                  "distributed: this build has no CUDA backend, which NCCL belongs to");
    cuda_ = worldSize() == 1 ? makeSoloCommunicator(device) : nccl->make(control_, *cpu_, device, ncclId_);
    device_ = device;
    ready_.store(cuda_.get());
  }
  dtrain::check(device == device_, Code::argument, "distributed: the collectives of this rank run on ", device_,
                ", got a tensor on ", device, "; a rank communicates from one GPU");
  return *cuda_;
}

void Group::abort(const std::string& reason) {
  control_.abort(reason);
  if (DeviceCommunicator* cuda = ready_.load()) cuda->abort(reason);
}

void Group::check() const {
  if (const DeviceCommunicator* cuda = ready_.load()) cuda->check();
}

void Group::finish() {
  if (DeviceCommunicator* cuda = ready_.load()) cuda->finish();
}

bool Group::leave() {
  DeviceCommunicator* cuda = ready_.load();
  return !cuda || cuda->leave();
}

}  // namespace dtrain
