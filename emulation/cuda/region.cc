// Committing and giving back the pages of a region, in steps, and with protect=1 the right to touch them.
#include "emulation/cuda/region.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "emulation/cuda/sanitizers.h"
#include "emulation/cuda/settings.h"

namespace emulation {

namespace {
constexpr size_t kStep = size_t{2} << 20;  // few system calls, and a round number of pages of any size
}

char* reserveAddresses(size_t bytes) {
  void* p = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? nullptr : static_cast<char*>(p);
}

bool Region::commit(size_t bytes) {
  const size_t wanted = (bytes + kStep - 1) / kStep * kStep;
  const std::lock_guard lock(mutex_);
  if (wanted <= committed_) return true;
  if (wanted > reserved) return false;
  char* from = base + committed_;
  const size_t more = wanted - committed_;
  if (mprotect(from, more, PROT_READ | PROT_WRITE) != 0) return false;
  showMemory(from, more);  // it may have been committed and hidden before
  std::memset(from, kPoison, more);
  hideMemory(from, more);
  if (settings().protect && open_ == 0) mprotect(from, more, PROT_NONE);
  committed_ = wanted;
  everCommitted_ = std::max(everCommitted_.load(), wanted);
  return true;
}

void Region::decommit(size_t bytes) {
  const size_t kept = (bytes + kStep - 1) / kStep * kStep;
  const std::lock_guard lock(mutex_);
  if (kept >= committed_) return;
  // A new mapping over the old one: it drops the pages and the right to touch them in one call.
  mmap(base + kept, committed_ - kept, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  committed_ = kept;
}

void Region::open() {
  if (!settings().protect) return;
  const std::lock_guard lock(mutex_);
  if (open_++ == 0) mprotect(base, committed_, PROT_READ | PROT_WRITE);
}

void Region::close() {
  if (!settings().protect) return;
  const std::lock_guard lock(mutex_);
  if (--open_ == 0) mprotect(base, committed_, PROT_NONE);
}

}  // namespace emulation
