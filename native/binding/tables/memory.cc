// Memory of a device.
#include <algorithm>

#include "binding/table.h"
#include "core/pinned.h"

namespace dtrain::binding {

namespace {

napi_value memoryStats(Device device) {
  const MemoryStats s = allocator(device).stats();
  const napi_env env = instance().env;
  return toObject(env, {{"live", toJs(env, s.live)},
                        {"peak", toJs(env, s.peak)},
                        {"cached", toJs(env, s.cached)},
                        {"budget", toJs(env, s.budget)},
                        {"wrappers", toJs(env, wrapperCount())},
                        {"minorCollections", toJs(env, instance().minorCollections)},
                        {"majorCollections", toJs(env, instance().majorCollections)},
                        {"systemAllocations", toJs(env, s.systemAllocations)}});
}

void resetPeakMemoryStats(Device device) { allocator(device).resetPeak(); }
void setMemoryBudget(double bytes, Device device) {
  check(bytes >= 0, Code::argument, "setMemoryBudget: expected a number of bytes, got ", bytes);
  allocator(device).setBudget(static_cast<int64_t>(std::min(bytes, 0x1p62)));
}
void emptyCache(Device device) {
  allocator(device).emptyCache();
  if (!device.isCpu()) pinnedAllocator().emptyCache();
}

Group group("memory");

DT_OP_AS(memoryStats, "MemoryStats", device);
DT_OP(resetPeakMemoryStats, device);
DT_OP(setMemoryBudget, bytes, device);
DT_OP(emptyCache, device);

}  // namespace
}  // namespace dtrain::binding
