// cudaMemcpyAsync and cudaMemsetAsync. What "async" means depends on the host memory, as on a GPU: pinned memory is
// read and written when the stream gets there; pageable memory is written before the call returns, but read when the
// stream gets there, since CUDA only says that such a copy "might be synchronous". Device memory must belong to the
// stream's device or be open to it, which is stricter than CUDA; cudaMemcpyPeerAsync may name two.
#include <cstring>
#include <optional>

#include "emulation/cuda/stream.h"

namespace {

using namespace emulation;

// One end of a copy.
struct Side {
  Device* device = nullptr;      // device memory
  std::shared_ptr<char> pinned;  // pinned memory; neither: pageable

  bool host() const { return device == nullptr; }
  bool pageable() const { return device == nullptr && pinned == nullptr; }
};

// Memory of a device is that of `expected`, or with `peers` what that device reaches.
Side sideOf(const void* p, size_t bytes, const Device* expected, bool peers, const char* what) {
  if (p == nullptr) refuse(cudaErrorInvalidValue, what, " is null");
  Side side{runtime().owner(p), nullptr};
  if (side.device == nullptr) {
    side.pinned = runtime().pinned.find(p, bytes);
    if (side.pinned == nullptr && runtime().pinned.deviceOf(p) >= 0)
      refuse(cudaErrorInvalidValue, what, ": ", bytes, " bytes reach past the end of pinned memory");
    return side;
  }
  if (side.device != expected && !(peers && reaches(*expected, *side.device, p)))
    refuse(cudaErrorInvalidValue, what, ": ", hex(p), " is memory of device ", side.device->index, ", not of device ",
           expected->index);
  if (const Problem problem = side.device->memory.check(p, bytes, Moment::call); !problem.empty())
    refuse(cudaErrorInvalidValue, what, ": ", problem);
  return side;
}

// Checks again when the stream gets there; then the memory may be touched.
Problem checkNow(const Side& side, const void* p, size_t bytes) {
  if (side.device != nullptr) return side.device->memory.check(p, bytes, Moment::execution);
  if (side.pinned != nullptr && runtime().pinned.find(p, bytes) != side.pinned)
    return sentence("pinned memory at ", hex(p), " was freed before the stream had copied it");
  return {};
}

void requireKind(const Side& to, const Side& from, cudaMemcpyKind kind) {
  const char* const names[] = {"cudaMemcpyHostToHost", "cudaMemcpyHostToDevice", "cudaMemcpyDeviceToHost",
                               "cudaMemcpyDeviceToDevice"};
  if (kind == cudaMemcpyDefault) return;
  if (kind > cudaMemcpyDefault)
    refuse(cudaErrorInvalidMemcpyDirection, "cudaMemcpyAsync: there is no kind ", static_cast<int>(kind));
  const auto is = static_cast<cudaMemcpyKind>((to.host() ? 0 : 1) + (from.host() ? 0 : 2));
  if (is != kind)
    refuse(cudaErrorInvalidValue, "cudaMemcpyAsync: ", names[kind], " is asked for, but the pointers are ", names[is]);
}

// A copy whose ends have been checked.
void submit(const std::shared_ptr<Stream>& s, void* dst, const Side& to, const void* src, const Side& from,
            size_t bytes) {
  const auto* first = static_cast<const char*>(src);
  const auto* out = static_cast<const char*>(dst);
  if (first < out + bytes && out < first + bytes)
    refuse(cudaErrorInvalidValue, "cudaMemcpyAsync: source and destination overlap");
  s->submit([=, index = s->device.index](BlockRunner&) {
    Problem problem = checkNow(to, dst, bytes);
    if (problem.empty()) problem = checkNow(from, src, bytes);
    if (!problem.empty()) return fail(index, cudaErrorIllegalAddress, "cudaMemcpyAsync: " + problem);
    std::optional<Access> reading, writing;
    if (from.device != nullptr) reading.emplace(from.device->memory.region);
    if (to.device != nullptr) writing.emplace(to.device->memory.region);
    std::memcpy(dst, src, bytes);
  });
  if (!to.pageable() && !(to.host() && from.host())) return;
  s->drain();
  refuseIfFailed(s->device);
}

}  // namespace

cudaError_t cudaMemcpyAsync(void* dst, const void* src, size_t bytes, cudaMemcpyKind kind, cudaStream_t handle) {
  return api([&] {
    const auto s = stream(handle, "cudaMemcpyAsync");
    refuseIfFailed(s->device);
    if (bytes == 0) return;
    const Side to = sideOf(dst, bytes, &s->device, true, "cudaMemcpyAsync: the destination");
    const Side from = sideOf(src, bytes, &s->device, true, "cudaMemcpyAsync: the source");
    requireKind(to, from, kind);
    submit(s, dst, to, src, from, bytes);
  });
}

cudaError_t cudaMemcpyPeerAsync(void* dst, int dstDevice, const void* src, int srcDevice, size_t bytes,
                                cudaStream_t handle) {
  return api([&] {
    const auto s = stream(handle, "cudaMemcpyPeerAsync");
    Device &target = device(dstDevice), &origin = device(srcDevice);
    for (const Device* d : {&s->device, &target, &origin}) refuseIfFailed(*d);
    if (bytes == 0) return;
    const Side to = sideOf(dst, bytes, &target, false, "cudaMemcpyPeerAsync: the destination");
    const Side from = sideOf(src, bytes, &origin, false, "cudaMemcpyPeerAsync: the source");
    if (to.host() || from.host()) refuse(cudaErrorInvalidValue, "cudaMemcpyPeerAsync: both ends must be device memory");
    // As reported of driver 590.48: into a pool that is open to a peer such a copy succeeds and writes nothing.
    if (target.memory.pooled(dst) && target.poolPeers != 0) return;
    submit(s, dst, to, src, from, bytes);
  });
}

cudaError_t cudaMemsetAsync(void* dst, int value, size_t bytes, cudaStream_t handle) {
  return api([&] {
    const auto s = stream(handle, "cudaMemsetAsync");
    refuseIfFailed(s->device);
    if (bytes == 0) return;
    const Side to = sideOf(dst, bytes, &s->device, false, "cudaMemsetAsync");
    if (to.pageable()) refuse(cudaErrorInvalidValue, "cudaMemsetAsync: ", hex(dst), " is not device memory");
    s->submit([=, &d = s->device](BlockRunner&) {
      if (const Problem problem = checkNow(to, dst, bytes); !problem.empty())
        return fail(d.index, cudaErrorIllegalAddress, "cudaMemsetAsync: " + problem);
      const Access access(d.memory.region);
      std::memset(dst, value, bytes);
    });
  });
}
