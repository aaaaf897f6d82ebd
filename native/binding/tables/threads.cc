// Tensors on their way from one thread to another: both share the storage, nothing is copied. A given tensor waits
// under a number until a thread takes it, or until the worker thread it was given to or by has ended.
#include <mutex>
#include <unordered_map>

#include "binding/table.h"

namespace dtrain::binding {

namespace {

struct Given {
  Tensor x;
  int64_t worker;
};
struct Passing {
  std::mutex mutex;
  std::unordered_map<int64_t, Given> waiting;
  int64_t last = 0;
};
// Never destroyed: what still waits when the process ends must not be freed after the allocator.
Passing& passing() {
  static auto& made = *new Passing;
  return made;
}

int64_t give(const Tensor& x, int64_t worker) {
  Passing& p = passing();
  const std::lock_guard lock(p.mutex);
  p.waiting.emplace(++p.last, Given{alias(x), worker});
  return p.last;
}

Tensor takeGiven(int64_t number) {
  Passing& p = passing();
  const std::lock_guard lock(p.mutex);
  auto found = p.waiting.extract(number);
  check(!found.empty(), Code::internal, "takeGiven: no tensor waits under ", number);
  return found.mapped().x;
}

void takeBack(int64_t worker) {
  Passing& p = passing();
  const std::lock_guard lock(p.mutex);
  std::erase_if(p.waiting, [&](const auto& entry) { return entry.second.worker == worker; });
}

Group group("threads");

// The number to send to the other thread. `worker`: the thread that must be alive for somebody to take it.
DT_OP(give, x, worker);
DT_OP(takeGiven, number);
// Lets go of all that waits for this worker or came from it.
DT_OP(takeBack, worker);

}  // namespace
}  // namespace dtrain::binding
