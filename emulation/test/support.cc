// A gate that holds a stream until the test opens it.
#include "emulation/test/support.h"

#include <condition_variable>
#include <mutex>

namespace dtrain::test {

struct Gate::State {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
};

Gate::Gate(cudaStream_t stream) : state_(std::make_shared<State>()) {
  ok(emulation::enqueue(stream, [state = state_] {
    std::unique_lock lock(state->mutex);
    state->changed.wait(lock, [&] { return state->open; });
  }));
}

void Gate::open() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->open = true;
  }
  state_->changed.notify_all();
}

}  // namespace dtrain::test
